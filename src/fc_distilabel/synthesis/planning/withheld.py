"""Kinds in which the user leaves out what is needed: the assistant asks, and only then calls.

A value can be withheld if the call is not valid without it and nothing tells it: neither a default
nor the only choice there is, nor the words of the request. A flag is never asked for, since the
assistant may well take it as off.
"""

import re

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.engine import Validator
from fc_distilabel.schemas.places import Keys, found_at, place, without_value
from fc_distilabel.synthesis.arguments import Arguments, Value, values_of
from fc_distilabel.synthesis.planning.facts import changed_values, fact_of, facts_of, said_later
from fc_distilabel.synthesis.planning.offered import other_jobs, with_distractors
from fc_distilabel.synthesis.planning.setting import Plan, Setting, numbered
from fc_distilabel.types import Exchange, Fact, Intent
from fc_distilabel.verifiers.leaves import given_by_schema

TWO_WITHHELD = 0.15
"""How often two values are left out, where a third is there."""
_TELLS_DEFAULT = re.compile(r"default|默认|缺省", re.IGNORECASE)


def missing_parameter(setting: Setting) -> Plan:
    """The request lacks one value, rarely two; it is asked for and given."""
    [arguments] = setting.arguments()
    free = withholdable(setting, arguments)
    if not free:
        raise Dropped("no value to ask for", setting.needed.name)
    count = 2 if len(free) > 2 and setting.happens(TWO_WITHHELD) else 1
    withheld = [value.keys for value in setting.random.sample(free, count)]
    facts = said_later(facts_of(setting.toolset, [arguments]), withheld, 1)
    return _asked_back(setting, arguments, withheld, facts, "supply")


def changed_with_supply(setting: Setting) -> Plan:
    """Asked for a value that is lacking, the user gives it and has another one otherwise now."""
    before, after = setting.arguments(2, any_value=True)
    changed = changed_values(setting.toolset, before, after)
    free = [v for v in withholdable(setting, after) if v.keys != changed[0].keys]
    if not free:
        raise Dropped("no value to ask for", setting.needed.name)
    withheld = [setting.random.choice(free).keys]
    old = said_later(facts_of(setting.toolset, [before]), withheld, 1)
    new = [fact_of(value.leaf, 0, value.keys, setting.language, 1) for value in changed]
    return _asked_back(setting, after, withheld, (*old, *new), "change")


def _asked_back(
    setting: Setting,
    arguments: Arguments,
    withheld: list[Keys],
    facts: tuple[Fact, ...],
    intent: Intent,
) -> Plan:
    calls = numbered(setting.needed.name, [arguments])
    about = tuple(place(0, keys) for keys in withheld)
    return Plan(
        # What is a look-alike for the whole request may be right for one that lacks a value.
        tools=with_distractors(setting, [setting.needed], other_jobs(setting)),
        calls=calls,
        results=(setting.result(calls[0]),),
        facts=facts,
        exchanges=(Exchange(ends="ask", about=about), Exchange(intent=intent, rounds=((0,),))),
    )


def withholdable(setting: Setting, arguments: Arguments) -> list[Value]:
    """The values of a call that have to be asked for where the user does not say them."""
    needs = Validator(setting.needed.parameters)
    goal = setting.toolset.scenario.user_goal.casefold()
    return [
        value
        for value in values_of(setting.toolset, arguments)
        if not isinstance(value.leaf.value, bool)
        and not _is_told(value)
        and str(value.leaf.value).casefold() not in goal
        and not _is_in_list(arguments, value.keys)
        and needs.violations(without_value(arguments, value.keys))
    ]


def _is_told(value: Value) -> bool:
    """Whether the schema tells the value: its default, or all that it may be."""
    leaf = value.leaf
    default = "default" in leaf.schema or _TELLS_DEFAULT.search(leaf.description)
    return bool(default or given_by_schema(leaf))


def _is_in_list(arguments: Arguments, keys: Keys) -> bool:
    return any(isinstance(found_at(arguments, keys[:end]), list) for end in range(len(keys)))
