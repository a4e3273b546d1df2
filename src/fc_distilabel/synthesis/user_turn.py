"""The user's message: worded by the model, accepted by code.

It is accepted only if every value that the user must state stands in it, nothing else does, and a
second look at nothing but the tools and the message (`extraction`) gives the gold calls again. So a
row says what its calls say, whichever model worded it.
"""

import re

from fc_distilabel.errors import Dropped
from fc_distilabel.prompts import render
from fc_distilabel.schemas.grammar import call_schema, closed_object
from fc_distilabel.synthesis.asking import Asker, first_complaint
from fc_distilabel.synthesis.data import message_examples
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.signatures import signature
from fc_distilabel.synthesis.wording import (
    copies_prompt,
    in_language,
    keeps_words,
    named_tools,
    text_field,
)
from fc_distilabel.types import Author, Blueprint, Json, ToolCall, canonical_json
from fc_distilabel.verifiers.grounding import unsupported_values

MESSAGES = 3
"""How many user messages are tried before the row is dropped; the last is in note form."""
MAX_MESSAGE = 400
GOAL_SHARE = 0.34
"""How much of the goal's words a message must keep, so that it still asks for the thing."""
COUNT_WORDS = "ID No. one two both each 1 2 一 两 两次 两个 两份 两张 两条 二"
"""Small words that count or label what is asked for; they are no invented values."""
WISHES = re.compile(
    r"\?|？|\b(please|could|can|would|want|need|like|help|wish|hoping)\b|请|想|要|帮|麻烦|能否|希望",
    re.IGNORECASE,
)
"""How a person puts a request; a message without any only states something."""
ROLE_FLIPS = re.compile(
    r"how can I (help|assist)|I('d| would) be happy to|as an AI|I can help you"
    r"|thank you for (using|choosing)|^(no|yes|sure|certainly|of course)\b|do you need to know"
    r"|I'll help|let me (help|check)|有什么可以帮|我来(帮|为)|帮(你|您)(计算|查|办|预|申)|好的，"
    r"|我可以帮您|很高兴为您|作为.{0,4}助手|请问您|感谢您的(支持|使用)"
    r"|为您(办理|查询|预订)|^(你|您)(是否)?(想|要|需要)",
    re.IGNORECASE,
)


async def user_message(asker: Asker, blueprint: Blueprint) -> tuple[str, Author]:
    """A message in the persona's words; failing that, one in note form, as terse users write.

    Raises `Dropped` when not even that gives the gold calls back.
    """
    for draw in range(MESSAGES - 1):
        try:
            message = await _write(asker, blueprint, draw)
            await _require_gold(asker, blueprint, message, draw)
        except Dropped:
            continue
        return message, "model"
    message = _note_form(blueprint)
    await _require_gold(asker, blueprint, message, MESSAGES - 1)
    return message, "code"


async def _write(asker: Asker, blueprint: Blueprint, draw: int) -> str:
    parallel = blueprint.kind == "parallel"
    examples = message_examples(asker.language, parallel)
    reply = await asker.json(
        "user_message",
        closed_object({"message": text_field(MAX_MESSAGE, 8)}),
        lambda reply: _complaint(reply["message"], blueprint),
        max_tokens=220,
        tries=2,
        draw=draw,
        persona=blueprint.persona,
        goal=_goal(blueprint),
        notes=_notes(blueprint),
        parallel=parallel,
        # Several examples, because a small model copies the one it always sees.
        example=examples[rng(*asker.seed_parts, "example", draw).randrange(len(examples))],
    )
    text: str = reply["message"]
    return text.strip()


def _goal(blueprint: Blueprint) -> str:
    return blueprint.scenario.user_goal.rstrip(".。?？")


def _notes(blueprint: Blueprint) -> dict[str, list[str]]:
    """`{label: [what to say, ...]}`; more than one where parallel calls differ."""
    notes: dict[str, list[str]] = {}
    for fact in blueprint.facts:
        notes.setdefault(fact.label, []).append(fact.said)
    return notes


def _note_form(blueprint: Blueprint) -> str:
    return render(
        "note_form",
        blueprint.scenario.language,
        goal=_goal(blueprint),
        notes=_notes(blueprint),
        parallel=blueprint.kind == "parallel",
    )


def _complaint(message: str, blueprint: Blueprint) -> str:
    language = blueprint.scenario.language
    said = [fact.said for fact in blueprint.facts]
    missing = [s for s in said if s.casefold() not in message.casefold()]
    invented = unsupported_values(message, [*said, blueprint.scenario.user_goal, COUNT_WORDS])
    named = named_tools(message, (tool.name for tool in blueprint.tools))
    flipped = (
        _greets_itself(message, said)
        or ROLE_FLIPS.search(message)
        or copies_prompt(message, _goal(blueprint))
    )
    return first_complaint(
        [
            f"these values are missing: {'; '.join(missing)}" if missing else "",
            f"these were not asked for: {'; '.join(invented)}" if invented else "",
            f"do not name functions: {named[0]}" if named else "",
            "write as the person who asks, not as the assistant" if flipped else "",
            "" if in_language(message, language, said) else "write in one language only",
            "" if _asks(message, blueprint) else "say clearly what you want done",
            "too long" if len(message) >= MAX_MESSAGE else "",
        ]
    )


def _greets_itself(message: str, said: list[str]) -> bool:
    """Whether the message opens with a value and a greeting: nobody greets the name they give."""
    return any(
        re.match(rf"{re.escape(s)}[，,]?\s*(您好|你好|(?i:hello|hi)\b)", message) for s in said
    )


def _asks(message: str, blueprint: Blueprint) -> bool:
    """Whether the message puts the request as one, and still speaks of its thing."""
    language = blueprint.scenario.language
    if not WISHES.search(message) and message[:2].lower() != _goal(blueprint)[:2].lower():
        return False
    return keeps_words(message, blueprint.scenario.user_goal, language, GOAL_SHARE)


async def _require_gold(asker: Asker, blueprint: Blueprint, message: str, draw: int) -> None:
    """Drop unless the tools and the message alone give the gold calls."""
    # Where the right tool is missing, it stands among the offered ones here: a message that gives
    # its call back asks for what none of them does.
    tools = (*blueprint.tools, blueprint.missing) if blueprint.missing else blueprint.tools
    parallel = blueprint.kind == "parallel"
    reply = await asker.json(
        "extraction",
        call_schema(tools, allow_none=False, parallel=parallel),
        lambda reply: "",
        max_tokens=320,
        temperature=0.0,
        draw=draw,
        tries=1,
        tools=[signature(tool) for tool in tools],
        message=message,
        parallel=parallel,
    )
    found = reply if isinstance(reply, list) else [reply]
    if _comparable(found) != _comparable([_bare(c) for c in blueprint.asked_calls]):
        raise Dropped("re-extraction differs from the gold calls", canonical_json(found))


def _bare(call: ToolCall) -> dict[str, Json]:
    return {"name": call.name, "arguments": call.arguments}


def _comparable(calls: list[dict[str, Json]]) -> list[str]:
    """Order of calls and case of letters do not count; 5 equals 5.0; empty is left out."""
    return sorted(canonical_json(_plain(call)).casefold() for call in calls)


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        members = {key: _plain(item) for key, item in value.items()}
        return {key: item for key, item in members.items() if item not in ("", None, {})}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
