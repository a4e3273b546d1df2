"""Blueprint -> trajectory: a persona asks, the assistant calls, the world answers, it is told.

The user's message is accepted only if every value the user must state stands in it and a second
look at nothing but the tools and the message (`extraction`) gives the gold calls again. So a row
says what its calls say, whichever model worded it.
"""

import re

from fc_distilabel.errors import Dropped
from fc_distilabel.prompts import render
from fc_distilabel.schemas.grammar import call_schema
from fc_distilabel.synthesis.asking import Asker, first_complaint
from fc_distilabel.synthesis.data import message_examples
from fc_distilabel.synthesis.sampling import say
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.signatures import signature
from fc_distilabel.synthesis.wording import closed_object, copies_prompt, in_language, text_field
from fc_distilabel.types import (
    Blueprint,
    Json,
    Message,
    ToolCall,
    Trajectory,
    canonical_json,
)
from fc_distilabel.verifiers.grounding import unsupported_values

MESSAGES = 3
"""How many user messages are tried before the row is dropped."""
SYSTEM_VARIANTS = 9
MAX_MESSAGE = 400
MAX_ANSWER = 400
ROLE_FLIPS = re.compile(
    r"how can I (help|assist)|I('d| would) be happy to|as an AI|I can help you"
    r"|有什么可以帮|我可以帮您|很高兴为您|作为.{0,4}助手|请问您",
    re.IGNORECASE,
)
REFUSALS = re.compile(
    r"\b(can(no|')t|cannot|unable|not able|don't have|do not have|isn't something|not available)\b"
    r"|无法|不能|没有(办法|相应|合适|相关)|没办法|办不了|暂不支持|不支持",
    re.IGNORECASE,
)


async def hold_dialogue(asker: Asker, blueprint: Blueprint) -> Trajectory:
    """The conversation that `blueprint` decides.

    Raises `Dropped` when no user message gives the gold calls back, or no answer is faithful.
    """
    message = await _user_message(asker, blueprint)
    system = render(
        "system", asker.language, variant=rng(*asker.seed_parts, "system").randrange(SYSTEM_VARIANTS)
    )
    opening = (Message(role="system", content=system), Message(role="user", content=message))
    if not blueprint.gold_calls:
        closing = (Message(role="assistant", content=await _refusal(asker, blueprint, message)),)
        return Trajectory(blueprint=blueprint, messages=opening + closing)
    acted = (
        Message(role="assistant", tool_calls=blueprint.gold_calls),
        *(
            Message(role="tool", content=canonical_json(result), tool_call_id=call.id, name=call.name)
            for call, result in _acted(blueprint)
        ),
    )
    answer = await _answer(asker, blueprint, message)
    closing = (Message(role="assistant", content=answer),)
    return Trajectory(blueprint=blueprint, messages=opening + acted + closing)


async def _user_message(asker: Asker, blueprint: Blueprint) -> str:
    last = Dropped("no message was tried")
    for draw in range(MESSAGES):
        message = await _write_message(asker, blueprint, draw)
        try:
            await _require_gold(asker, blueprint, message, draw)
        except Dropped as dropped:
            last = dropped
        else:
            return message
    raise last


async def _write_message(asker: Asker, blueprint: Blueprint, draw: int) -> str:
    reply = await asker.json(
        "user_message",
        closed_object({"message": text_field(MAX_MESSAGE, 8)}),
        lambda reply: _message_complaint(reply["message"], blueprint),
        max_tokens=220,
        temperature=0.7,
        draw=draw,
        persona=blueprint.persona,
        goal=blueprint.scenario.user_goal,
        facts=blueprint.facts,
        varying=_varying(blueprint),
        example=_example(asker, draw),
    )
    text: str = reply["message"]
    return text.strip()


def _varying(blueprint: Blueprint) -> list[str]:
    """What the calls of one message differ in, as the user says it."""
    later = {fact.path.partition("/")[2] for fact in blueprint.facts if fact.path[0] != "0"}
    return [f.said for f in blueprint.facts if f.path.partition("/")[2] in later]


def _example(asker: Asker, draw: int) -> str:
    """An example message; several, because a small model copies the one it always sees."""
    examples = message_examples(asker.language)
    return examples[rng(*asker.seed_parts, "example", draw).randrange(len(examples))]


def _message_complaint(message: str, blueprint: Blueprint) -> str:
    language = blueprint.scenario.language
    said = [fact.said for fact in blueprint.facts]
    missing = [s for s in said if s.casefold() not in message.casefold()]
    sources = [*said, blueprint.scenario.user_goal, *(str(f.value) for f in blueprint.facts)]
    invented = unsupported_values(message, sources)
    named = [t.name for t in blueprint.tools if t.name in message]
    return first_complaint(
        [
            f"these values are missing: {'; '.join(missing)}" if missing else "",
            f"these were not asked for: {'; '.join(invented)}" if invented else "",
            f"do not name functions: {named[0]}" if named else "",
            "write as the person who asks, not as the assistant" if _flipped(message) else "",
            "" if in_language(_without(message, said), language) else "write in one language only",
        ]
    )


def _flipped(message: str) -> bool:
    return bool(ROLE_FLIPS.search(message)) or copies_prompt(message)


def _without(text: str, values: list[str]) -> str:
    """The text less the given values: a code or an address does not decide its language."""
    for value in values:
        text = text.replace(value, "")
    return text


async def _require_gold(asker: Asker, blueprint: Blueprint, message: str, draw: int) -> None:
    """Drop unless the tools and the message alone give the gold calls."""
    kind = blueprint.kind
    schema = call_schema(
        blueprint.tools, allow_none=kind == "irrelevant", parallel=kind == "parallel"
    )
    reply = await asker.json(
        "extraction",
        schema,
        lambda reply: "",
        max_tokens=320,
        temperature=0.0,
        draw=draw,
        tries=1,
        tools=[signature(tool) for tool in blueprint.tools],
        message=message,
        none_allowed=kind == "irrelevant",
        parallel=kind == "parallel",
    )
    found = reply if isinstance(reply, list) else [reply]
    calls = [call for call in found if call["name"] != "none"]
    if _comparable(calls) != _comparable([_bare(c) for c in blueprint.gold_calls]):
        raise Dropped("re-extraction differs from the gold calls", canonical_json(found))


def _bare(call: ToolCall) -> dict[str, Json]:
    return {"name": call.name, "arguments": call.arguments}


def _comparable(calls: list[dict[str, Json]]) -> list[str]:
    """Order of calls and case of letters do not count; 5 equals 5.0."""
    return sorted(canonical_json(_plain(call)).casefold() for call in calls)


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


async def _answer(asker: Asker, blueprint: Blueprint, message: str) -> str:
    results = [canonical_json(result) for result in blueprint.results]
    outcomes = [_in_words(blueprint, call, result) for call, result in _acted(blueprint)]

    def complaint(reply: dict[str, Json]) -> str:
        text = reply["reply"]
        return first_complaint(
            [_said_wrongly(text, blueprint, [message, *results]), _unsaid(text, blueprint)]
        )

    reply = await asker.json(
        "answer",
        closed_object({"reply": text_field(MAX_ANSWER, 8)}),
        complaint,
        max_tokens=240,
        message=message,
        outcomes=outcomes,
    )
    text: str = reply["reply"]
    return text.strip()


async def _refusal(asker: Asker, blueprint: Blueprint, message: str) -> str:
    def complaint(reply: dict[str, Json]) -> str:
        text = reply["reply"]
        refused = "" if REFUSALS.search(text) else "say that it cannot be done"
        return first_complaint([refused, _said_wrongly(text, blueprint, [message])])

    reply = await asker.json(
        "refusal",
        closed_object({"reply": text_field(MAX_ANSWER, 8)}),
        complaint,
        max_tokens=160,
        message=message,
        tools=[tool.description for tool in blueprint.tools],
    )
    text: str = reply["reply"]
    return text.strip()


def _said_wrongly(text: str, blueprint: Blueprint, sources: list[str]) -> str:
    """What is wrong with an assistant's words, given all that it may rely on."""
    invented = unsupported_values(text, sources)
    named = [t.name for t in blueprint.tools if t.name in text]
    values = [fact.said for fact in blueprint.facts]
    foreign = not in_language(_without(text, values), blueprint.scenario.language)
    return first_complaint(
        [
            f"not in what was returned: {'; '.join(invented)}" if invented else "",
            f"do not name functions: {named[0]}" if named else "",
            "write in one language only" if foreign else "",
        ]
    )


def _unsaid(text: str, blueprint: Blueprint) -> str:
    """An answer that leaves out a returned value is no answer."""
    words = [
        say(result[name], schema, blueprint.scenario.language)
        for call, result in _acted(blueprint)
        for name, schema in _returns(blueprint, call).items()
    ]
    missing = [w for w in words if w.casefold() not in text.casefold()]
    return f"these values are missing: {'; '.join(missing)}" if missing else ""


def _acted(blueprint: Blueprint) -> list[tuple[ToolCall, dict[str, Json]]]:
    return list(zip(blueprint.gold_calls, blueprint.results, strict=True))


def _returns(blueprint: Blueprint, call: ToolCall) -> dict[str, Json]:
    tool = next(tool for tool in blueprint.tools if tool.name == call.name)
    properties: dict[str, Json] = tool.returns["properties"]
    return properties


def _in_words(blueprint: Blueprint, call: ToolCall, result: dict[str, Json]) -> str:
    """A result as `label: value; ...`, with dates as the language writes them."""
    language = blueprint.scenario.language
    return "; ".join(
        f"{schema['description'].rstrip('.。')}: {say(result[name], schema, language)}"
        for name, schema in _returns(blueprint, call).items()
    )
