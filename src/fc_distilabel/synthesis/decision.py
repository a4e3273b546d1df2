"""The assistant's choice at its turn: which calls, or none; it sees tools and conversation only.

What it writes is judged at once. Invalid calls go back with what is wrong with them, a bounded
number of times; valid ones are compared with the blueprint's. Nothing of it is lost: whatever
differs from what is right is a `Candidate`, the rejected half of a preference pair, and code then
steers the conversation by the blueprint (after ToolACE and APIGen-MT, arXiv 2409.00920 and
2504.03601, where such turns are thrown away).
"""

from collections.abc import Iterable, Sequence

from fc_distilabel.calls import read_calls
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.grammar import call_schema
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.repair import judge, repair_calls
from fc_distilabel.synthesis.signatures import signature
from fc_distilabel.synthesis.talk import Talk, shown
from fc_distilabel.types import (
    Attempt,
    Candidate,
    Json,
    Message,
    Repair,
    ToolCall,
    Turn,
    canonical_json,
)
from fc_distilabel.verifiers.error_class import error_class
from fc_distilabel.verifiers.gold import plain_numbers
from fc_distilabel.verifiers.toolbox import Toolbox

MAX_TOKENS = 512
HOT = 0.8
"""Temperature of every draw after the first, which is the model's best guess."""
REPAIRS = 2
NOT_A_CALL = "not-a-call"
"""Rule of a reply in which no call stands: words, where the endpoint calls tools natively."""


async def decide(
    asker: Asker, talk: Talk, due: Sequence[ToolCall], draws: int = 1
) -> list[Candidate]:
    """What the assistant would do now, `draws` times: the distinct right and wrong ones.

    `due` are the calls that are right here; none where it should speak. Raises `EndpointError`
    when the model cannot be reached.
    """
    found: list[Candidate] = []
    for draw in range(draws):
        found += await _draw(asker, talk, due, draw)
    return list(_distinct(found))


async def _draw(asker: Asker, talk: Talk, due: Sequence[ToolCall], draw: int) -> list[Candidate]:
    text = await _reply(asker, talk, draw)
    box = Toolbox(talk.blueprint.tools)
    attempt = judge(text, talk.blueprint.tools, box)
    if _speaks(attempt):
        return [_candidate(talk.at, text, (), due)]
    if attempt.valid:
        return [_candidate(talk.at, text, attempt.calls, due)]
    turn = Turn(
        id=talk.blueprint.id,
        tools=talk.blueprint.tools,
        messages=tuple(talk.messages),
        text=text,
        language=talk.language,
    )
    repaired = await repair_calls(asker, turn, tries=REPAIRS, draw=f"{talk.at}/{draw}")
    refused = [_refused(talk.at, repair, due) for repair in repaired.repairs]
    if repaired.calls is None:
        return refused
    text = canonical_json([_bare(call) for call in repaired.calls])
    return [*refused, _candidate(talk.at, text, repaired.calls, due)]


async def _reply(asker: Asker, talk: Talk, draw: int) -> str:
    """What the model writes: calls, or `[]`; over a native endpoint, words in its place."""
    tools = talk.blueprint.tools
    temperature = HOT if draw else 0.0
    if asker.native_tools:
        return await asker.call(
            [_openai(message) for message in talk.messages],
            [tool.openai() for tool in tools],
            max_tokens=MAX_TOKENS,
            temperature=temperature,
            draw=f"{talk.at}/{draw}",
        )
    return await asker.raw(
        "decision",
        call_schema(tools, parallel=True, least=0),
        max_tokens=MAX_TOKENS,
        temperature=temperature,
        draw=f"{talk.at}/{draw}",
        tools=[signature(tool) for tool in tools],
        conversation=shown(talk),
    )


def _openai(message: Message) -> dict[str, Json]:
    """The message as the API takes it, where arguments are text."""
    sent = message.openai()
    for call in sent.get("tool_calls", ()):
        call["function"]["arguments"] = canonical_json(call["function"]["arguments"])
    return sent


def _speaks(attempt: Attempt) -> bool:
    """Whether the reply holds no call, nor what was meant as one."""
    rules = [violation.rule for violation in attempt.violations]
    return not attempt.calls and (rules == [NOT_A_CALL] or not rules)


def _candidate(
    at: int, text: str, calls: tuple[ToolCall, ...], due: Sequence[ToolCall]
) -> Candidate:
    right = same_calls(calls, due)
    wrong = None if right else error_class(calls, (), tuple(due))
    return Candidate(at=at, text=text, calls=calls, right=right, error_class=wrong)


def _refused(at: int, repair: Repair, due: Sequence[ToolCall]) -> Candidate:
    calls = read_calls(repair.rejected).calls
    return Candidate(
        at=at,
        text=repair.rejected,
        calls=calls,
        error_class=error_class(calls or None, repair.violations, tuple(due)),
        violations=repair.violations,
    )


def _distinct(candidates: Iterable[Candidate]) -> Iterable[Candidate]:
    """The first of each that would do the same."""
    seen: set[str] = set()
    for candidate in candidates:
        key = "; ".join(_comparable(candidate.calls)) or (
            "" if candidate.error_class != "format" else candidate.text
        )
        if key not in seen:
            seen.add(key)
            yield candidate


def same_calls(made: Iterable[ToolCall], due: Iterable[ToolCall]) -> bool:
    """Whether calls say the same: their order and the case of letters do not count."""
    return _comparable(made) == _comparable(due)


def _comparable(calls: Iterable[ToolCall]) -> list[str]:
    """One spelling a call: 5 is 5.0, and what is empty is left out."""
    plain = (plain_numbers(_without_empty(_bare(call))) for call in calls)
    return sorted(canonical_json(call).casefold() for call in plain)


def _bare(call: ToolCall) -> dict[str, Json]:
    return {"name": call.name, "arguments": call.arguments}


def _without_empty(value: Json) -> Json:
    if isinstance(value, dict):
        members = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in members.items() if item not in ("", None, {})}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


async def require_meaning(
    asker: Asker, talk: Talk, due: Sequence[ToolCall], draw: int | str
) -> None:
    """Drop unless tools and conversation give the calls that are due, when calls are asked for.

    This is no assistant: it is told how many calls there are, so that what fails is the message.
    Where the right tool is missing, it stands among the offered ones here: a message that gives its
    call back asks for what none of the others does.
    """
    missing = talk.blueprint.missing
    tools = (*talk.blueprint.tools, missing) if missing else talk.blueprint.tools
    parallel = len(due) > 1
    reply = await asker.json(
        "extraction",
        call_schema(tools, parallel=parallel),
        lambda reply: "",
        max_tokens=MAX_TOKENS,
        temperature=0.0,
        draw=draw,
        tries=1,
        tools=[signature(tool) for tool in tools],
        conversation=shown(talk),
        parallel=parallel,
    )
    found = [ToolCall.model_validate(call) for call in (reply if parallel else [reply])]
    if not same_calls(found, due):
        raise Dropped("re-extraction differs from the gold calls", canonical_json(reply))
