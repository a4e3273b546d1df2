"""A scripted chat model and made toolsets, for the tests of synthesis.

The model knows a request by the shape of the reply that is asked for, never by a prompt's words, so
that prompts may change without a test noticing.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.assistant_tasks import task_of
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.synthesis.sampling import say, short_label
from fc_distilabel.synthesis.talk import Talk, opened
from fc_distilabel.synthesis.toolsets import synthesize_toolset
from fc_distilabel.synthesis.user_notes import notes_of
from fc_distilabel.types import (
    Blueprint,
    Evidence,
    Exchange,
    Fact,
    Json,
    Language,
    Message,
    Scenario,
    Stage,
    ToolCall,
    Toolset,
)
from fc_distilabel.verifiers.leaves import Leaf, leaves

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
    sorts = ("requests", "parameters", "message", "reply", "answer")
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


def told(blueprint: Blueprint, exchange: Exchange | None = None) -> list[str]:
    """The values that an answer must hold, in words: those of the last round of calls."""
    language = blueprint.scenario.language
    tools = {tool.name: tool for tool in blueprint.tools}
    rounds = (exchange or blueprint.turns[-1]).rounds
    values = []
    for number in rounds[-1] if rounds else ():
        schema = tools[blueprint.asked_calls[number].name].returns
        found = leaves(Leaf("", blueprint.results[number], schema, False, ""), schema)
        values += [say(leaf.value, leaf.schema, language) for leaf in found]
    return values


def facts_of(blueprint: Blueprint, turn: int) -> list[Fact]:
    """What the user says in a turn."""
    return [f for f in blueprint.facts if f.turn == turn and f.told_by == "user"]


def good_message(blueprint: Blueprint, turn: int = 0) -> str:
    """A user's message that says everything of its turn."""
    said = [fact.said for fact in facts_of(blueprint, turn)]
    goal = blueprint.scenario.user_goal
    if blueprint.scenario.language == "zh":
        if turn:
            wish = notes_of(blueprint, turn).wish
            opening = f"请{wish}：" if wish else ("请按这个办：", "最后再来一个：")[turn > 1]
            return f"{opening}{'、'.join(said)}，谢谢。"
        return f"{goal}，要求是{'、'.join(said)}，谢谢。" if said else f"请帮我{goal}。"
    if turn:
        wish = notes_of(blueprint, turn).wish
        opening = (
            f"Please {wish}:" if wish else ("Please take", "And one last time, with")[turn > 1]
        )
        return f"{opening} {', '.join(said)} then, thanks."
    return f"{goal}, please: {', '.join(said)}, thanks." if said else f"{goal}, please."


def good_answer(blueprint: Blueprint, turn: int = -1) -> str:
    """What a good assistant says at the end of an exchange."""
    turn %= len(blueprint.turns)
    exchange, chinese = blueprint.turns[turn], blueprint.scenario.language == "zh"
    if exchange.ends == "decline":
        return "抱歉，我现有的工具无法办理。" if chinese else "Sorry, I cannot do that."
    if exchange.ends in ("ask", "refuse"):
        return task_of(talk_until(blueprint, turn), turn).notes()
    rest = [fact.said for fact in blueprint.facts if fact.turn <= turn]
    words = [*_labels(blueprint, exchange), *told(blueprint, exchange), *rest]
    return f"已为您查到{'、'.join(words)}。" if chinese else f"Done: {', '.join(words)}."


def talk_until(blueprint: Blueprint, turn: int) -> Talk:
    """A good conversation up to where the assistant ends an exchange."""
    talk = opened(blueprint, (7,))
    for number, exchange in enumerate(blueprint.turns[: turn + 1]):
        if number:
            words = good_answer(blueprint, number - 1)
            talk.said(Message(role="assistant", content=words))
        talk.said(Message(role="user", content=good_message(blueprint, number)))
        for numbers in exchange.rounds:
            talk.called(numbers)
    return talk


def _labels(blueprint: Blueprint, exchange: Exchange) -> list[str]:
    tools = {tool.name: tool for tool in blueprint.tools}
    found = []
    for number in exchange.rounds[-1]:
        schema = tools[blueprint.asked_calls[number].name].returns
        values = leaves(Leaf("", blueprint.results[number], schema, False, ""), schema)
        found += [short_label(leaf.schema, leaf.name) for leaf in values]
    return found


def as_reply(calls: Sequence[ToolCall]) -> list[Json]:
    """Calls as a model writes them."""
    return [{"name": c.name, "arguments": c.arguments} for c in calls]


def gold_replies(blueprint: Blueprint) -> list[Json]:
    """What a good assistant calls whenever it is asked, in order; first for what is missing."""
    if blueprint.missing:
        return [as_reply(blueprint.asked_calls)[0], []]
    rounds = [r for e in blueprint.turns for r in (e.rounds or ((),))]
    return [as_reply([blueprint.asked_calls[n] for n in numbers]) for numbers in rounds]


def good(blueprint: Blueprint, **changes: Replies) -> Scripted:
    """A model that does everything right, but for the changes."""
    turns = range(len(blueprint.turns))
    replies: dict[str, Replies] = {
        "message": [{"message": good_message(blueprint, turn)} for turn in turns],
        "calls": gold_replies(blueprint),
        "reply": [{"reply": good_answer(blueprint, turn)} for turn in turns],
    }
    return Scripted(**replies | changes)
