"""The calls of a conversation beside those that its blueprint decided."""

from collections import Counter
from collections.abc import Iterator, Sequence

from fc_distilabel.registry import verifier
from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.types import Blueprint, Json, ToolCall, Trajectory, Violation, canonical_json
from fc_distilabel.verifiers.arguments import placed_calls


@verifier("gold_calls")
def gold_calls(trajectory: Trajectory) -> Iterator[Violation]:
    """The calls are those of the blueprint, round by round; within a round in any order."""
    blueprint = trajectory.blueprint
    if blueprint is None:
        return
    gold = [spelled(call) for call in blueprint.gold_calls]
    made = [spelled(placed.call) for placed in placed_calls(trajectory)]
    if made == gold:
        return
    missing, extra = Counter(gold) - Counter(made), Counter(made) - Counter(gold)
    for call in missing.elements():
        yield Violation(
            rule="gold-missing", path="", message=f"the blueprint's call {call} is not made"
        )
    for call in extra.elements():
        path = str(made.index(call))
        yield Violation(
            rule="gold-extra", path=path, message=f"the call {call} is not the blueprint's"
        )
    if not (missing or extra or _in_rounds(made, gold, blueprint)):
        yield Violation(
            rule="gold-order", path="", message="the calls are not in the blueprint's order"
        )


def _in_rounds(made: Sequence[str], gold: Sequence[str], blueprint: Blueprint) -> bool:
    """Whether the calls of each round stand before those of the next."""
    start = 0
    for round_ in (round_ for turn in blueprint.turns for round_ in turn.rounds):
        due = Counter(gold[index] for index in round_ if 0 <= index < len(gold))
        if Counter(made[start : start + len(round_)]) != due:
            return False
        start += len(round_)
    return True


def spelled(call: ToolCall) -> str:
    """One spelling per call: `2.0` is `2`, as everywhere in JSON."""
    if refuse(call.arguments):
        return f"{call.name}(not JSON)"
    return f"{call.name}({canonical_json(plain_numbers(call.arguments))})"


def plain_numbers(value: Json) -> Json:
    """The value with whole numbers as integers."""
    if isinstance(value, dict):
        return {key: plain_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain_numbers(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def same(one: Json, other: Json) -> bool:
    """Whether two values are equal as JSON; what is no JSON equals nothing."""
    if refuse(one) or refuse(other):
        return False
    return canonical_json(plain_numbers(one)) == canonical_json(plain_numbers(other))
