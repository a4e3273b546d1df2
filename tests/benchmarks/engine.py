"""Does the engine keep an endpoint busy, and is nothing lost on the way? Prints a table.

    python tests/benchmarks/engine.py [--quick] [--out RESULTS.json]

A fake endpoint is bound to one core and each client to another. Our step, with its journal, is held
against a bare loop that makes the same calls, and against distilabel's own task. They take turns,
and what counts is their ratio within a turn: the machine may be as busy as it likes. `busy` is the
mean number of requests in flight, as the endpoint counts them from the first request to the last
answer, over the number allowed. `--quick` is small and says nothing: it is for tests.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from engine_bare import CLIENT
from engine_load import FORBIDDEN, Load
from engine_report import Aim, show
from typing_extensions import Self

from fc_distilabel.testing import Behaviour, FakeEndpointProcess

CONTENDERS = ("ours", "bare", "distilabel")
FAULTS = {"429": 0.05, "500": 0.02, "hang": 0.01, "garbage": 0.03}
HEAVY_TAIL = 1.0
LAST_WORDS = 4000
"""Characters of an error that are shown."""
Result = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How large everything is."""

    turns: int = 3
    widths: tuple[int, ...] = (64, 256)
    latency: float = 0.2
    windows: int = 5
    """Dialogues for each place in flight; distilabel's task goes batch by batch, and gets one."""
    rows: tuple[int, ...] = (500, 2_000, 10_000)
    faulty: int = 256
    refused: int = 512
    refused_every: int = 64
    timeout: float = 60.0
    impatience: float = 5.0
    """The time-out where requests hang."""


QUICK = Plan(1, (8,), 0.01, 2, (20, 40), 16, 16, 8, impatience=1.0)


class Child:
    """A contender in a process of its own, as a context manager."""

    def __init__(self, contender: str, core: int) -> None:
        script = Path(__file__).with_name("engine_child.py")
        self.contender = contender
        self._command = [sys.executable, "-W", "ignore", str(script), contender, str(core)]

    def __enter__(self) -> Self:
        """Start it; several import side by side what they need."""
        pipe = subprocess.PIPE
        # What its libraries complain of is shown only where it matters.
        self._errors = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            self._command, stdin=pipe, stdout=pipe, stderr=self._errors, text=True
        )
        return self

    def wait(self) -> None:
        """Wait until it is ready."""
        self._answer()

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.communicate()
        self._errors.close()

    def run(self, behaviour: Behaviour, core: int, **job: Any) -> Result:
        """Do one job against an endpoint of its own; what either side saw of it."""
        with (
            FakeEndpointProcess("engine_load:echo", behaviour=behaviour, core=core) as endpoint,
            tempfile.TemporaryDirectory() as folder,
        ):
            job |= {"url": endpoint.base_url, "store": str(Path(folder, "run.db"))}
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            result = json.loads(self._answer())
            seen = endpoint.counters
        result |= {"busy": seen.mean_in_flight / job["width"], "endpoint": asdict(seen)}
        return result | {"cpu ms a call": 1000 * result["cpu"] / seen.requests}

    def _answer(self) -> str:
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            self._errors.seek(0)
            raise SystemExit(f"{self.contender} ended early:\n{self._errors.read()[-LAST_WORDS:]}")
        return line


class Bench:
    """Runs the parts of the benchmark, each to a part of the results."""

    def __init__(self, plan: Plan) -> None:
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [-1]
        self.plan = plan
        self.endpoint_core, self.client_core = cores[0], cores[-1]

    def run(self) -> Result:
        """All of it."""
        with ExitStack() as stack:
            children = {
                name: stack.enter_context(Child(name, self.client_core)) for name in CONTENDERS
            }
            for child in children.values():
                child.wait()
            return {
                "dialogues": self._dialogues(children),
                "faults": self._faults(children["ours"]),
                "refused": self._refused(children),
                "rows": self._rows(),
            }

    def _do(self, child: Child, load: Load, width: int, **options: Any) -> Result:
        timeout = options.pop("timeout", self.plan.timeout)
        behaviour = Behaviour(latency=self.plan.latency, **options)
        self._say(f"{child.contender}: {load.dialogues} dialogues, {width} in flight")
        return child.run(
            behaviour, self.endpoint_core, load=asdict(load), width=width, timeout=timeout
        )

    def _dialogues(self, children: dict[str, Child]) -> list[Result]:
        """Every contender at every width and latency."""
        cases = [
            {"in flight": width, "latency": name, "sigma": sigma, "turns": []}
            for width in self.plan.widths
            for name, sigma in (("log-normal", HEAVY_TAIL), ("constant", 0.0))
        ]
        for _ in range(self.plan.turns):
            for case in cases:
                case["turns"].append(self._turn(children, case["in flight"], case["sigma"]))
        return [case | summary(case["turns"]) for case in cases]

    def _turn(self, children: dict[str, Child], width: int, sigma: float) -> Result:
        many, one = (Load(width * times, 4, 8) for times in (self.plan.windows, 1))
        turn = {}
        for name, child in children.items():
            done = self._do(child, one if name == "distilabel" else many, width, sigma=sigma)
            turn[name] = {key: round(done[key], 4) for key in ("busy", "cpu ms a call", "wall")}
        return turn

    def _faults(self, ours: Child) -> Result:
        """Faults that pass: what is lost, doubled or wrong in the end."""
        load = Load(self.plan.faulty, 4, 8)
        done = self._do(
            ours,
            load,
            self.plan.widths[0],
            sigma=HEAVY_TAIL,
            shares=FAULTS,
            timeout=self.plan.impatience,
        )
        return {
            "requests": done["endpoint"]["requests"],
            "met": done["endpoint"]["faults"],
            "rows": load.dialogues,
            "lost": load.dialogues - done["finished"],
            "doubled": done["doubled"],
            "wrong": done["wrong"],
            "out of order": not done["in order"],
            "completions paid twice": done["endpoint"]["paid_twice"],
        }

    def _refused(self, children: dict[str, Child]) -> Result:
        """Rows that a content filter refuses for good: who else goes with them."""
        load = Load(self.plan.refused, 1, 2, self.plan.refused_every)
        ours = self._do(children["ours"], load, self.plan.widths[0], refuse=FORBIDDEN)
        theirs = self._do(children["distilabel"], load, load.dialogues, refuse=FORBIDDEN)
        return {
            "rows": load.dialogues,
            "refused": load.dialogues // self.plan.refused_every,
            "ours": {"finished": ours["finished"], "drops": ours["drops"]},
            "distilabel": {"finished": theirs["finished"]},
        }

    def _rows(self) -> Result:
        """What a row of one call costs, by how many come in at once; and the largest memory."""
        costs: dict[int, list[float]] = {rows: [] for rows in self.plan.rows}
        with Child("ours", self.client_core) as fresh:
            fresh.wait()
            for _ in range(self.plan.turns):
                for rows, each in costs.items():
                    done = self._do(fresh, Load(rows, 1, 1), self.plan.widths[0])
                    each.append(1000 * done["cpu"] / rows)
        cost = {str(rows): round(median(each), 3) for rows, each in costs.items()}
        return {"cpu ms a row": cost, "peak MB": round(done["peak MB"])}

    def _say(self, what: str) -> None:
        print(what, file=sys.stderr)


def summary(turns: list[Result]) -> Result:
    """Medians over the turns, and of the ratios within them."""
    over = {
        f"ours / {name}": round(median(t["ours"]["busy"] / t[name]["busy"] for t in turns), 3)
        for name in CONTENDERS[1:]
    }
    busy = {name: round(median(t[name]["busy"] for t in turns), 3) for name in CONTENDERS}
    cpu = {name: round(median(t[name]["cpu ms a call"] for t in turns), 2) for name in CONTENDERS}
    return {"busy": busy, "cpu ms a call": cpu, **over}


def aims(results: Result) -> list[Aim]:
    """What was asked for, and what is there."""
    found = []
    for case in results["dialogues"]:
        name = f"{case['in flight']} in flight, {case['latency']}"
        found.append(Aim(f"busy, ours / bare: {name}", case["ours / bare"], ">=", 0.95))
        if case["sigma"]:
            ratio = case["ours / distilabel"]
            found.append(Aim(f"busy, ours / distilabel: {name}", ratio, ">=", 4))
        found.append(Aim(f"client CPU ms a call: {name}", case["cpu ms a call"]["ours"], "<=", 2))
    costs = list(results["rows"]["cpu ms a row"].values())
    found.append(Aim("CPU a row, most / fewest rows", round(costs[-1] / costs[0], 2), "<=", 1.2))
    found.append(Aim("peak MB at the most rows", results["rows"]["peak MB"], "<=", 1024))
    faults, refused = results["faults"], results["refused"]
    bad = ("lost", "doubled", "wrong", "completions paid twice")
    found += [Aim(f"under faults, {what}", faults[what], "<=", 0) for what in bad]
    lost = refused["rows"] - refused["ours"]["finished"]
    found.append(Aim("rows dropped of those refused for good", lost, "==", refused["refused"]))
    return found


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, for tests")
    parser.add_argument("--out", type=Path, help="where the results go as JSON")
    given = parser.parse_args()
    plan = QUICK if given.quick else Plan()
    about = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "bare client": CLIENT,
        "plan": asdict(plan),
    }
    results = about | Bench(plan).run()
    results["aims"] = [aim.to_json() for aim in aims(results)]
    show(results)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
