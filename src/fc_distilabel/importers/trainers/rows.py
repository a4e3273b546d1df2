"""A trainer's record as a full row: what `check`, `export` and `argilla push` take.

A preference becomes a row with the right answer in its messages and the wrong one as a candidate
beside it, as a run writes them; a judged answer becomes a row with its `label`.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from fc_distilabel.calls import write_calls
from fc_distilabel.documents.language import guess_language
from fc_distilabel.errors import Dropped
from fc_distilabel.importers.messages import read_messages
from fc_distilabel.importers.trainers.forms import FORMS, Form, form_of
from fc_distilabel.importers.trainers.spelling import function_of, plain_messages, told_tools
from fc_distilabel.types import Json, Kind, Language, Message, content_id

_TAKEN = frozenset(
    "id domain user_goal messages conversations system tools functions prompt chosen rejected "
    "completion label kto_tag input preferred_output non_preferred_output rejected_messages "
    "rejected_response rejected_tools parallel_tool_calls".split()
)
_SAID = frozenset("role from content value tool_calls function_call tool_call_id name".split())
Data: TypeAlias = Literal["sft", "dpo", "kto"]


class Imported(NamedTuple):
    """A row, and how it was read."""

    row: dict[str, Json]
    form: str
    """The name of the format that it was in."""
    data: Data
    repairs: tuple[str, ...]
    """What was mended in the text of calls, by name."""
    left_out: tuple[str, ...] = ()
    """Keys of the record and of its messages that a row has no place for."""


def import_record(record: dict[str, Json], form: str = "auto") -> Imported:
    """The full row of a trainer's record; what cannot be read is `Dropped`, with the reason."""
    name = form_of(record) if form == "auto" else form
    parts = FORMS[name](record)
    messages, tools = list(parts.messages), parts.tools
    if tools is None:
        messages, tools = told_tools(messages)
    prompt, repairs = _read(messages, "messages")
    listed = function_of(tools)
    data, extra, more = _answered(parts, prompt)
    row = _row(record, listed, extra.pop("messages"), extra)
    mended = tuple(dict.fromkeys((*repairs, *more)))
    return Imported(row, name, data, mended, tuple(_left_out(record, parts)))


def _left_out(record: dict[str, Json], parts: Form) -> Iterator[str]:
    """Keys with a value that goes no further, in the record and in its messages."""
    yield from (key for key in record if key not in _TAKEN and record[key])
    answers = (parts.chosen, parts.rejected, parts.completion)
    said = [*parts.messages, *(one for a in answers for one in (a if isinstance(a, list) else [a]))]
    keys = {k for m in said if isinstance(m, dict) for k in m if k not in _SAID and m[k]}
    yield from (f"{key} of messages" for key in sorted(keys))


def _answered(
    parts: Form, prompt: Sequence[Message]
) -> tuple[Data, dict[str, Json], tuple[str, ...]]:
    """Which data it is, the messages with the answer, and what goes beside them."""
    if parts.label is not None:
        answer, repairs = _read(_listed(parts.completion), "completion")
        return "kto", {"messages": [*prompt, *answer], "label": parts.label}, repairs
    if parts.chosen is None:
        return "sft", {"messages": list(prompt)}, ()
    right, repairs = _read(_listed(parts.chosen), "chosen")
    candidate = _candidate(len(prompt), _listed(parts.rejected))
    return "dpo", {"messages": [*prompt, *right], "candidates": [candidate]}, repairs


def _listed(answer: Json) -> list[Json]:
    if isinstance(answer, str):
        return [{"role": "assistant", "content": answer}]
    listed = answer if isinstance(answer, list) else [answer]
    if not listed or listed == [None]:
        raise Dropped("no answer", "one of the two answers is missing")
    return listed


def _read(values: Sequence[Json], place: str) -> tuple[tuple[Message, ...], tuple[str, ...]]:
    reading = read_messages(plain_messages(values), place)
    if reading.violations:
        raise Dropped("messages that cannot be read", reading.violations[0].message)
    return reading.messages, reading.repairs


def _candidate(at: int, values: Sequence[Json]) -> dict[str, Json]:
    """The wrong answer; words that look like calls and cannot be read stay words."""
    plain = plain_messages(values)
    if len(plain) != 1:
        raise Dropped("an answer of several messages", f"rejected has {len(plain)} messages")
    reading = read_messages(plain, "rejected")
    words = ""
    if reading.violations:
        said = plain[0] if isinstance(plain[0], dict) else {}
        text, calls = said.get("content", said.get("value")), []
        if not isinstance(text, str):
            raise Dropped("messages that cannot be read", reading.violations[0].message)
    else:
        message = reading.messages[0]
        calls = [call.model_dump() for call in message.tool_calls]
        words = message.content if calls else ""
        written = write_calls(message.tool_calls, "hermes") if calls else ""
        text = "\n".join(part for part in (message.content, written) if part)
    flaws: dict[str, Json] = {"right": False, "error_class": None, "violations": []}
    return {"at": at, "text": text, "calls": calls, "words": words, **flaws}


def _row(
    record: dict[str, Json],
    tools: list[Json],
    messages: Sequence[Message],
    extra: dict[str, Json],
) -> dict[str, Json]:
    said = [message.openai() for message in _numbered(messages)]
    told = record.get("id")
    return {
        "id": str(told) if told else content_id(said, tools, extra),
        "kind": _kind(messages, tools),
        "language": _language(messages),
        "domain": str(record.get("domain") or ""),
        "document": "",
        "user_goal": str(record.get("user_goal") or ""),
        "evidence": [],
        "tools": tools,
        "messages": said,
        "candidates": [],
        "grounding": [],
        "violations": [],
        "judgement": None,
        **extra,
    }


def _numbered(messages: Sequence[Message]) -> list[Message]:
    """The messages with ids that differ, and names at the results."""
    found: list[Message] = []
    waiting: list[tuple[str, str, str]] = []
    count = 0
    for message in messages:
        if message.role == "tool":
            told = next((w for w in waiting if w[0] == message.tool_call_id), None)
            if told:
                waiting.remove(told)
                update = {"tool_call_id": told[1], "name": message.name or told[2]}
                message = message.model_copy(update=update)
        elif message.tool_calls:
            ids = [f"call_{count + number}" for number in range(len(message.tool_calls))]
            count += len(ids)
            pairs = list(zip(message.tool_calls, ids, strict=True))
            waiting = [(call.id, new, call.name) for call, new in pairs]
            calls = tuple(call.model_copy(update={"id": new}) for call, new in pairs)
            message = message.model_copy(update={"tool_calls": calls})
        found.append(message)
    return found


def _kind(messages: Sequence[Message], tools: Sequence[Json]) -> Kind:
    """The kind that the shape of the conversation tells; what it was made as, nobody knows."""
    calls = [message.tool_calls for message in messages if message.tool_calls]
    if not calls:
        return "irrelevant"
    if sum(message.role == "user" for message in messages) > 1:
        return "multi_turn"
    if len(calls) > 1:
        return "dependent"
    if len(calls[0]) > 1:
        return "parallel"
    return "multiple" if len(tools) > 1 else "single"


def _language(messages: Sequence[Message]) -> Language:
    """The language of the users' words; `en`, whose tags any other may do with, if in doubt."""
    text = " ".join(message.content for message in messages if message.role == "user")
    return guess_language(text) or "en"
