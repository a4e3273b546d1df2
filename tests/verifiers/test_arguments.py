"""Single calls: hostile schemas of tools do not take the verdict down with them."""

from fc_distilabel.types import Message, Tool, ToolCall, Trajectory
from fc_distilabel.verifiers.arguments import arguments_valid, placed_calls


def trajectory(*names: str) -> Trajectory:
    """Calls of these names, one message each; `known` is offered."""
    known = Tool(name="known", description="d", parameters={"$ref": "file:///x"})
    calls = [ToolCall(id=f"c{i}", name=name, arguments={}) for i, name in enumerate(names)]
    messages = tuple(Message(role="assistant", tool_calls=(call,)) for call in calls)
    return Trajectory(tools=(known,), messages=messages)


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
    [violation] = arguments_valid(trajectory("other"))
    assert violation.rule == "tool-not-offered"
    assert violation.message == '"other" was not offered; offered: known'


def test_an_unusable_schema_is_a_violation_of_each_call() -> None:
    """A tool whose schema reaches outside judges nothing, and the row cannot be trained on."""
    found = list(arguments_valid(trajectory("known", "known")))
    assert [(v.rule, v.path) for v in found] == [("unusable-schema", "0"), ("unusable-schema", "1")]
    assert "file:///x" in found[0].message
