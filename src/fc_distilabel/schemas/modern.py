"""Older and foreign dialects of JSON Schema in the words of 2020-12.

OpenAPI 3.0, Gemini and BFCL each took JSON Schema and changed some words; drafts 4 to 7 had others.
No two of them use one word for two things, so one pass reads them all: it need not be told which
dialect a schema is written in, and a schema that mixes them is read as well. What no dialect
explains is left as it is, for the meta-schema to refuse.
"""

from fc_distilabel.schemas.bounds import join_path, show
from fc_distilabel.schemas.keywords import STEPS, renamed
from fc_distilabel.schemas.reading import Change, Reader
from fc_distilabel.schemas.walk import (
    HOLDERS,
    SCHEMA_SLOTS,
    Keys,
    Schema,
    pointed,
    subschemas,
    under,
)
from fc_distilabel.schemas.words import read_type
from fc_distilabel.types import Json

_Moves = dict[Keys, Keys]


def modern(schema: Schema, path: str) -> Reader[Schema]:
    """A whole schema in the words of 2020-12; its references follow what moved."""
    moves: _Moves = {}
    rewritten: Schema = yield from _rewritten(schema, path, (), (), moves)
    address = ""
    for keyword in ("$id", "id"):
        if isinstance(rewritten.get(keyword), str):
            address = rewritten.pop(keyword)
            yield Change(path=join_path(path, keyword), message=f"{show(address)} was left out")
    if moves or address:
        for _, inner in subschemas(rewritten):
            inner.update(_followed(schema, inner, moves, address))
    return rewritten


def modern_part(schema: Json, path: str) -> Reader[Json]:
    """A part of a document in the words of 2020-12; its references stay as they are."""
    return (yield from _rewritten(schema, path, (), (), {}))


def _rewritten(value: Json, path: str, old: Keys, new: Keys, moves: _Moves) -> Reader[Json]:
    """The schema that stood at `old` and will stand at `new`."""
    read = read_type(value) if isinstance(value, str) else None
    if read is not None:
        yield Change(path=path, message=f"`{value}` became `{show(read)}`")
        return read
    if not isinstance(value, dict):
        return value
    schema = dict(value)
    for step in STEPS:
        yield from step(schema, path)
    origins = yield from renamed(schema, path)
    for keyword in [k for k in schema if k in HOLDERS]:
        holder = schema
        if isinstance(schema[keyword], dict | list) and keyword not in SCHEMA_SLOTS:
            holder = schema[keyword] = schema[keyword].copy()  # never the caller's
        for suffix, inner in list(under(schema, keyword)):
            before = (*old, origins.get(keyword, keyword), *suffix[1:])
            after = new + suffix
            if before != after:
                moves[before] = after
            there = join_path(path, *suffix)
            holder[suffix[-1]] = yield from _rewritten(inner, there, before, after, moves)
    return schema


def _followed(original: Schema, schema: Schema, moves: _Moves, address: str) -> dict[str, str]:
    """The schema's reference, if it has to lead elsewhere now."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return {}
    local = reference.removeprefix(address) or "#" if address else reference
    place = pointed(original, local[1:]) if local.startswith("#/") else None
    target = moves.get(place or ())
    return {"$ref": local if target is None else f"#/{join_path('', *target)}"}
