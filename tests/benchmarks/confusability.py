"""How confusable similar tools are, sort by sort, and how far the setting moves it.

    python tests/benchmarks/confusability.py [TOOLS.jsonl[.gz]]

For the tools of the built-in domains, and for real ones of MCP servers (or those of a file): the
least, median and most confusability of each sort's look-alikes, beside random pairs of tools; then
what is reached where 0.3, 0.5, 0.7 and 0.9 are asked for.
"""

import gzip
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import NamedTuple

from fc_distilabel.apis.confusability import definition, measure_confusability
from fc_distilabel.apis.domains import Domain, domains
from fc_distilabel.apis.embeddings import cosine
from fc_distilabel.apis.similar import SORTS, SimilarTool, similar_tools
from fc_distilabel.apis.worlds.operations import world_tools
from fc_distilabel.documents.language import guess_language
from fc_distilabel.schemas import read_tools
from fc_distilabel.types import Language, Tool

REAL = Path(__file__).parents[3] / "shared/data/validation/mcp_tools.jsonl.gz"
TARGETS = (0.3, 0.5, 0.7, 0.9)
EACH = 100
"""Tools of a source that are looked at."""


class Case(NamedTuple):
    """A tool and where it is from; random pairs are of different origins."""

    tool: Tool
    origin: str
    language: Language
    domain: Domain | None = None


def main(path: Path) -> int:
    """Print the figures of each source."""
    for language in ("en", "zh"):
        cases = [
            Case(tool, domain.name, language, domain)
            for domain in domains(language)
            for tool in world_tools(domain)
        ]
        report(f"built-in domains, {language}", cases)
    if path.is_file():
        report(path.name, [case for case in read(path) if case.language == "en"])
    else:
        print(f"{path.name}: not there")
    return 0


def read(path: Path) -> list[Case]:
    """The tools of a file of rows with `tools`."""
    opened: Callable[..., Iterable[str]] = gzip.open if path.suffix == ".gz" else open
    found: list[Case] = []
    for row in map(json.loads, opened(path, "rt", encoding="utf-8")):
        for tool in read_tools(row["tools"]).tools:
            language = guess_language(tool.description)
            found += [Case(tool, str(row["id"]), language)] if language else []
    return found


def report(title: str, cases: list[Case]) -> None:
    """Print the figures of one source."""
    random = Random(0)
    chosen = random.sample(cases, min(EACH, len(cases)))
    print(f"\n{title}: {len(chosen)} of {len(cases)} tools")
    pairs = random_pairs(cases, random)
    shown("random pairs", [measure_confusability(*pair).value for pair in pairs])
    base = median(cosine(definition(one), definition(other)) for one, other in pairs)
    print(f"  median cosine of random pairs {base:.2f}")
    for sort, values in by_sort(chosen).items():
        shown(sort, values)
    for target in TARGETS:
        settings(chosen, target)


def random_pairs(cases: list[Case], random: Random, count: int = 1000) -> list[tuple[Tool, Tool]]:
    """Pairs of tools of different origins."""
    drawn = [(random.choice(cases), random.choice(cases)) for _ in range(count)]
    return [(one.tool, other.tool) for one, other in drawn if one.origin != other.origin]


def by_sort(cases: list[Case]) -> dict[str, list[float]]:
    """The confusability of look-alikes, taken as they come, by sort."""
    found: dict[str, list[float]] = defaultdict(list)
    for sort in SORTS:
        for case in cases:
            made = similar_tools(
                case.tool, 3, Random(0), language=case.language, sorts=[sort], domain=case.domain
            )
            found[sort] += [measure_confusability(case.tool, each.tool).value for each in made]
    return found


def settings(cases: list[Case], target: float, count: int = 3) -> None:
    """Print what is reached where `target` is asked for."""
    start = time.perf_counter()
    made = [each for case in cases for each in asked(case, target, count)]
    took = time.perf_counter() - start
    values = [each.confusability.value for each in made if each.confusability]
    print(
        f"  asked for {target:.1f}: mean {mean(values):.2f}, "
        f"mean distance {mean(abs(value - target) for value in values):.2f}, "
        f"{len({each.sort for each in made})} sorts, {len(made)} tools, {len(cases) / took:.0f} "
        "needed tools/s"
    )


def asked(case: Case, target: float, count: int) -> tuple[SimilarTool, ...]:
    """The look-alikes of one tool at a setting."""
    return similar_tools(
        case.tool,
        count,
        Random(0),
        language=case.language,
        confusability=target,
        domain=case.domain,
    )


def shown(name: str, values: list[float]) -> None:
    """Print a distribution."""
    if values:
        print(
            f"  {name:<13} min {min(values):.2f}  median {median(values):.2f}  "
            f"max {max(values):.2f}  ({len(values)})"
        )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else REAL))
