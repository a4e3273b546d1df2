"""Whether a blueprint fits together at all; of one that does not, nothing else can be judged."""

from collections.abc import Iterator

from fc_distilabel.types import Blueprint, Violation
from fc_distilabel.verifiers.kinds.places import place_of
from fc_distilabel.verifiers.kinds.talk import flaw


def misfits(blueprint: Blueprint) -> Iterator[Violation]:
    """What in a blueprint speaks of calls, results or turns that it does not have."""
    calls, turns = len(blueprint.gold_calls), blueprint.turns
    planned = sorted(index for turn in turns for round_ in turn.rounds for index in round_)
    if planned != list(range(calls)):
        yield _misfit(f"its turns plan the calls {planned}, but it has {calls}")
    if len(blueprint.results) != calls:
        yield _misfit(f"it has {len(blueprint.results)} results for {calls} calls")
    for fact in blueprint.facts:
        if not 0 <= fact.turn < len(turns):
            yield _misfit(f"{fact.path} is said in turn {fact.turn}, but it has {len(turns)}")
    paths = [fact.path for fact in blueprint.facts] + list(blueprint.references)
    for path in (*paths, *(path for turn in turns for path in turn.about)):
        if place_of(path, blueprint).call < 0:
            yield _misfit(f"{path} names no call of it")
    sources = [reference.call for reference in blueprint.references.values()]
    for index in (*sources, *blueprint.failed):
        if not 0 <= index < calls:
            yield _misfit(f"there is no result {index} of {calls}")


def _misfit(what: str) -> Violation:
    return flaw("blueprint", "", f"the blueprint does not fit together: {what}")
