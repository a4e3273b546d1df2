"""The strict reading of a schema: an object that lists its properties has no others.

JSON Schema lets an object have whatever its author did not mention, so an invented argument is
valid. Authors rarely mean that. What they say themselves is kept: `additionalProperties`, whatever
its value, and patterns of names.

Where several schemas judge one object (`allOf`, a reference with more beside it, conditions), none
of them may be closed by itself: each would refuse what the others list. There the outermost is
closed, over everything that they list together. Since references share schemas, it takes two
rounds: the first finds which schemas are such parts anywhere; the second closes the others.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.schemas.walk import IN_PLACE, Keys, Layout, Schema, at, layout

MAX_WORK = 100_000
"""Schemas looked at, over and over; what needs more is woven too closely to be meant."""

_OPEN = ("additionalProperties", "unevaluatedProperties", "patternProperties")
_UNIONS = ("anyOf", "oneOf")
_CONDITIONS = ("if", "not")
_MEMBERS = (*_OPEN, "properties", "items", "prefixItems", "unevaluatedItems")
_Group: TypeAlias = frozenset[Keys]


class _Judging(NamedTuple):
    """The schemas that judge one value together."""

    outermost: Keys | None
    """The one that lists properties or brings in those that do; None where several do."""
    sure: frozenset[Keys]
    """Those that always apply."""
    maybe: frozenset[Keys]
    """Those that apply in some cases."""
    parts: frozenset[Keys]
    """Those that must stay open because of this."""
    through: tuple[Keys, ...] = ()
    """Where a mere reference leads: it is closed only if what it refers to must stay open."""


def closed(schema: Schema) -> Schema:
    """A copy in which every object that lists properties takes no others."""
    copied: Schema = json.loads(json.dumps(schema))
    for place, names in left_open(schema):
        found = at(copied, place)
        if names is None:
            found["unevaluatedProperties"] = False
        else:
            listed = found.get("properties", {})
            found["properties"] = listed | {n: True for n in names if n not in listed}
            found["additionalProperties"] = False
    return copied


def left_open(schema: Schema) -> Iterator[tuple[Keys, list[str] | None]]:
    """The places where `schema` has to be closed, and the names that may be there.

    The names are None where they depend on the value. Raises `SchemaError` for a schema that is too
    deep or too large.
    """
    refusal = refuse(schema)
    if refusal:
        raise SchemaError(f"the schema cannot be used: {refusal.message}")
    places = layout(schema)
    judgings = list(_judgings(places))
    parts = frozenset[Keys]().union(*(judging.parts for judging in judgings))
    done: set[Keys] = set()
    for judging in judgings:
        place = judging.outermost
        needed = not judging.through or not parts.isdisjoint(judging.through)
        if place is None or place in parts or place in done or not needed:
            continue
        done.add(place)
        everything = [places.schemas[member] for member in (*judging.sure, *judging.maybe)]
        if _is_left_open(places.schemas[place], everything):
            names = sorted({str(n) for member in everything for n in _listed(member)})
            yield place, None if judging.maybe else names


def _is_left_open(outermost: Schema, everything: list[Schema]) -> bool:
    said = any(keyword in outermost for keyword in _OPEN)
    others = any(
        "patternProperties" in member or member.get("additionalProperties", False) is not False
        for member in everything
    )
    return not said and not others and any("properties" in member for member in everything)


def _listed(schema: Schema) -> Schema:
    listed = schema.get("properties")
    return listed if isinstance(listed, dict) else {}


def _judgings(places: Layout) -> Iterator[_Judging]:
    """Every set of schemas that judges some value, each once."""
    pending: list[_Group] = [frozenset({()})]
    seen: set[_Group] = set()
    work = 0
    while pending:
        group = pending.pop()
        if group in seen:
            continue
        seen.add(group)
        (first,) = group if len(group) == 1 else ((),)
        branches = _alternatives(places, first) if len(group) == 1 else []
        if branches:
            pending.extend(frozenset({branch}) for branch in branches)
            continue
        judging = _judging(places, group)
        work += len(judging.sure) + len(judging.maybe)
        if work > MAX_WORK:
            raise SchemaError("the schema has too many parts that judge one value together")
        yield judging
        pending.extend(frozenset({target}) for target in judging.through)
        pending.extend(() if judging.through else _member_groups(places, judging))


def _alternatives(places: Layout, place: Keys) -> list[Keys]:
    """The branches of a schema that is nothing but a choice; each stands by itself."""
    schema = places.schemas[place]
    others = (*IN_PLACE, "$ref", "$dynamicRef", *_MEMBERS)
    if any(keyword in schema for keyword in others if keyword not in _UNIONS):
        return []
    return [branch for keyword in _UNIONS for branch in places.inside(place, keyword)]


def _judging(places: Layout, group: _Group) -> _Judging:
    reached = {place: _reached(places, place) for place in group}
    sure = frozenset[Keys]().union(*(found[0] for found in reached.values()))
    maybe = frozenset[Keys]().union(*(found[1] for found in reached.values())) - sure
    parts = frozenset[Keys]().union(*(found[2] for found in reached.values()))
    if len(group) == 1:
        (place,) = group
        through = _through(places, place)
        return _Judging(place, sure, maybe, frozenset() if through else parts - group, through)
    listing = [
        place
        for place, (always, sometimes, _) in reached.items()
        if any(_listed(places.schemas[member]) for member in always | sometimes)
    ]
    outermost = listing[0] if len(listing) == 1 else None
    return _Judging(outermost, sure, maybe, (parts | group) - {outermost})


def _through(places: Layout, place: Keys) -> tuple[Keys, ...]:
    """Where a schema leads that is nothing but a reference."""
    others = any(keyword in places.schemas[place] for keyword in (*IN_PLACE, *_MEMBERS))
    return () if others else places.references.get(place, ())


def _reached(places: Layout, start: Keys) -> tuple[set[Keys], set[Keys], set[Keys]]:
    """What judges the same value as the schema at `start`: always, sometimes, and all of it."""
    found: dict[Keys, str] = {}
    pending = [(start, "always")]
    rank = {"condition": 0, "sometimes": 1, "always": 2}
    while pending:
        place, how = pending.pop()
        if rank[how] <= rank.get(found.get(place, ""), -1):
            continue
        found[place] = how
        for keyword, inner in places.beside(place):
            step = "always" if keyword in ("$ref", "allOf") else "sometimes"
            step = "condition" if keyword in _CONDITIONS else step
            pending.append((inner, min(how, step, key=rank.__getitem__)))
    always = {place for place, how in found.items() if how == "always"}
    sometimes = {place for place, how in found.items() if how == "sometimes"}
    return always, sometimes, set(found)


def _member_groups(places: Layout, judging: _Judging) -> Iterator[_Group]:
    """What judges one member of the value: what always does, with each that sometimes does."""
    always: dict[Keys, set[Keys]] = defaultdict(set)
    for place in judging.sure:
        for slot, inner in _members(places, place):
            always[slot].add(inner)
    yield from map(frozenset, always.values())
    for place in judging.maybe:
        for slot, inner in _members(places, place):
            yield frozenset({inner, *always.get(slot, ())})


def _members(places: Layout, place: Keys) -> Iterator[tuple[Keys, Keys]]:
    for keyword in _MEMBERS:
        for inner in places.inside(place, keyword):
            yield inner[len(place) :], inner
