"""Places where a schema contradicts itself, or says what can make no difference.

Only what can be told for certain from the words alone is told: whether a schema can be satisfied at
all is as hard as any question, and an author is to be shown plain slips.
"""

import json
from collections.abc import Iterator, Sequence
from typing import TypeAlias
from urllib.parse import quote

import jsonschema_rs

from fc_distilabel.schemas.bounds import MAX_DEPTH, join_path, show
from fc_distilabel.schemas.cost import MAX_EVALUATIONS, evaluations, heaviest
from fc_distilabel.schemas.engine import MAX_BACKTRACKS
from fc_distilabel.schemas.explain import cut
from fc_distilabel.schemas.walk import Keys, Schema, subschemas
from fc_distilabel.schemas.words import JSON_TYPES
from fc_distilabel.types import Json, Violation, canonical_json

Flaws: TypeAlias = Iterator[Violation]

MAX_BRANCHES = 50
"""Alternatives that are compared with each other, which takes time by their square."""

_ADDRESS = "urn:fc-distilabel:tool"
_LIGHT = 100
"""Judgements of one value that are nothing to speak of."""
_RANGES = (
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
)
_ANNOTATIONS = frozenset(("title", "description", "default", "examples", "deprecated", "$comment"))


def flaw(
    rule: str, keys: Keys, message: str, value: Json = None, *, warning: bool = False
) -> Violation:
    """A violation at a place of a tool."""
    path = join_path("", *keys)
    return Violation(
        rule=rule,
        path=path,
        message=message,
        value=value,
        severity="warning" if warning else "error",
    )


def unfit_values(root: Schema, place: str) -> Flaws:
    """Values that the schema itself names must be valid under it; formats are left aside.

    One value is enough to say so; and a default that does not fit keeps nobody from calling.
    """
    # A list of values always allows its own, so those are judged by what stands beside it.
    beside = _without_lists(root)
    for judge, keyword in ((beside, "enum"), (beside, "const"), (root, "default")):
        asked = list(_named_values(root, keyword))
        reasons = _misfits(judge, asked)
        fitting = {keys for index, (keys, _) in enumerate(asked) if index not in reasons}
        told: set[Keys] = set()
        for index, why in sorted(reasons.items()):
            keys, value = asked[index]
            if keys not in told:
                told.add(keys)
                where = (place, *keys, keyword)
                message = f"{join_path('', *where)} {show(value)} does not fit: {why}"
                usable = keyword == "default" or keys in fitting
                yield flaw(keyword, where, message, value, warning=usable)


def _named_values(root: Schema, keyword: str) -> Iterator[tuple[Keys, Json]]:
    """Each value under a keyword, with the place of the schema that names it."""
    found = [(keys, schema) for keys, schema in subschemas(root) if keyword in schema]
    weight = heaviest(root) if found else 0
    for keys, schema in found:
        if _is_light(schema[keyword], weight):
            for value in schema[keyword] if keyword == "enum" else [schema[keyword]]:
                yield keys, value


def _misfits(root: Schema, asked: Sequence[tuple[Keys, Json]]) -> dict[int, str]:
    """Why values do not fit the schemas at their places, by index; all are judged in one go."""
    if not asked:
        return {}
    tool = {keyword: part for keyword, part in root.items() if keyword != "$schema"}
    pointers = ["".join(f"/{join_path('', key)}" for key in keys) for keys, _ in asked]
    judge = jsonschema_rs.Draft202012Validator(
        {
            "$defs": {"tool": {"$id": _ADDRESS, **tool}},
            "prefixItems": [{"$ref": f"{_ADDRESS}#{quote(p, safe='/~')}"} for p in pointers],
        },
        validate_formats=False,
        offline=True,
        pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=MAX_BACKTRACKS),
    )
    reasons: dict[int, str] = {}
    for error in judge.iter_errors([value for _, value in asked]):
        reasons.setdefault(int(error.instance_path[0]), cut(error))
    return reasons


def _is_light(value: Json, weight: int) -> bool:
    """Whether a value can be judged in no time, so often as it may have to be."""
    return weight < _LIGHT or evaluations((weight,) * MAX_DEPTH, value) < MAX_EVALUATIONS


def _without_lists(schema: Schema) -> Schema:
    copied: Schema = json.loads(json.dumps(schema))
    for _, inner in subschemas(copied):
        inner.pop("enum", None)
        inner.pop("const", None)
    return copied


def unsatisfiable(schema: Schema, keys: Keys) -> Flaws:
    """Demands that no value meets, or no object."""
    for low, high in _RANGES:
        if low in schema and high in schema:
            apart = schema[high] - schema[low]
            if apart < 0 or (apart == 0 and "exclusive" in low + high):
                message = (
                    f"{join_path('', *keys)} has {low} {schema[low]} and {high} {schema[high]}"
                )
                yield flaw("unsatisfiable", (*keys, low), f"{message}: nothing fits", schema[low])
    if schema.get("enum") == []:
        message = f"{join_path('', *keys)} lists no value that is allowed"
        yield flaw("unsatisfiable", (*keys, "enum"), message, [])
    for name in schema.get("required", ()):
        if schema.get("properties", {}).get(name) is False:
            message = f"{join_path('', *keys)} requires {show(name)} and forbids it"
            yield flaw("unsatisfiable", (*keys, "properties", name), message, False)
    for index, part in enumerate(schema.get("allOf", ())):
        if isinstance(part, dict) and not _types(part) & _types(schema):
            message = f"{join_path('', *keys, 'allOf', index)} asks for another type than its whole"
            yield flaw("unsatisfiable", (*keys, "allOf", index), message, part)


def unreachable(schema: Schema, keys: Keys) -> Flaws:
    """Alternatives that can never be the one that counts."""
    for keyword in ("anyOf", "oneOf"):
        branches = schema.get(keyword, ())[:MAX_BRANCHES]
        foreign = [
            isinstance(branch, dict) and not _types(branch) & _types(schema) for branch in branches
        ]
        if foreign and all(foreign):
            message = f"{join_path('', *keys, keyword)} offers no alternative of its type"
            yield flaw("unsatisfiable", (*keys, keyword), message)
            continue
        for index, branch in enumerate(branches):
            place = (*keys, keyword, index)
            if foreign[index]:
                message = f"{join_path('', *place)} is of another type than its whole"
                yield flaw("unreachable", place, message, branch, warning=True)
            elif any(_covers(earlier, branch) for earlier in branches[:index]):
                message = (
                    f"{join_path('', *place)} allows nothing that an alternative before does not"
                )
                yield flaw("unreachable", place, message, branch, warning=True)


def _covers(wide: Json, narrow: Json) -> bool:
    """Whether all that `narrow` allows is plainly allowed by `wide`."""
    wide, narrow = _asserted(wide), _asserted(narrow)
    if wide in (True, {}) or canonical_json(wide) == canonical_json(narrow):
        return True
    if not (isinstance(wide, dict) and isinstance(narrow, dict)):
        return False
    if "type" in wide and not ("type" in narrow and _types(narrow) <= _types(wide)):
        return False
    if "enum" in wide:
        values = {canonical_json(value) for value in wide["enum"]}
        if not {canonical_json(value) for value in narrow.get("enum", [None, wide])} <= values:
            return False
    return set(wide) <= {"type", "enum"}


def _asserted(schema: Json) -> Json:
    """The schema without what says nothing about values."""
    if not isinstance(schema, dict):
        return schema
    return {keyword: value for keyword, value in schema.items() if keyword not in _ANNOTATIONS}


def _types(schema: Schema) -> set[str]:
    """The types that a schema's own `type` lets pass; every integer is a number."""
    told = schema.get("type", JSON_TYPES)
    types = {told} if isinstance(told, str) else set(told)
    return types | ({"integer"} if "number" in types else set())
