"""Writing calls in every notation that `read_calls` reads without doubt.

Values are spelt as JSON spells them in all notations; where a notation is Python's, only the three
words differ. JSON's string escapes are Python's too, so what is written is valid Python.
"""

import json
import keyword
import re
from collections.abc import Callable, Sequence
from unicodedata import is_normalized

from fc_distilabel.calls.notations import NAME
from fc_distilabel.types import Json, ToolCall

_NAME = re.compile(NAME)
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_LONGEST = 128
_PYTHON_WORDS = {True: "True", False: "False", None: "None"}


def write_calls(calls: Sequence[ToolCall], notation: str) -> str:
    """The calls as text in a notation of `NOTATIONS`; what it cannot carry is a `ValueError`."""
    if notation not in NOTATIONS:
        raise ValueError(f"no notation {notation!r}: choose from {', '.join(NOTATIONS)}")
    return NOTATIONS[notation](calls)


def _dump(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _plain(call: ToolCall) -> dict[str, Json]:
    return {"name": call.name, "arguments": call.arguments}


def _json(calls: Sequence[ToolCall]) -> str:
    plain = [_plain(call) for call in calls]
    return _dump(plain[0] if len(plain) == 1 else plain)


def _fenced(calls: Sequence[ToolCall]) -> str:
    return f"```json\n{_json(calls)}\n```"


def _hermes(calls: Sequence[ToolCall]) -> str:
    return "\n".join(f"<tool_call>\n{_dump(_plain(call))}\n</tool_call>" for call in calls)


def _openai(calls: Sequence[ToolCall]) -> str:
    return _dump([_envelope(call) for call in calls])


def _envelope(call: ToolCall) -> dict[str, Json]:
    function = {"name": call.name, "arguments": _dump(call.arguments)}
    identity = {"id": call.id} if call.id else {}
    return {**identity, "type": "function", "function": function}


def _llama(calls: Sequence[ToolCall]) -> str:
    tag = "<|python_tag|>" if calls else ""
    texts = [_dump({"name": call.name, "parameters": call.arguments}) for call in calls]
    return tag + "; ".join(texts)


def _mistral(calls: Sequence[ToolCall]) -> str:
    return f"[TOOL_CALLS] {_dump([_plain(call) for call in calls])}"


def _function_tag(calls: Sequence[ToolCall]) -> str:
    return "\n".join(f"<function={_name(c)}>{_dump(c.arguments)}</function>" for c in calls)


def _deepseek(calls: Sequence[ToolCall]) -> str:
    inner = "\n".join(
        f"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{_name(call)}\n"
        f"```json\n{_dump(call.arguments)}\n```<｜tool▁call▁end｜>"
        for call in calls
    )
    return f"<｜tool▁calls▁begin｜>{inner}<｜tool▁calls▁end｜>" if calls else ""


def _kimi(calls: Sequence[ToolCall]) -> str:
    inner = "".join(
        f"<|tool_call_begin|>functions.{_name(call)}:{index}"
        f"<|tool_call_argument_begin|>{_dump(call.arguments)}<|tool_call_end|>"
        for index, call in enumerate(calls)
    )
    return f"<|tool_calls_section_begin|>{inner}<|tool_calls_section_end|>" if calls else ""


def _function(calls: Sequence[ToolCall]) -> str:
    return "\n".join(map(_call, calls))


def _pythonic(calls: Sequence[ToolCall]) -> str:
    return f"[{', '.join(map(_call, calls))}]"


def _call(call: ToolCall) -> str:
    named = {k: v for k, v in call.arguments.items() if _is_keyword(k)}
    texts = [f"{key}={_python(value)}" for key, value in named.items()]
    others = {k: v for k, v in call.arguments.items() if k not in named}
    if others:  # Python's own way for keys that are no identifiers
        texts.append(f"**{_python(others)}")
    return f"{_name(call)}({', '.join(texts)})"


def _is_keyword(key: str) -> bool:
    """Whether Python and our own reader take the key as a name, and leave it as it is."""
    plain = key.isidentifier() and not keyword.iskeyword(key) and is_normalized("NFKC", key)
    return plain and len(key) <= _LONGEST and bool(_IDENTIFIER.fullmatch(key))


def _name(call: ToolCall) -> str:
    if not _NAME.fullmatch(call.name):
        raise ValueError(f"{call.name!r} cannot stand as a name outside of quotes")
    return call.name


def _python(value: Json) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_dump(k)}: {_python(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_python, value)) + "]"
    if value is None or isinstance(value, bool):
        return _PYTHON_WORDS[value]
    return _dump(value)


NOTATIONS: dict[str, Callable[[Sequence[ToolCall]], str]] = {
    "json": _json,
    "fenced": _fenced,
    "hermes": _hermes,
    "openai": _openai,
    "function": _function,
    "pythonic": _pythonic,
    "llama": _llama,
    "function_tag": _function_tag,
    "mistral": _mistral,
    "deepseek": _deepseek,
    "kimi": _kimi,
}
"""How each notation is written."""
