"""Arguments -> facts: what the user says of them, where it belongs, and in which turn."""

from collections.abc import Sequence

from fc_distilabel.schemas.places import Keys, place, value_at
from fc_distilabel.synthesis.arguments import Arguments, Value, values_of
from fc_distilabel.synthesis.sampling import say, short_label
from fc_distilabel.types import Fact, Json, Language, Toolset
from fc_distilabel.verifiers.leaves import Leaf


def facts_of(
    toolset: Toolset,
    arguments: Sequence[Arguments],
    turns: Sequence[int] = (0,),
    first: int = 0,
) -> tuple[Fact, ...]:
    """What the user must say of calls that differ in few values, turn by turn.

    A value that all calls share is said once, at the first call. `turns` has the turn in which each
    call is asked for, the last for all further ones; `first` is the number of the first call.
    """
    facts = []
    for keys, leaf in values_of(toolset, arguments[0]):
        said: list[Json] = []
        for number, each in enumerate(arguments):
            value = value_at(each, keys)
            if value not in said:
                said.append(value)
                turn = turns[min(number, len(turns) - 1)]
                told = leaf._replace(value=value)
                facts.append(fact_of(told, first + number, keys, toolset.scenario.language, turn))
    return in_turn(facts)


def fact_of(leaf: Leaf, call: int, keys: Sequence[str], language: Language, turn: int = 0) -> Fact:
    """One value as the user says it."""
    return Fact(
        path=place(call, keys),
        label=short_label(leaf.schema, leaf.name),
        value=leaf.value,
        said=say(leaf.value, leaf.schema, language),
        turn=turn,
    )


def in_turn(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts in the order of their turns."""
    return tuple(sorted(facts, key=lambda fact: fact.turn))


def said_later(facts: Sequence[Fact], keys: Sequence[Keys], turn: int) -> tuple[Fact, ...]:
    """The facts, those of the first call at these places said in a later turn."""
    later = {place(0, each) for each in keys}
    moved = [f.model_copy(update={"turn": turn}) if f.path in later else f for f in facts]
    return in_turn(moved)


def changed_values(toolset: Toolset, before: Arguments, after: Arguments) -> list[Value]:
    """The values of a call that another call of the same shape has otherwise."""
    return [v for v in values_of(toolset, after) if value_at(before, v.keys) != v.leaf.value]
