"""From a JSON value to calls: the shapes in which people and servers keep them.

The shape to write is `{"name": ..., "arguments": {...}}`, or a list of such objects. Other shapes
are read when every key of theirs is understood, and named as a repair. Arguments that stand beside
the name instead of below `arguments` are not collected: a key there may mean anything.
"""

from collections.abc import Callable, Sequence

from fc_distilabel.calls.cursor import Refused
from fc_distilabel.calls.tolerant import read_strict
from fc_distilabel.schemas.bounds import join_path, refuse, show
from fc_distilabel.types import Json, Tool, ToolCall

Repair = Callable[[str], None]
"""Takes note of something that was mended."""

_AROUND_ONE = ("function", "function_call", "functionCall", "tool_call")
_NAMES = ("name", "function", "function_name", "tool", "tool_name")
_ARGUMENTS = ("arguments", "parameters", "input", "args")
_TYPES = ("function", "function_call", "tool_call", "tool_use")
_IDS = ("id", "call_id")
_ENCODED_AT_MOST = 2


def calls_of(value: Json, tools: Sequence[Tool], repair: Repair, first: int = 0) -> list[ToolCall]:
    """The calls that a JSON value holds, counted from `first`; `Refused` when it holds others."""
    if isinstance(value, str):
        value = _decoded(value, "call", "", repair)
    if isinstance(value, dict) and isinstance(value.get("tool_calls"), list):
        _identity(value, ("tool_calls",), "")
        repair("`tool_calls` around the calls")
        value = value["tool_calls"]
    items = value if isinstance(value, list) else [value]
    return [_call(item, tools, repair, str(index)) for index, item in enumerate(items, first)]


def check_json(value: Json, path: str) -> None:
    """Refuse what no JSON can carry or nobody could handle: NaN, endless nesting, half a pair."""
    flaw = refuse(value, path)
    if flaw:
        raise Refused(flaw.rule, flaw.message, flaw.path)


def _call(item: Json, tools: Sequence[Tool], repair: Repair, path: str) -> ToolCall:
    if not isinstance(item, dict):
        raise Refused("not-a-call", f"{show(item)} is not a call{_WANTED}", path)
    around = next((key for key in _AROUND_ONE if isinstance(item.get(key), dict)), None)
    if around:
        identity = _identity(item, (around,), path)
        repair("OpenAI envelope" if around == "function" else f"`{around}` around the call")
        call = _call(item[around], tools, repair, path)
        return call.model_copy(update={"id": identity}) if identity else call
    if len(item) == 1 and not item.keys() & {*_NAMES, *_ARGUMENTS}:
        item = _name_as_key(item, tools, repair, path)
    return _plain(item, tools, repair, path)


def _plain(item: dict[str, Json], tools: Sequence[Tool], repair: Repair, path: str) -> ToolCall:
    name_key = _key_of(item, _NAMES, "not-a-call", f"no function is named{_WANTED}", path)
    name = item[name_key]
    if not isinstance(name, str) or not name:
        raise Refused("not-a-call", f"the name of a function is {show(name)}", path)
    missing = f'the call of {name} has no "arguments": give an object, {{}} if it takes none'
    key = _key_of(item, _ARGUMENTS, "no-arguments", missing, path)
    if key != "arguments" and any(_takes(tool, name, key) for tool in tools):
        raise Refused("ambiguous", f"`{key}` is a parameter of {name}, or its arguments", path)
    identity = _identity(item, (name_key, key), path)
    for used, wanted in ((name_key, "name"), (key, "arguments")):
        if used != wanted:
            repair(f"`{used}` for `{wanted}`")
    if len(item) > 2:
        repair("keys beside the call")
    arguments = _arguments(item[key], join_path(path, key), repair)
    return ToolCall(id=identity, name=name, arguments=arguments)


def _arguments(value: Json, path: str, repair: Repair) -> dict[str, Json]:
    if isinstance(value, str):
        value = _decoded(value, "arguments", path, repair)
    if not isinstance(value, dict):
        message = f"arguments are {show(value)}, but must be an object with a value for each name"
        raise Refused("arguments-not-object", message, path)
    return value


def _decoded(text: str, what: str, path: str, repair: Repair) -> Json:
    value: Json = text
    times = 0
    while isinstance(value, str) and times < _ENCODED_AT_MOST:
        try:
            value = read_strict(value)
        except (ValueError, RecursionError) as error:
            message = f"{what} as text that is not JSON: {show(value)}"
            raise Refused("not-json", message, path) from error
        times += 1
    repair(f"{what} as text" + ", twice" * (times > 1))
    check_json(value, path)
    return value


def _key_of(item: dict[str, Json], keys: Sequence[str], rule: str, message: str, path: str) -> str:
    for key in keys:
        if key in item:
            return key
    raise Refused(rule, message, path)


def _identity(item: dict[str, Json], used: Sequence[str], path: str) -> str:
    """The call's id, after a look at every key beside the call: each must be understood."""
    identity = ""
    for key, value in item.items():
        if key in _IDS and isinstance(value, str):
            identity = value
        elif key not in used and not _says_nothing(key, value):
            message = f"the key {show(key)} stands beside a call: parameters belong in arguments"
            raise Refused("unexpected-key", message, join_path(path, key))
    return identity


def _says_nothing(key: str, value: Json) -> bool:
    return (
        (key == "type" and value in _TYPES)
        or (key == "index" and isinstance(value, int))
        or (key == "role" and value == "assistant")
        or (key == "content" and value in (None, ""))
    )


def _name_as_key(
    item: dict[str, Json], tools: Sequence[Tool], repair: Repair, path: str
) -> dict[str, Json]:
    """The benchmark shape `{"f": {...}}`, where `f` is a function on offer."""
    [(name, arguments)] = item.items()
    if all(tool.name != name for tool in tools):
        raise Refused("not-a-call", f"{show(item)} is not a call{_WANTED}", path)
    repair("name as key")
    return {"name": name, "arguments": arguments}


def _takes(tool: Tool, name: str, parameter: str) -> bool:
    properties = tool.parameters.get("properties")
    return tool.name == name and isinstance(properties, dict) and parameter in properties


_WANTED = ': write {"name": ..., "arguments": {...}}'
