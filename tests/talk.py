"""A scripted chat model and made toolsets, for the tests of synthesis.

The model knows a request by the shape of the reply that is asked for, never by a prompt's words, so
that prompts may change without a test noticing.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.synthesis.sampling import say, short_label
from fc_distilabel.synthesis.toolsets import synthesize_toolset
from fc_distilabel.types import Blueprint, Evidence, Json, Language, Scenario, Stage, Toolset

T = TypeVar("T")
Reply = Any  # JSON, text that is none, or a whole Completion
Replies = list[Reply] | Callable[[ChatRequest], Reply]


class Scripted:
    """A `ChatModel` that answers each sort of request by a function, or from a list in order."""

    identity = "scripted"

    def __init__(self, **replies: Replies) -> None:
        self.requests: list[ChatRequest] = []
        self._replies = replies

    async def complete(self, request: ChatRequest) -> Completion:
        """The next reply; the last of a list is given again and again."""
        earlier = len(self.asked(sort_of(request)))
        self.requests.append(request)
        replies = self._replies[sort_of(request)]
        if callable(replies):
            return _completion(replies(request))
        return _completion(replies[min(earlier, len(replies) - 1)])

    def asked(self, sort: str) -> list[str]:
        """The prompts of the requests of a sort, in order."""
        return [r.messages[0]["content"] for r in self.requests if sort_of(r) == sort]


def sort_of(request: ChatRequest) -> str:
    """What is asked for, by the fields of the reply; `calls` where they are those of a tool."""
    properties = (request.response_schema or {}).get("properties", {})
    sorts = ("request", "parameters", "message", "reply", "answer")
    return next((sort for sort in sorts if sort in properties), "calls")


def _completion(reply: Reply) -> Completion:
    if isinstance(reply, Completion):
        return reply
    text = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
    return Completion(text=text, prompt_tokens=10, completion_tokens=5, seconds=0.5)


def asker(
    model: Scripted, language: Language = "en", stage: Stage = "dialogue", row: int = 0
) -> Asker:
    """A row's line to the model."""
    return Asker(model, stage, language, (7, row))


def run(work: Coroutine[Any, Any, T]) -> T:
    """The outcome of a coroutine."""
    return asyncio.run(work)


def drop_of(work: Coroutine[Any, Any, Any]) -> Dropped:
    """The drop that the coroutine must end in."""
    try:
        outcome = run(work)
    except Dropped as dropped:
        return dropped
    raise AssertionError(f"not dropped: {outcome}")


GOALS: dict[Language, str] = {
    "en": "Find a table at the harbour restaurant",
    "zh": "查询海港餐厅的空位",
}
EVIDENCE: dict[Language, str] = {
    "en": "Guests of the harbour restaurant may ask for a table at Anchor Terrace.",
    "zh": "海港餐厅的客人可以在船锚露台订位。",
}
TEXT: dict[Language, dict[str, list[str]]] = {
    "en": {
        "text": ["Anchor Terrace", "Pier Garden", "Room 12"],
        "choice": ["window seat", "bar_stool", "corner sofa"],
        "whole_number": ["2", "4", "11"],
        "amount": ["15", "12.50", "1,200.75"],
    },
    "zh": {
        "text": ["船锚露台", "码头花园", "12号包间"],
        "choice": ["靠窗座", "吧台座", "角落沙发"],
        "whole_number": ["2", "4", "11"],
        "amount": ["15", "12.50", "1,200.75"],
    },
}
LABELS: dict[Language, list[str]] = {
    "en": ["Wish of the guest", "Second wish", "Last wish"],
    "zh": ["客人的要求", "其次要求", "最后要求"],
}
SHAPES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("visit_date", "date"), ("place", "text"), ("guests", "whole_number")),
    (("first_date", "date"), ("last_date", "date"), ("seat", "choice")),
    (("opening_time", "time"), ("closing_time", "time"), ("budget", "amount")),
    (("guest_name", "person_name"), ("mobile", "phone"), ("contact", "email")),
    (("town", "city"), ("home", "street_address"), ("booking_code", "code")),
    (("first_date", "date"), ("last_date", "date")),
)
"""Parameters `(name, kind)` of made tools; together they have every kind."""


def scenario(language: Language = "en", action: str = "look_up") -> Scenario:
    """A guest who wants a table."""
    return Scenario(
        id="scenario",
        passage_id="passage",
        document="harbour.md",
        domain="dining" if language == "en" else "餐饮",
        language=language,
        action=action,
        user_goal=GOALS[language],
        evidence=(Evidence(index=3, text=EVIDENCE[language]),),
    )


def field(language: Language, name: str, kind: str, description: str) -> dict[str, Json]:
    """A field as a model writes it."""
    examples = TEXT[language].get(kind)
    said = {"name": name, "kind": kind, "description": description}
    return said | ({"examples": examples} if examples else {})


def shorthand(
    language: Language = "en", shape: tuple[tuple[str, str], ...] = SHAPES[0], **changes: Json
) -> dict[str, Json]:
    """A function as a model writes it for `scenario(language)`."""
    english = language == "en"
    labels = LABELS[language]
    reply = {
        "name": "find_table",
        "subject": "a free table" if english else "空位",
        "description": "Find a free table." if english else "查找空位。",
        "parameters": [
            field(language, name, kind, labels[i]) for i, (name, kind) in enumerate(shape)
        ],
        "result": [
            field(language, "spot", "choice", "spot found" if english else "找到的座位"),
            field(language, "price", "amount", "price in dollars" if english else "价格（元）"),
        ],
    }
    return reply | changes


def toolset(
    language: Language = "en",
    shape: tuple[tuple[str, str], ...] = SHAPES[0],
    row: int = 0,
    **changes: Json,
) -> Toolset:
    """The toolset that synthesis makes of a `shorthand`."""
    model = Scripted(parameters=[shorthand(language, shape, **changes)])
    return run(synthesize_toolset(asker(model, language, "toolset", row), scenario(language)))


def told(blueprint: Blueprint) -> list[str]:
    """The values that an answer must hold, in words."""
    language = blueprint.scenario.language
    tools = {tool.name: tool for tool in blueprint.tools}
    values = []
    for call, result in zip(blueprint.gold_calls, blueprint.results, strict=True):
        fields = tools[call.name].returns["properties"]
        values += [say(result[name], schema, language) for name, schema in fields.items()]
    return values


def good_message(blueprint: Blueprint) -> str:
    """A user's message that says everything."""
    said = [fact.said for fact in blueprint.facts]
    goal = blueprint.scenario.user_goal
    if blueprint.scenario.language == "zh":
        return f"{goal}，要求是{'、'.join(said)}，谢谢。"
    return f"{goal}, please: {', '.join(said)}, thanks."


def good_answer(blueprint: Blueprint) -> str:
    """An assistant's answer that says everything, or that it cannot."""
    chinese = blueprint.scenario.language == "zh"
    if blueprint.missing:
        return "抱歉，我现有的工具无法办理。" if chinese else "Sorry, I cannot do that."
    called = next(t for t in blueprint.tools if t.name == blueprint.gold_calls[0].name)
    returned = called.returns["properties"].values()
    labels = [short_label(schema) for schema in returned]
    values = [*labels, *told(blueprint), *(fact.said for fact in blueprint.facts)]
    return f"已为您查到{'、'.join(values)}。" if chinese else f"Done: {', '.join(values)}."


def gold_reply(blueprint: Blueprint) -> Json:
    """The gold calls as a re-extraction gives them."""
    calls = [{"name": c.name, "arguments": c.arguments} for c in blueprint.asked_calls]
    return calls if blueprint.kind == "parallel" else calls[0]


def good(blueprint: Blueprint, **changes: Replies) -> Scripted:
    """A model that does everything right, but for the changes."""
    replies: dict[str, Replies] = {
        "message": [{"message": good_message(blueprint)}],
        "calls": [gold_reply(blueprint)],
        "reply": [{"reply": good_answer(blueprint)}],
    }
    return Scripted(**replies | changes)
