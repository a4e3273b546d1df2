"""Does steering widen what a run covers? The same passages with and without it, no model.

    python tests/benchmarks/coverage.py [BLUEPRINTS] [PRESET]

Prints, for each number of candidates, the smallest share that a pair of kind and feature has of the
blueprints of its kind, the mean of all such shares, how many pairs lie below 5 %, and the time a
blueprint. Pairs that no tool allows are left out: the set of pairs is that of both runs together.
"""

import random
import sys
import time
from collections.abc import Iterator

from distilabel.pipeline import Pipeline

from fc_distilabel.apis.complexity import PRESETS
from fc_distilabel.apis.domains import domains
from fc_distilabel.apis.instances import instance_of
from fc_distilabel.apis.making import Making
from fc_distilabel.runs.coverage import Coverage, Covered, cells_of
from fc_distilabel.runs.mix import DEFAULT_MIX, assign_kinds
from fc_distilabel.steps import BlueprintPlanner
from fc_distilabel.steps.columns import Row
from fc_distilabel.types import (
    Blueprint,
    Json,
    Kind,
    Language,
    Scenario,
    Tool,
    Toolset,
    canonical_json,
)

PER_PASSAGE = 3
RESULT = {"type": "object", "properties": {"status": {"enum": ["done", "pending"]}}} | {
    "required": ["status"],
    "additionalProperties": False,
}
DRAWS = 12
LOW = 0.05


def main(blueprints: int, preset: int) -> int:
    """Plan the same rows with more and more candidates for each."""
    rows = list(passages(blueprints // PER_PASSAGE + 1, preset))
    figures = {}
    for candidates in (1, 4, 8, 16):
        began = time.perf_counter()
        figures[candidates] = covered(rows, candidates), time.perf_counter() - began
    found = {pair for each, _ in figures.values() for pair, share in shares(each) if share}
    for candidates, (each, seconds) in figures.items():
        had = sorted(share for pair, share in shares(each) if pair in found)
        print(
            f"candidates {candidates:2}: {each.rows} blueprints, {len(had)} pairs, smallest share "
            f"{had[0]:.3f}, mean {sum(had) / len(had):.3f}, {sum(s < LOW for s in had)} below "
            f"{LOW:.0%}, {1000 * seconds / each.rows:.1f} ms each"
        )
    return 0


def shares(covered: Covered) -> Iterator[tuple[tuple[str, str], float]]:
    """Each pair of kind and feature with its share of the kind's rows."""
    for kind, counts in covered.kinds.items():
        for feature, count in counts.items():
            yield (kind, feature), count / covered.counts["kind"][kind]


def covered(rows: list[Row], candidates: int) -> Covered:
    """What the blueprints cover."""
    step = BlueprintPlanner(name="it", pipeline=Pipeline(name="t"), candidates=candidates)
    coverage = Coverage()
    for row in next(step.process(rows)):
        if row["blueprint"]:
            coverage.add(cells_of(Blueprint.model_validate_json(row["blueprint"])))
    return coverage.covered()


def passages(count: int, preset: int, language: Language = "en") -> Iterator[Row]:
    """Toolsets of so many passages at a preset, each with its kinds."""
    making = Making(domains(language), PRESETS[preset], count, seed=1)
    kinds = assign_kinds(DEFAULT_MIX, count, PER_PASSAGE)
    for number, (made, wanted) in enumerate(zip(making, kinds, strict=True)):
        yield passage(number, made.tool, wanted, language)


def passage(number: int, tool: Tool, kinds: list[Kind], language: Language) -> Row:
    """A row as it comes to the planner; values are worded by code."""
    scenario = Scenario(
        id=f"s{number}",
        passage_id=f"p{number}",
        document="d",
        domain=tool.name.split("_")[1],
        language=language,
        action="check",
        user_goal=f"goal {number} {tool.name} wish {number}",
        evidence=(),
    )
    examples = {name: tuple(values) for name, values in values_of(tool, number).items()}
    tool = tool.model_copy(update={"returns": RESULT})
    toolset = Toolset(scenario=scenario, needed=tool, similar=(), examples=examples)
    return {"toolset": toolset.to_json(), "kinds": canonical_json(kinds)}


def values_of(tool: Tool, seed: int) -> dict[str, list[Json]]:
    """Some values for each text among the parameters, by its name."""
    found: dict[str, list[Json]] = {}
    for draw in range(DRAWS):
        pending = [("", instance_of(tool.parameters, random.Random(100 * seed + draw)))]
        while pending:
            name, value = pending.pop()
            if isinstance(value, dict):
                pending += value.items()
            elif isinstance(value, list):
                pending += [(name, item) for item in value]
            elif value is not None and value not in found.setdefault(f"parameters/{name}", []):
                found[f"parameters/{name}"].append(value)
    return found


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(arguments + [200, 3][len(arguments) :])))
