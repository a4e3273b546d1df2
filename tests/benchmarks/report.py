"""What the report finds of benchmarks, and what it costs.

    python tests/benchmarks/report.py [ROWS] [GIGABYTES]

Planted: questions of BFCL as they are, in paraphrases that share 13 words, in free paraphrases and
in Chinese (tests/cases/contamination.json), each with the calls of the benchmark and without, held
against all of BFCL that is open to this project. False alarms: the rows of other published sets
held against the same. Cost: seconds, memory and size of the page for ROWS made-up rows (5,000), and
for a file of GIGABYTES where that is given.
"""

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path[0] = str(TESTS)  # this file's folder has another `report`

from fc_distilabel.report.benchmarks import read_benchmark, spelled_calls  # noqa: E402
from fc_distilabel.report.contamination import Case, Contamination, by_rule, case_of  # noqa: E402
from report.made_runs import hotel_rows, write_run  # noqa: E402

DATA = TESTS.parents[1] / "shared/data"
BFCL = DATA / "validation/bfcl_cases.jsonl.gz"
OTHERS = (
    *("validation/acebench_en", "validation/toolalpaca"),
    *("trajectories/apibank", "trajectories/bfcl_multiturn"),
)
FORMS = ("asked", "shared", "reworded", "zh")
CHILD = """
import json, resource, sys, time
from pathlib import Path
from fc_distilabel.report import write_report
start = time.perf_counter()
write_report(Path(sys.argv[1]), sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_SELF)
size = (Path(sys.argv[1]) / "report.html").stat().st_size
peak = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(f"{time.perf_counter() - start:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of CPU), "
      f"{int(peak.split()[1]) / 1024:.0f} MiB, page {size / 1e6:.2f} MB")
"""


def main(rows: int, gigabytes: float) -> int:
    """Print the figures."""
    if BFCL.is_file():
        start = time.perf_counter()
        benchmark = Contamination(read_benchmark(str(BFCL)).questions)
        print(f"BFCL indexed in {time.perf_counter() - start:.1f} s")
        planted(benchmark)
        false_alarms(benchmark)
    with TemporaryDirectory() as folder:
        run = write_run(Path(folder) / "run", hotel_rows(rows), preset=3)
        cost(f"{rows:,} rows", run)
        if BFCL.is_file():
            cost(f"{rows:,} rows against BFCL", run, str(BFCL))
        if gigabytes:
            large = write_run(Path(folder) / "large", repeated(int(gigabytes * 1e9)))
            cost(f"a file of {gigabytes:g} GB", large)
    return 0


def planted(benchmark: Contamination) -> None:
    """How many of each form are found, and by which rules."""
    table = (TESTS / "cases/contamination.json").read_text(encoding="utf-8")
    questions: list[dict[str, Any]] = json.loads(table)["questions"]
    for form in FORMS:
        for with_calls in (False, True):
            cases = [_case(question, form, with_calls) for question in questions]
            hits = list(benchmark.hits(cases))
            told = f"{form}{', with its calls' if with_calls else ''}"
            print(f"  {told:<26} {len(hits)} of {len(cases)} found: {by_rule(hits)}")


def _case(question: dict[str, Any], form: str, with_calls: bool) -> Case:
    calls = spelled_calls(question["calls"]) if with_calls else ()
    return Case(question["id"], (question[form],), calls)


def false_alarms(benchmark: Contamination) -> None:
    """What is found in sets that others made."""
    for name in OTHERS:
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            cases = [case_of(json.loads(line)) for line in file]
        hits = list(benchmark.hits(cases))
        print(f"  {name:<26} {len(hits)} of {len(cases)} rows: {by_rule(hits)}")
        for hit in hits:
            print(f"    {hit.rule}: {hit.said[:80]!r} / {hit.asked[:80]!r}")


def repeated(size: int) -> Iterator[dict[str, Any]]:
    """Rows up to a size, each with an id of its own."""
    rows = list(hotel_rows(20_000))
    written = number = 0
    while written < size:
        row = rows[number % len(rows)]
        written += len(json.dumps(row, ensure_ascii=False).encode())
        number += 1
        yield row | {"id": f"{number:016x}"}


def cost(title: str, run: Path, *against: str) -> None:
    """Seconds and memory of a report in a process of its own (on Linux)."""
    program = [sys.executable, "-W", "ignore", "-c", CHILD, str(run), *against]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    print(f"{title}: {done.stdout.strip()}")


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(int(given[0]) if given else 5_000, float(given[1]) if given[1:] else 0))
