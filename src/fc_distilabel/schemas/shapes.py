"""The shapes in which tools are handed over: OpenAI's, MCP's, Anthropic's, Gemini's, bare ones.

They differ in wrappers and in what they call the schema of the arguments, in little else. Some of
their protocols say that it is JSON Schema; a tool in such a shape is held to that: where the
meta-schema refuses what a person would understand, it is read and reported as an error.
"""

import jsonschema_rs

from fc_distilabel.schemas.bounds import join_path, refuse, show
from fc_distilabel.schemas.explain import cut
from fc_distilabel.schemas.modern import modern
from fc_distilabel.schemas.reading import Change, Reader, UnreadableError, changed, parsed
from fc_distilabel.schemas.shorthand import KEYWORDS, expanded, is_shorthand
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.schemas.words import JSON_TYPES
from fc_distilabel.types import Json, Tool, Violation

_PARAMETERS = (
    "parameters",
    "inputSchema",  # MCP
    "input_schema",  # Anthropic
    "parametersJsonSchema",  # Gemini
    "parameters_json_schema",
)
_RETURNS = (
    "returns",
    "outputSchema",  # MCP
    "output_schema",
    "response",  # Gemini, BFCL
    "responseJsonSchema",
    "response_json_schema",
)
_HELD_TO_JSON_SCHEMA = ("inputSchema", "input_schema")


def read_shape(value: Schema, path: str) -> Reader[Tool]:
    """A tool in any shape that is an object with a name."""
    refusal = refuse(value, path)
    if refusal:
        raise UnreadableError(refusal.rule, refusal.path, refusal.message)
    wrapped = value.get("function")
    body: Schema = wrapped if isinstance(wrapped, dict) else value
    name, description = body.get("name"), body.get("description")
    if not isinstance(name, str) or not name:
        message = f"a tool needs a name, but it has {show(name)}"
        raise UnreadableError("name", join_path(path, "name"), message, name)
    _only_functions(value, body, path)
    if not isinstance(description, str | None):
        yield changed(path, "description", f"{show(description)}, which is no text, was left out")
        description = ""
    held = body is wrapped or value.get("type") == "function"
    held = held or any(key in body for key in _HELD_TO_JSON_SCHEMA)
    parameters = yield from _parameters(body, join_path(path, "parameters"), held=held)
    returns = yield from _returns(body, join_path(path, "returns"), held=held)
    return Tool(name=name, description=description or "", parameters=parameters, returns=returns)


def _only_functions(value: Schema, body: Schema, path: str) -> None:
    """Providers list tools of their own by a type, and their users cannot call those by schema."""
    kind = value.get("type", "function")
    if kind not in ("function", "custom") and not any(key in body for key in _PARAMETERS):
        message = f"a tool of type {show(kind)} has no parameters that could be read"
        raise UnreadableError("type", join_path(path, "type"), message, kind)


def _parameters(body: Schema, path: str, *, held: bool) -> Reader[Schema]:
    given = yield from _given(body, _PARAMETERS, path)
    if given is None or given == {}:
        yield Change(path=path, message="no parameters became an object without properties")
        return {"type": "object", "properties": {}}
    if not isinstance(given, dict):
        message = f"parameters are {show(given)}, but must be an object"
        raise UnreadableError("schema", path, message, given)
    return (yield from _schema(given, path, held=held))


def _returns(body: Schema, path: str, *, held: bool) -> Reader[Schema]:
    given = yield from _given(body, _RETURNS, path)
    if given is None or given == {}:
        return {}
    if not isinstance(given, dict):
        yield Change(path=path, message=f"{show(given)}, which is no schema, was left out")
        return {}
    return (yield from _schema(given, path, held=held))


def _given(body: Schema, keys: tuple[str, ...], path: str) -> Reader[Json]:
    """What stands under one of the keys; JSON as a text is read."""
    found = {key: body[key] for key in keys if body.get(key) is not None}
    if len(found) > 1 and len({show(value) for value in found.values()}) > 1:
        message = f"there are several schemas, {' and '.join(found)}, and they differ"
        raise UnreadableError("ambiguous", path, message)
    given: Json = next(iter(found.values()), None)
    if isinstance(given, str) and given.lstrip().startswith("{"):
        given = parsed(given, path)
        yield Change(path=path, message="JSON as a text became the value")
    return given


def _schema(given: Schema, path: str, *, held: bool) -> Reader[Schema]:
    if is_shorthand(given):
        return (yield from expanded(given, path))
    if KEYWORDS.isdisjoint(given):
        message = f"{path} has no keyword of JSON Schema, and is no map from names to types"
        raise UnreadableError("schema", path, message, given)
    rewritten = yield from modern(given, path)
    if held and given.get("type", "object") in JSON_TYPES:
        flaw = _meta_flaw(given)
        if flaw is not None:
            yield _mended(flaw, path)
    return rewritten


def _meta_flaw(schema: Schema) -> jsonschema_rs.ValidationError | None:
    """What the meta-schema of the draft that a schema names, or else of 2020-12, refuses."""
    try:
        jsonschema_rs.meta.validate(schema)
    except jsonschema_rs.ValidationError as error:
        return error
    except jsonschema_rs.ReferencingError:
        return _meta_flaw({key: value for key, value in schema.items() if key != "$schema"})
    return None


def _mended(flaw: jsonschema_rs.ValidationError, path: str) -> Violation:
    where = join_path(path, *flaw.instance_path)
    message = f"{where}: {cut(flaw)}; JSON Schema does not allow that, though it can be read"
    return Violation(rule="schema", path=where, message=message, value=flaw.instance)
