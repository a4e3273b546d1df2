"""What must hold of any blueprint, found out without the code that plans or checks them.

A blueprint is replayed: turn by turn, what the user has said, what calls carry over from the one
before and what results give must amount to exactly the calls that go out.
"""

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from fc_distilabel.schemas import lint_tools
from fc_distilabel.types import Blueprint, Json, Tool

Leaves = dict[tuple[str, ...], Json]
NO_CALL = ("irrelevant", "missing_function")


def flaws(schema: dict[str, Any], value: Json) -> list[str]:
    """What jsonschema, which is not our engine, finds wrong."""
    rules = Draft202012Validator(schema, format_checker=FormatChecker(["date", "email"]))
    return ["/".join(map(str, error.absolute_path)) for error in rules.iter_errors(value)]


def leaves(value: Json, keys: tuple[str, ...] = ()) -> Leaves:
    if isinstance(value, dict):
        return {
            k: v for name, each in value.items() for k, v in leaves(each, (*keys, name)).items()
        }
    if isinstance(value, list):
        named = {str(index): each for index, each in enumerate(value)}
        return leaves(named, keys)
    return {keys: value}


def at(value: Json, path: str) -> Json:
    for key in path.split("/"):
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def tools_of(blueprint: Blueprint) -> dict[str, Tool]:
    known = [*blueprint.tools, *([blueprint.missing] if blueprint.missing else [])]
    return {tool.name: tool for tool in known}


def require_sound(blueprint: Blueprint, *, linted: bool = True) -> None:
    require_tools(blueprint, linted)
    require_order(blueprint)
    require_schemas(blueprint)
    require_replay(blueprint)


def require_tools(blueprint: Blueprint, linted: bool) -> None:
    names = [tool.name for tool in blueprint.tools]
    assert names and len(set(names)) == len(names)
    assert not linted or lint_tools(blueprint.tools) == []
    assert set(blueprint.decided_by) <= set(names)
    assert (blueprint.missing is not None) == (blueprint.kind in NO_CALL)
    assert blueprint.missing is None or blueprint.missing.name not in names


def require_order(blueprint: Blueprint) -> None:
    """Calls go out once, in order; every turn ends as it must, the last by an answer."""
    count = len(blueprint.asked_calls)
    assert [call.id for call in blueprint.asked_calls] == [f"call_{i}" for i in range(count)]
    made = [i for turn in blueprint.exchanges for group in turn.rounds for i in group]
    assert made == list(range(len(blueprint.gold_calls)))
    assert blueprint.exchanges[0].intent == "request"
    assert all(turn.intent != "request" for turn in blueprint.exchanges[1:])
    for turn in blueprint.exchanges:
        assert bool(turn.about) == (turn.ends in ("ask", "refuse"))
        assert bool(turn.rounds) == (turn.ends == "tell")
    assert blueprint.exchanges[-1].ends == ("decline" if blueprint.missing else "tell")


def require_schemas(blueprint: Blueprint) -> None:
    tools = tools_of(blueprint)
    for call in blueprint.asked_calls:
        assert flaws(tools[call.name].parameters, call.arguments) == []
    assert len(blueprint.results) == len(blueprint.gold_calls)
    for call, result in zip(blueprint.gold_calls, blueprint.results, strict=True):
        assert flaws(tools[call.name].returns, result) == []


def require_replay(blueprint: Blueprint) -> None:
    """What is said, carried over and given amounts to the calls, no more and no less."""
    said: dict[int, Leaves] = {}
    answered: list[int] = []
    for index, turn in enumerate(blueprint.exchanges):
        for fact in (f for f in blueprint.facts if f.turn == index):
            assert fact.said and fact.label
            number, *keys = fact.path.split("/")
            said.setdefault(int(number), {})[tuple(keys)] = fact.value
        for group in turn.rounds or ([(0,)] if blueprint.missing else []):
            for number in group:
                expected = carried(blueprint, number) | said.get(number, {})
                expected |= referred(blueprint, number, answered)
                assert expected == leaves(blueprint.asked_calls[number].arguments)
            answered += group
    assert set(said) <= set(answered)
    assert all(fact.turn < len(blueprint.exchanges) for fact in blueprint.facts)
    assert all(int(path.split("/")[0]) in answered for path in blueprint.references)


def carried(blueprint: Blueprint, number: int) -> Leaves:
    """The values of the call before, where it is of the same tool."""
    calls = blueprint.asked_calls
    if number and calls[number - 1].name == calls[number].name:
        return leaves(calls[number - 1].arguments)
    return {}


def referred(blueprint: Blueprint, number: int, answered: list[int]) -> Leaves:
    """The values that results give which are there by then."""
    found: Leaves = {}
    for path, reference in blueprint.references.items():
        call, *keys = path.split("/")
        if int(call) == number:
            assert reference.call in answered
            found[tuple(keys)] = at(blueprint.results[reference.call], reference.path)
    return found
