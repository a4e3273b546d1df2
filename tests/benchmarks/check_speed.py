"""How fast calls are judged, beside jsonschema and beside the plain engine: ratios of one run.

    python tests/benchmarks/check_speed.py [ROWS.jsonl[.gz] ...]

Rows hold `tools` and `call` or `gold_calls`. Validators are made once per tool for all three; every
violation is listed, not only whether there is one. Ours adds the bounds on hostile values, the name
of the tool and messages with what was allowed.
"""

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import jsonschema_rs

from fc_distilabel.schemas.closing import closed
from fc_distilabel.types import Tool, ToolCall
from fc_distilabel.verifiers.toolbox import Toolbox

DATA = Path(__file__).parents[3] / "shared/data/validation"
ROUNDS = 10


class Case(NamedTuple):
    """One call, ready for each of the three."""

    call: ToolCall
    toolbox: Toolbox
    peer: Any
    engine: Any


def main(paths: list[Path]) -> int:
    """Measure each file."""
    if not paths:
        paths = [DATA / f"{name}.jsonl.gz" for name in ("bfcl_cases", "acebench_en", "mcp_mutants")]
        paths.append(DATA / "acebench_en_mutants.jsonl.gz")
    for path in paths:
        if not path.is_file():
            print(f"{path.name}: not there")
            continue
        cases = list(read(path))
        report(path.name, cases)
    return 0


def read(path: Path) -> Iterator[Case]:
    """The calls of offered tools with an object of arguments."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:  # type: ignore[operator]
        for row in map(json.loads, lines):
            functions = {tool["function"]["name"]: tool["function"] for tool in row["tools"]}
            for call in [row["call"]] if "call" in row else row.get("gold_calls") or ():
                function = functions.get(call.get("name"))
                if function and isinstance(call.get("arguments"), dict):
                    yield case(function, call)


def case(function: dict[str, Any], call: dict[str, Any]) -> Case:
    """The validators of one call's tool."""
    schema = closed(function.get("parameters", {}))
    tool = Tool(name=function["name"], description="", parameters=function.get("parameters", {}))
    return Case(
        call=ToolCall(name=call["name"], arguments=call["arguments"]),
        toolbox=Toolbox([tool]),
        peer=jsonschema.Draft202012Validator(
            schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        ),
        engine=jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True),
    )


def report(name: str, cases: list[Case]) -> None:
    """Print the best of several rounds, in which the three take turns."""
    judges: dict[str, Callable[[Case], Any]] = {
        "jsonschema": lambda c: list(c.peer.iter_errors(c.call.arguments)),
        "plain engine": lambda c: list(c.engine.iter_errors(c.call.arguments)),
        "ours": lambda c: c.toolbox.violations(c.call, "0"),
    }
    broken = sum(bool(judges["ours"](c)) for c in cases)
    took: dict[str, list[float]] = {judge: [] for judge in judges}
    for _ in range(ROUNDS):
        for judge, work in judges.items():
            start = time.perf_counter()
            for one in cases:
                work(one)
            took[judge].append(time.perf_counter() - start)
    best = {judge: min(times) for judge, times in took.items()}
    rates = ", ".join(f"{judge} {len(cases) / s:,.0f}/s" for judge, s in best.items())
    print(
        f"{name}: {len(cases):,} calls, {broken / len(cases):.0%} invalid; {rates}; "
        f"ours = {best['jsonschema'] / best['ours']:.1f} x jsonschema, "
        f"{best['plain engine'] / best['ours']:.2f} x the plain engine"
    )


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
