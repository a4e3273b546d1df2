"""Single calls: hostile schemas of tools do not take the verdict down with them."""

import pytest

from fc_distilabel.errors import SchemaError
from fc_distilabel.types import Blueprint, Message, Persona, Scenario, Tool, ToolCall, Trajectory
from fc_distilabel.verifiers.arguments import arguments_valid, placed_calls, tools_offered


def trajectory(*names: str) -> Trajectory:
    """Calls of these names, one message each; `known` is offered."""
    scenario = Scenario(
        id="s",
        passage_id="p",
        document="d",
        domain="x",
        action="look_up",
        language="en",
        user_goal="g",
        evidence=(),
    )
    known = Tool(name="known", description="d", parameters={"$ref": "file:///x"}, returns={})
    blueprint = Blueprint(
        id="b",
        kind="single",
        scenario=scenario,
        persona=Persona(role="r", tone="t"),
        tools=(known,),
        facts=(),
        asked_calls=(),
        results=(),
    )
    calls = [ToolCall(id=f"c{i}", name=name, arguments={}) for i, name in enumerate(names)]
    messages = tuple(Message(role="assistant", tool_calls=(call,)) for call in calls)
    return Trajectory(blueprint=blueprint, messages=messages)


def test_calls_are_counted_through_the_conversation() -> None:
    """A call's number goes on from turn to turn."""
    placed = placed_calls(trajectory("known", "other", "known"))
    assert [(p.number, p.turn, p.tool is not None) for p in placed] == [
        (0, 0, True),
        (1, 1, False),
        (2, 2, True),
    ]


def test_a_tool_that_was_not_offered_is_named_with_the_choice() -> None:
    """The message says what could have been called."""
    [violation] = tools_offered(trajectory("known", "other"))
    assert violation.message == '"other" was not offered; offered: known'


def test_an_unusable_schema_is_somebodys_error() -> None:
    """A tool whose schema reaches outside is no flaw of the row: it raises."""
    with pytest.raises(SchemaError):
        list(arguments_valid(trajectory("known")))
