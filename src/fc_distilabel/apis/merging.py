"""One schema out of what references and alternatives say of the same value.

An alternative is chosen by chance; what stands beside it is laid over it, the narrower of two
bounds counts. The result need not be exact: whoever draws from it judges by the whole schema
afterwards.
"""

import random
from typing import Any

from fc_distilabel.schemas.walk import Schema, at, pointed
from fc_distilabel.types import Json

MAX_HOPS = 64
_LEAST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_MOST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")


def merged(root: Json, schema: Json, random_: random.Random) -> Schema:
    """The schema with references, `allOf`, and one alternative of each choice put in."""
    whole: Schema = {}
    pending: list[Json] = [schema]
    for _ in range(MAX_HOPS):
        if not pending:
            break
        part = pending.pop()
        if part is False:
            whole = _laid(whole, {"enum": []})
        if not isinstance(part, dict):
            continue
        whole = _laid(whole, part)
        pending += part.get("allOf", ())
        pending += [_chosen(part[word], random_) for word in ("anyOf", "oneOf") if part.get(word)]
        if "if" in part:
            holds = random_.random() < 0.5
            pending += [part["if"], part.get("then")] if holds else [part.get("else")]
        if isinstance(part.get("$ref"), str):
            pending.append(_target(root, part["$ref"]))
    return whole


def _chosen(branches: list[Json], random_: random.Random) -> Json:
    """One alternative; null only now and then."""
    told = [branch for branch in branches if branch != {"type": "null"}]
    return random_.choice(told if told and random_.random() < 0.85 else branches)


def _target(root: Json, reference: str) -> Json:
    place = pointed(root, reference[1:]) if reference[:2] in ("#", "#/") else None
    return True if place is None else at(root, place)


def _laid(one: Schema, other: Schema) -> Schema:
    """Both schemas in one."""
    laid = {**one}
    for keyword, said in other.items():
        laid[keyword] = _both(keyword, one[keyword], said) if keyword in one else said
    return laid


def _both(keyword: str, one: Json, other: Json) -> Any:
    if keyword == "properties":
        both = one.keys() & other.keys()
        return {**one, **other, **{name: {"allOf": [one[name], other[name]]} for name in both}}
    if keyword == "required":
        return list(dict.fromkeys([*one, *other]))
    if keyword == "enum":
        return [value for value in one if value in other]
    if keyword == "type":
        return _common(one, other)
    if keyword in _LEAST:
        return min(one, other)
    return max(one, other) if keyword in _MOST else other


def _common(one: Json, other: Json) -> list[str] | str:
    """The types that both allow; an integer is a number."""
    first, second = ([kinds] if isinstance(kinds, str) else kinds for kinds in (one, other))
    narrow = [
        kind
        for kind in ("string", "integer", "number", "boolean", "object", "array", "null")
        if (kind in first or (kind == "integer" and "number" in first))
        and (kind in second or (kind == "integer" and "number" in second))
    ]
    return [kind for kind in first if kind in narrow] or narrow or second
