"""Judges for tests: conversations to judge, and functions that a `ScriptedLLM` answers by.

A script knows what it is asked to score by the shape of the reply, and a bad turn by a word in it
(`MARKS`), never by the words of the prompt.
"""

import json
from typing import Any

from fc_distilabel.synthesis.chat import ChatRequest
from fc_distilabel.types import Criterion, Language, Message, Tool, ToolCall, Trajectory

MARKS: dict[str, tuple[Criterion, int, str]] = {
    "999": ("answer_faithfulness", 1, "Told 999, returned 240."),
    "Paris": ("argument_faithfulness", 2, "Nobody said that city."),
    "STATUS": ("naturalness", 2, "It reads like a machine."),
}
"""A word in a turn, and what a judge of sense makes of it."""
SCRAWL = "bramble"
"""A word in a conversation on which the judge writes no judgement."""
WORDS: dict[Language, tuple[str, ...]] = {
    "en": ("Rome", "A hotel in Rome for two nights, please.", "The Adler costs 240 euros in all."),
    "zh": ("罗马", "请找一家罗马的酒店，住两晚。", "阿德勒酒店有房间，一共240欧元。"),
}


def tool(name: str, description: str) -> Tool:
    """A tool about a city, and nights there."""
    city = {"type": "string", "description": "Town."}
    nights = {"type": "integer", "description": "Nights.", "minimum": 1, "maximum": 30}
    parameters = {"type": "object", "properties": {"city": city, "nights": nights}}
    return Tool(name=name, description=description, parameters=parameters)


TOOLS = (tool("search_hotels", "Find hotels."), tool("rate_hotels", "Rate a hotel."))


def conversation(
    language: Language = "en", changes: dict[int, dict[str, Any]] | None = None
) -> Trajectory:
    """A sound conversation: system, user, call, result, answer; `changes` replace messages."""
    city, asked, answer = WORDS[language]
    call = ToolCall(name="search_hotels", arguments={"city": city, "nights": 2}, id="c0")
    result = json.dumps({"hotel": "Adler", "total": 240})
    messages = [
        Message(role="system", content="Today is 2026-03-01."),
        Message(role="user", content=asked),
        Message(role="assistant", tool_calls=(call,)),
        Message(role="tool", content=result, tool_call_id="c0", name="search_hotels"),
        Message(role="assistant", content=answer),
    ]
    for at, change in (changes or {}).items():
        messages[at] = Message.model_validate({"role": messages[at].role} | change)
    return Trajectory(tools=TOOLS, messages=tuple(messages))


def criteria(request: ChatRequest) -> list[Criterion]:
    """What the reply must score."""
    return [name for name in (request.response_schema or {})["properties"] if name != "reason"]


def all_well(request: ChatRequest) -> str:
    """A judge that finds everything good."""
    return scored(request, {}, "Nothing is wrong.")


def scored(request: ChatRequest, low: dict[Criterion, int], reason: str) -> str:
    """A judgement with these low scores, and 5 for everything else."""
    marks = {name: low.get(name, 5) for name in criteria(request)}
    return json.dumps({"reason": reason} | marks, ensure_ascii=False)


def sensible(request: ChatRequest) -> str:
    """A judge that knows the marks."""
    text = request.messages[0]["content"]
    if SCRAWL in text:
        return "I'd rather not say."
    for word, (name, low, reason) in MARKS.items():
        if word in text and name in criteria(request):
            return scored(request, {name: low}, reason)
    return all_well(request)


def wavering(request: ChatRequest) -> str:
    """A judge that is strict on some draws only: where the seed is odd."""
    low: dict[Criterion, int] = {"naturalness": 1, "intent_match": 1}
    return scored(request, low if request.seed % 2 else {}, "It depends on the day.")
