"""Tools at every preset: are they sound, is the target reached, how fast; beside real sets.

    python tests/benchmarks/apis.py [COUNT]

Prints a line a preset and the figures of each beside its target. Speed is of one process.
"""

import gzip
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from fc_distilabel.apis.complexity import PRESETS, measure
from fc_distilabel.apis.domains import domains
from fc_distilabel.apis.instances import UnsatisfiableError, instance_of
from fc_distilabel.apis.making import Making
from fc_distilabel.apis.targets import TOLERANCE, side_by_side
from fc_distilabel.schemas import lint_tool
from fc_distilabel.types import Tool

DATA = Path(__file__).parents[3] / "shared/data/validation"
REAL = (("bfcl_cases", "live_"), ("acebench_en", ""), ("mcp_tools", ""))


def main(count: int) -> int:
    """Measure each preset, then the real sets."""
    for preset in PRESETS:
        report(preset, count)
    for name, category in REAL:
        path = DATA / f"{name}.jsonl.gz"
        found = measure(real(path, category)) if path.is_file() else None
        print(f"{name} {category}", found or "not there")
    return 0


def report(preset: int, count: int) -> None:
    """One preset: a line, and a line a figure."""
    making = Making((*domains("en"), *domains("zh")), PRESETS[preset], count, seed=1)
    begun = time.perf_counter()
    tools = [made.tool for made in making]
    rate = len(tools) / (time.perf_counter() - begun)
    flaws = sum(len(lint_tool(tool)) for tool in tools)
    rows = side_by_side(PRESETS[preset], making.ledger.measured())
    off = [name for name, wanted, got, share in rows if share and abs(wanted - got) > TOLERANCE]
    print(
        f"preset {preset}: {len(tools):,} tools, {rate:,.0f}/s, {making.duplicates} "
        f"near-duplicates left out, {flaws} lint findings, {satisfiable(tools):.1%} "
        f"satisfiable, off target: {', '.join(off) or 'none'}"
    )
    for name, wanted, got, _ in rows:
        print(f"    {name:18}{wanted:8.3f}{got:8.3f}")


def satisfiable(tools: Iterable[Tool]) -> float:
    """Share of tools with a valid instance for arguments and for the result."""
    found = [_has_instances(tool) for tool in tools]
    return sum(found) / max(1, len(found))


def _has_instances(tool: Tool) -> bool:
    try:
        instance_of(tool.parameters, random.Random(1))
        instance_of(tool.returns, random.Random(1))
    except UnsatisfiableError:
        return False
    return True


def real(path: Path, category: str) -> Iterator[Tool]:
    """The distinct tools of a real set."""
    seen: set[str] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for entry in row["tools"] if row["category"].startswith(category) else ():
                key = json.dumps(entry, sort_keys=True)
                if key not in seen:
                    seen.add(key)
                    parameters = entry["function"].get("parameters") or {}
                    yield Tool(name="t", description="", parameters=parameters)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
