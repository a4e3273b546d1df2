"""Rules on whole conversations: their order, results, answers and language."""

import json
import re
from collections.abc import Iterator, Sequence

from fc_distilabel.calls.parse import parse_json
from fc_distilabel.errors import Dropped
from fc_distilabel.registry import verifier
from fc_distilabel.schemas.bounds import show
from fc_distilabel.types import (
    Blueprint,
    Exchange,
    Json,
    Message,
    ToolCall,
    Trajectory,
    Violation,
    canonical_json,
)
from fc_distilabel.verifiers.arguments import placed_calls
from fc_distilabel.verifiers.exchanges import planned
from fc_distilabel.verifiers.grounding import unsupported_values
from fc_distilabel.verifiers.normalize import clean, stands_in
from fc_distilabel.verifiers.toolbox import toolbox

_FOLLOWERS = {
    "user": ("assistant",),
    "assistant": ("user", "assistant", "tool"),
    "tool": ("tool", "assistant"),
}
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN_WORD = re.compile(r"[A-Za-z]+")


@verifier("order")
def order(trajectory: Trajectory) -> Iterator[Violation]:
    """A conversation starts with the user, takes turns and ends with an answer."""
    messages = trajectory.messages
    before = ""
    opening = next((m.role for m in messages if m.role != "system"), "system")
    if opening != "user":
        yield _at(0, "opening", f"the conversation is opened by {opening}, but must be by a user")
    for index, message in enumerate(messages):
        if before in _FOLLOWERS and message.role not in _FOLLOWERS[before]:
            allowed = " or ".join(_FOLLOWERS[before])
            text = f"a {message.role} message follows {before}, but {allowed} must"
            yield _at(index, "order", text, message.role)
        elif message.role == before == "assistant":
            text = "two assistant messages in a row, which some chat templates refuse"
            yield _at(index, "order", text, severity="warning")
        if message.tool_calls and message.role != "assistant":
            yield _at(
                index, "order", f"a {message.role} message makes calls, but only the assistant may"
            )
        before = message.role
    yield from _ending(messages)


def _ending(messages: Sequence[Message]) -> Iterator[Violation]:
    last = messages[-1] if messages else Message(role="system")
    if last.role != "assistant" or last.tool_calls or not last.content.strip():
        text = "the conversation must end with an assistant message in words and without calls"
        yield _at(max(len(messages) - 1, 0), "ending", text, last.role)


@verifier("results")
def results(trajectory: Trajectory) -> Iterator[Violation]:
    """Each call gets exactly one result, right after it; ids are paired within their turn."""
    waiting: dict[str, ToolCall] = {}
    turn = 0
    for index, message in enumerate(trajectory.messages):
        if message.role == "tool":
            call = waiting.pop(message.tool_call_id, None)
            yield from _answered(index, message, call)
            continue
        yield from _unanswered(turn, waiting)
        turn, waiting = index, {call.id: call for call in message.tool_calls}
        if len(waiting) < len(message.tool_calls):
            ids = [call.id for call in message.tool_calls]
            yield _at(index, "call-id", f"calls of one message share an id: {show(ids)}", ids)
    yield from _unanswered(turn, waiting)


def _answered(index: int, message: Message, call: ToolCall | None) -> Iterator[Violation]:
    if call is None:
        text = f"the result for {show(message.tool_call_id)} answers no open call before it"
        yield _at(index, "orphan-result", text, message.tool_call_id)
    elif message.name and message.name != call.name:
        text = f"the result is named {show(message.name)}, but answers a call of {show(call.name)}"
        yield _at(index, "result-name", text, message.name)


def _unanswered(turn: int, waiting: dict[str, ToolCall]) -> Iterator[Violation]:
    for call in waiting.values():
        yield _at(
            turn,
            "missing-result",
            f"the call {show(call.id)} of {call.name} has no result",
            call.id,
        )


@verifier("call_ids")
def call_ids(trajectory: Trajectory) -> Iterator[Violation]:
    """An id names one call of the conversation; the policy `local` only warns of a second use."""
    severity = "error" if trajectory.policy.call_ids == "unique" else "warning"
    seen: dict[str, int] = {}
    for placed in placed_calls(trajectory):
        turn = seen.setdefault(placed.call.id, placed.turn)
        if turn != placed.turn:
            text = f"the call id {show(placed.call.id)} was used in messages/{turn} already"
            yield _at(placed.turn, "call-id", text, placed.call.id, severity=severity)


@verifier("results_valid")
def results_valid(trajectory: Trajectory) -> Iterator[Violation]:
    """Each result is JSON and valid under what its tool says that it returns."""
    box, names = toolbox(trajectory), dict[str, str]()
    for index, message in enumerate(trajectory.messages):
        names |= {call.id: call.name for call in message.tool_calls}
        tool = box.tool(message.name or names.get(message.tool_call_id, ""))
        if message.role != "tool" or tool is None or not tool.returns:
            continue
        try:
            value = parse_json(message.content)
        except Dropped as dropped:
            yield _at(index, "result-not-json", dropped.detail)
            continue
        yield from box.result_violations(tool.name, value, f"messages/{index}")


@verifier("answers_supported")
def answers_supported(trajectory: Trajectory) -> Iterator[Violation]:
    """What the assistant tells the user stands in the user's words or the results before it.

    Where it is to ask for a value or to refuse one, it may also say what the tool's schema says.
    """
    plan = planned(trajectory)
    for index, message in enumerate(trajectory.messages):
        if message.role != "assistant" or not message.content:
            continue
        sources = [m.content for m in trajectory.messages[:index] if m.role != "assistant"]
        if index in plan and plan[index].ends in ("ask", "refuse"):
            sources += _schemas(trajectory, plan[index])
        for value in unsupported_values(message.content, sources):
            text = f"the assistant states {show(value)}, which nothing before it says"
            yield _at(index, "unsupported", text, value)


def _schemas(trajectory: Trajectory, exchange: Exchange) -> list[str]:
    """What the offered tools of an exchange's values say of their parameters."""
    calls = trajectory.blueprint.asked_calls if trajectory.blueprint else ()
    heads = {path.partition("/")[0] for path in exchange.about}
    names = {call.name for index, call in enumerate(calls) if not heads or str(index) in heads}
    tools = [tool for tool in trajectory.tools if tool.name in names]
    return [canonical_json([tool.description, tool.parameters]) for tool in tools]


@verifier("tools_unnamed")
def tools_unnamed(trajectory: Trajectory) -> Iterator[Violation]:
    """Nobody names a function in conversation; a name that is an ordinary word may occur."""
    names = [t.name for t in trajectory.tools if not re.fullmatch("[A-Z]?[a-z]+", t.name)]
    for index, message in _spoken(trajectory):
        for name in names:
            if stands_in(name, message.content):
                yield _at(
                    index,
                    "tool-named",
                    f"the {message.role} says {show(name)}, a tool's name",
                    name,
                )


@verifier("language")
def language(trajectory: Trajectory) -> Iterator[Violation]:
    """A Chinese conversation is mostly Chinese; an English one has Chinese in its values only."""
    blueprint = trajectory.blueprint
    if blueprint is None:
        return
    if blueprint.scenario.language == "zh":
        yield from _mostly_chinese(trajectory, blueprint)
    else:
        yield from _without_chinese(trajectory, _value_text(blueprint))


def _mostly_chinese(trajectory: Trajectory, blueprint: Blueprint) -> Iterator[Violation]:
    for index, message in _spoken(trajectory):
        han, latin = _scripts(message.content)
        worded = _without_values(message, blueprint)
        if han < max(latin, 1) and not (worded and _is_chinese(worded)):
            text = f"only {han} Chinese characters beside {latin} Latin words"
            yield _at(index, "language", f"{text} in a Chinese conversation")


def _is_chinese(text: str) -> bool:
    """Whether words are mostly Chinese, or there are none: a bare value has no language."""
    han, latin = _scripts(text)
    return han >= max(latin, 1) or re.search(r"\w", text) is None


def _scripts(text: str) -> tuple[int, int]:
    """How many Chinese characters and Latin words a text has."""
    return sum(map(len, _HAN.findall(text))), len(_LATIN_WORD.findall(clean(text)))


def _without_values(message: Message, blueprint: Blueprint) -> str:
    """A user's words without the values in them, which may be all of a short reply."""
    text = message.content if message.role == "user" else ""
    for said in sorted((fact.said for fact in blueprint.facts), key=len, reverse=True):
        text = text.replace(said, " ")
    return text


def _without_chinese(trajectory: Trajectory, values: str) -> Iterator[Violation]:
    for index, message in _spoken(trajectory):
        for run in _HAN.findall(message.content):
            if run not in values:
                yield _at(index, "language", f"{show(run)} in an English conversation", run)


def _value_text(blueprint: Blueprint) -> str:
    """All values that speakers of either language may quote."""
    values = [call.arguments for call in blueprint.gold_calls] + list(blueprint.results)
    said = [fact.said for fact in blueprint.facts]
    return json.dumps([values, said], ensure_ascii=False)


def _spoken(trajectory: Trajectory) -> Iterator[tuple[int, Message]]:
    """The messages that people read: the user's, and the assistant's in words."""
    for index, message in enumerate(trajectory.messages):
        if message.role in ("user", "assistant") and message.content:
            yield index, message


def _at(
    index: int, rule: str, message: str, value: Json = None, severity: str = "error"
) -> Violation:
    place = {"rule": rule, "path": f"messages/{index}", "message": message}
    return Violation.model_validate({**place, "value": value, "severity": severity})
