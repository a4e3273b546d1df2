"""Values that the system message knows, so that the user need not say them: who, where, today.

A service knows its user's name and whereabouts, and what day it is. A request that leaves such a
value out is complete all the same, and the assistant takes the value from the system message.
"""

import random
import re
from collections.abc import Sequence

from fc_distilabel.apis.kinds import kind_of
from fc_distilabel.apis.naming import singular, words_of
from fc_distilabel.apis.sources import TODAY
from fc_distilabel.schemas.engine import violations
from fc_distilabel.schemas.places import Keys, call_and_keys, value_at, with_value
from fc_distilabel.synthesis.arguments import Arguments, Value, values_of
from fc_distilabel.synthesis.planning.tables import name_words, words
from fc_distilabel.types import Exchange, Fact, Toolset

SHARE = 0.4
"""How often a value that the system may know is told by it: few requests have such a value."""


def dated_today(toolset: Toolset, drawn: list[Arguments]) -> list[Arguments]:
    """Arguments whose only date is today, if that is what the date may mean."""
    dates = [v for v in values_of(toolset, drawn[0]) if v.group in ("date", "date-time")]
    if len(dates) != 1 or known_kind(toolset, dates[0]) != "date":
        return drawn
    keys, before, now = dates[0].keys, dates[0].leaf.value, TODAY.isoformat()
    today = [with_value(a, keys, now) if value_at(a, keys) == before else a for a in drawn]
    sound = not any(violations(toolset.needed.parameters, each) for each in today)
    return today if sound else drawn


def known_kind(toolset: Toolset, value: Value) -> str:
    """What a system knows of its user that the value may be (`city`), or ``."""
    leaf, table = value.leaf, name_words()
    kind, named = kind_of(leaf.name, leaf.schema), {*words_of(leaf.name)}
    known = {*table.context_words.get(kind, "").split()}
    around = {word for key in value.keys[:-1] for word in words_of(key)}
    if not named <= known or named == {"name"} or around - {*table.context_groups.split()}:
        return ""
    others = words(toolset.scenario.language).others
    foreign = kind != "date" and re.search(others, leaf.description, re.IGNORECASE)
    return "" if foreign else kind


def _is_of_a_person(toolset: Toolset) -> bool:
    """Whether the function is about somebody, whose name and city are not the user's."""
    about = {singular(word) for word in words_of(toolset.needed.name)}
    return not about.isdisjoint(name_words().people.split())


def told_by_system(
    toolset: Toolset,
    arguments: Arguments,
    facts: tuple[Fact, ...],
    exchanges: Sequence[Exchange],
    random_: random.Random,
) -> tuple[Fact, ...]:
    """The facts with one that the system message tells, where one can be.

    It is said at once, the same throughout, and not the only one that is said at first.
    """
    kinds = {v.keys: known_kind(toolset, v) for v in values_of(toolset, arguments)}
    person = _is_of_a_person(toolset)
    opening = [fact for fact in facts if fact.turn == 0]
    settled = [
        fact
        for fact in opening
        if _is_known(fact, kinds.get(_keys(fact), ""), person)
        and _is_settled(fact, facts, exchanges)
        and str(fact.value).casefold() not in toolset.scenario.user_goal.casefold()
    ]
    if not settled or len(opening) < 2:
        return facts
    chosen = random_.choice(settled)
    label = words(toolset.scenario.language).context[kinds[_keys(chosen)]]
    told = chosen.model_copy(update={"told_by": "system", "label": label})
    return tuple(told if fact is chosen else fact for fact in facts)


def _is_known(fact: Fact, kind: str, person: bool) -> bool:
    return fact.value == TODAY.isoformat() if kind == "date" else bool(kind) and not person


def _is_settled(fact: Fact, facts: Sequence[Fact], exchanges: Sequence[Exchange]) -> bool:
    """Whether nobody asks for the value, refuses it or states another one in its place."""
    again = [each for each in facts if each is not fact and _keys(each) == _keys(fact)]
    return not again and all(fact.path not in exchange.about for exchange in exchanges)


def _keys(fact: Fact) -> Keys:
    return call_and_keys(fact.path)[1]
