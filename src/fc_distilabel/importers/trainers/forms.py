"""The trainers' formats as they are told apart: by their keys, their roles and their tags.

A form takes a record apart into a conversation, the tools and the answers; what the messages say is
read by one reader for all, since every format is a spelling of the same few things.
"""

from collections.abc import Callable
from typing import NamedTuple

from fc_distilabel.errors import Dropped
from fc_distilabel.importers.trainers.spelling import function_of, plain_schema
from fc_distilabel.schemas.bounds import show
from fc_distilabel.types import Json

Record = dict[str, Json]


class Form(NamedTuple):
    """A record taken apart; messages as they stand in it."""

    messages: list[Json]
    """The whole conversation; of a preference the prompt."""
    tools: Json = ()
    """Tools as they stand; None where they are in the text of the system message."""
    chosen: Json = None
    rejected: Json = None
    completion: Json = None
    label: bool | None = None


def form_of(record: Record) -> str:
    """The name of the format that a record is in."""
    for name, is_in in _TELLS:
        if is_in(record):
            return name
    known = ", ".join(FORMS)
    raise Dropped("no format that is known", f"keys {show(sorted(record))}; known: {known}")


def _trl(record: Record) -> Form:
    if "messages" in record:
        return Form(_listed(record, "messages"), record.get("tools") or ())
    return _with_answers(Form(_listed(record, "prompt"), record.get("tools") or ()), record)


def _openai(record: Record) -> Form:
    if "input" not in record:
        return Form(_listed(record, "messages"), record.get("tools") or ())
    given = record["input"] if isinstance(record["input"], dict) else {}
    answers = record.get("preferred_output"), record.get("non_preferred_output")
    return Form(_listed(given, "messages"), given.get("tools") or (), *answers)


def _llamafactory(record: Record) -> Form:
    messages = list(_listed(record, "conversations"))
    if isinstance(record.get("system"), str) and record["system"]:
        messages.insert(0, {"from": "system", "value": record["system"]})
    tools = [plain_schema(tool) for tool in function_of(record.get("tools") or ())]
    label = record.get("kto_tag")
    if isinstance(label, bool):
        return Form(messages[:-1], tools, completion=messages[-1:], label=label)
    return Form(messages, tools, record.get("chosen"), record.get("rejected"))


def _swift(record: Record) -> Form:
    messages, tools = _listed(record, "messages"), record.get("tools") or ()
    if isinstance(record.get("label"), bool):
        first = _answer_from(messages)
        return Form(messages[:first], tools, completion=messages[first:], label=record["label"])
    rejected = record.get("rejected_messages")
    if rejected is None and record.get("rejected_response") is None:
        return Form(messages, tools)
    first = _answer_from(messages)
    if isinstance(rejected, list):
        if rejected[:first] != messages[:first]:
            raise Dropped("two prompts", "the rejected messages do not begin as the others")
        return Form(messages[:first], tools, messages[first:], rejected[first:])
    told = record["rejected_response"]
    answer = told if isinstance(told, list) else [{"role": "assistant", "content": told}]
    return Form(messages[:first], tools, messages[first:], answer)


def _answer_from(messages: list[Json]) -> int:
    """Where the last answer begins: its words, and its calls after them."""
    first = len(messages)
    while first and _role(messages[first - 1]) in ("tool_call", "assistant"):
        first -= 1
    return first


def _axolotl(record: Record) -> Form:
    if isinstance(record.get("label"), bool):
        said = _listed(record, "completion")
        return Form(said[:-1], None, completion=said[-1:], label=record["label"])
    if "chosen" in record:
        return Form(_listed(record, "messages"), None, record["chosen"], record.get("rejected"))
    return Form(_listed(record, "messages"), record.get("tools") or ())


def _hermes(record: Record) -> Form:
    return _with_answers(Form(_listed(record, "conversations"), record.get("tools")), record)


FORMS: dict[str, Callable[[Record], Form]] = {
    "trl": _trl,
    "openai": _openai,
    "llamafactory": _llamafactory,
    "swift": _swift,
    "axolotl": _axolotl,
    "hermes": _hermes,
}
"""Readers by the name of the format."""


def _listed(record: Record, key: str) -> list[Json]:
    value = record.get(key)
    if not isinstance(value, list) or not value:
        raise Dropped("no messages", f"{key} is {show(value)}, but must be a list of messages")
    return value


def _with_answers(form: Form, record: Record) -> Form:
    """The form with the answers under their plain names."""
    label = record.get("label")
    return form._replace(
        chosen=record.get("chosen"),
        rejected=record.get("rejected"),
        completion=record.get("completion"),
        label=label if isinstance(label, bool) else None,
    )


def _role(message: Json) -> Json:
    return message.get("role", message.get("from")) if isinstance(message, dict) else None


def _roles(record: Record, key: str) -> set[str]:
    values = record.get(key)
    return {str(_role(value)) for value in values} if isinstance(values, list) else set()


def _argument_kinds(record: Record) -> set[type]:
    calls = (
        call
        for message in record.get("messages") or ()
        if isinstance(message, dict)
        for call in message.get("tool_calls") or ()
        if isinstance(call, dict) and isinstance(call.get("function"), dict)
    )
    return {type(call["function"].get("arguments")) for call in calls}


_SWIFT_KEYS = {"rejected_messages", "rejected_response", "label"}
_TELLS: tuple[tuple[str, Callable[[Record], bool]], ...] = (
    ("openai", lambda r: "input" in r and "preferred_output" in r),
    ("hermes", lambda r: "conversations" in r and not _is_llamafactory(r)),
    ("llamafactory", lambda r: "conversations" in r),
    ("swift", lambda r: bool(_roles(r, "messages") & {"tool_call", "tool_response"})),
    ("swift", lambda r: "messages" in r and bool(r.keys() & _SWIFT_KEYS)),
    ("axolotl", lambda r: "messages" in r and isinstance(r.get("chosen"), dict)),
    ("axolotl", lambda r: "completion" in r and "prompt" not in r),
    ("trl", lambda r: "prompt" in r),
    ("axolotl", lambda r: str in _argument_kinds(r) and isinstance(r.get("tools"), str)),
    ("openai", lambda r: str in _argument_kinds(r) or "parallel_tool_calls" in r),
    ("trl", lambda r: "messages" in r),
)
"""What gives a format away, the surest sign first; what several write alike reads the same."""


def _is_llamafactory(record: Record) -> bool:
    roles = _roles(record, "conversations")
    return bool(roles & {"function_call", "observation"}) or "system" in record
