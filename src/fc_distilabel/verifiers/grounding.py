"""Where each argument value comes from, and what an answer states that nothing supports.

A value is grounded when the conversation before the call carries it: word for word, or as the same
fact in another spelling. Meaning is not guessed: a value that would need knowledge or arithmetic
counts as ungrounded, and who made it up has to say where it comes from.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from fc_distilabel.schemas.engine import join_path, refuse
from fc_distilabel.types import Json, Message, Provenance, ToolCall
from fc_distilabel.verifiers.normalize import (
    Mention,
    Reading,
    clean,
    fold,
    mentions,
    number_key,
    read,
    stands_in,
    stems,
)

BY_SCHEMA = "schema"
"""Source of a value that the schema itself gives: a default, or the only one allowed."""

_SOURCES = ("system", "user", "tool")
_GLUE = re.compile(r"(?:[\s.,;:/~T°%$€£¥()\u2013-]|\bto\b|\band\b|至|到)*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACE = re.compile(r"([^,]{2,60}), ?[A-Z]{2}")
"""`Austin, TX`: schemas ask for the region's code, people leave it out."""
_PADDING = frozenset({"time:00:00", "time:23:59", "time:23:59:59"})
"""Times that only fill up a date to a date-time."""
_PROSE_DEFAULT = re.compile(
    r"\bdefaults?\b(?: value)?(?: is| to|s? to|:| =)? ?([^.;,)]{1,40})", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NAMES = re.compile(
    r"(?<=[a-z,;:] )[A-Z][\w'\u2019-]+(?: (?:(?:of|the|and|de|&) )?[A-Z][\w'\u2019-]+){1,8}",
    re.ASCII,
)
_COMMON_CUES = frozenset(
    fold("is has have include want need use get show allow only flag enable with").split()
)


class Leaf(NamedTuple):
    """One value inside the arguments, and what the schema says of it."""

    path: str
    value: Json
    schema: dict[str, Any]
    optional: bool
    name: str
    """The nearest property name."""


def ground_call(
    call_index: int, call: ToolCall, schema: dict[str, Any], messages: Sequence[Message]
) -> list[Provenance]:
    """The source of every value in a call's arguments; `messages` are those before the call."""
    if refuse(call.arguments):
        return []  # not JSON at all: the validity of arguments reports it
    sources = [
        (f"messages/{index}", read(message.content))
        for index, message in enumerate(messages)
        if message.role in _SOURCES
    ]
    root = Leaf(str(call_index), call.arguments, schema, False, "")
    return [_ground(leaf, sources) for leaf in _leaves(root, schema)]


def unsupported_values(text: str, sources: Sequence[str]) -> list[str]:
    """The facts of an answer (numbers, dates, codes, names, ...) that stand in no source."""
    readings = [read(source) for source in sources]
    keys = frozenset[str]().union(*(reading.keys for reading in readings))
    found = [m.text for m in mentions(text) if m.fact and not _supported(m, keys, readings)]
    words = frozenset(word for reading in readings for word in reading.stems.split())
    return [*found, *_unknown_names(text, words)]


def _supported(mention: Mention, keys: frozenset[str], readings: Sequence[Reading]) -> bool:
    if mention.keys & keys:
        return True
    spelled = fold(mention.text)
    return mention.kind == "code" and any(stands_in(spelled, r.folded) for r in readings)


def _unknown_names(text: str, words: frozenset[str]) -> Iterator[str]:
    """Capitalised names of several words in mid-sentence with a word that no source has."""
    for match in _NAMES.finditer(clean(text)):
        parts = stems(fold(match[0])).split()
        if not all(part in words or part in ("of", "the", "and", "de") for part in parts):
            yield match[0]


def _leaves(leaf: Leaf, root: dict[str, Any]) -> Iterator[Leaf]:
    """All scalar values below, each with its part of the schema; empty containers carry nothing."""
    schema = _resolved(leaf.schema, root)
    if isinstance(leaf.value, dict):
        required = schema.get("required", ())
        for name, value in leaf.value.items():
            inner = _property(schema, name, root)
            path = join_path(leaf.path, name)
            yield from _leaves(Leaf(path, value, inner, name not in required, name), root)
    elif isinstance(leaf.value, list):
        items = schema.get("items")
        part = items if isinstance(items, dict) else {}
        for index, value in enumerate(leaf.value):
            path = join_path(leaf.path, index)
            yield from _leaves(leaf._replace(path=path, value=value, schema=part), root)
    else:
        yield leaf._replace(schema=schema)


def _property(schema: dict[str, Any], name: str, root: dict[str, Any]) -> dict[str, Any]:
    """The schema of a property, looked for in the alternatives too."""
    parts = [
        schema,
        *(_resolved(p, root) for key in ("anyOf", "oneOf", "allOf") for p in schema.get(key, ())),
    ]
    for part in parts:
        inner = part.get("properties", {}).get(name)
        if isinstance(inner, dict):
            return inner
    return {}


def _resolved(schema: Json, root: dict[str, Any]) -> dict[str, Any]:
    """Follow one local `$ref`; schemas here have been checked, so that it leads somewhere."""
    if not isinstance(schema, dict):
        return {}
    target = schema.get("$ref")
    if not (isinstance(target, str) and target.startswith("#/")):
        return schema
    found: Json = root
    for key in target[2:].split("/"):
        found = (
            found.get(key.replace("~1", "/").replace("~0", "~"))
            if isinstance(found, dict)
            else None
        )
    return found if isinstance(found, dict) else {}


def _ground(leaf: Leaf, sources: Sequence[tuple[str, Reading]]) -> Provenance:
    for how, test in _tests(leaf):
        for source, reading in sources:
            if test(reading):
                return Provenance(path=leaf.path, value=leaf.value, source=source, how=how)
    given = _given_by_schema(leaf)
    if given:
        return Provenance(path=leaf.path, value=leaf.value, source=BY_SCHEMA, how=given)
    return Provenance(path=leaf.path, value=leaf.value, source=None, how="")


def _given_by_schema(leaf: Leaf) -> str:
    schema, value = leaf.schema, leaf.value
    if leaf.optional and _is_default(schema, value):
        return "default"
    only = [schema["const"]] if "const" in schema else schema.get("enum", ())
    return "only" if len(only) == 1 and _same(only[0], value) else ""


def _is_default(schema: dict[str, Any], value: Json) -> bool:
    """Whether the value is the schema's default, or the one that its description names."""
    if "default" in schema:
        return _same(schema["default"], value)
    told = _PROSE_DEFAULT.search(str(schema.get("description", "")))
    return told is not None and fold(told[1]) == fold(str(value))


def _same(one: Json, other: Json) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


_Test = Callable[[Reading], bool]


def _tests(leaf: Leaf) -> Iterator[tuple[str, _Test]]:
    """The ways in which a text may carry the value, the plainest first."""
    value = leaf.value
    if isinstance(value, bool) or str(value).casefold() in ("true", "false"):
        yield "boolean", _cue_test(leaf.name)
    elif isinstance(value, int | float):
        key = number_key(value)
        yield "number", lambda r: key in r.keys
    elif isinstance(value, str) and value.strip():
        yield from _string_tests(value.strip(), leaf)


def _cue_test(name: str) -> _Test:
    """A flag is never said as `true`, but what it is about (`include_breakfast`) can be."""
    words = [w for w in _words(name).split() if len(w) > 2 and w not in _COMMON_CUES]
    return lambda r: any(_inflected(word, r) for word in words)


def _inflected(word: str, reading: Reading) -> bool:
    """Whether a word of the text begins like this one: `immediate` and `immediately`."""
    return f" {word[: max(5, len(word) - 3)]}" in f" {reading.folded}"


def _string_tests(value: str, leaf: Leaf) -> Iterator[tuple[str, _Test]]:
    facts = _all_facts(value)
    if facts and facts[0].kind == "number":
        # A bare number is compared as one, since as text `5` would stand in `2.5`.
        yield "number", lambda r: _carries(r, facts)
        return
    exact, spelled = clean(value), _words(value)
    yield "verbatim", lambda r: stands_in(exact, r.text)
    if spelled:
        named = "enum" if "enum" in leaf.schema else "case"
        yield named, lambda r: stands_in(fold(value), r.folded) or stands_in(spelled, r.folded)
    if facts:
        told = [f for f in facts if not (f.keys & _PADDING)] or facts
        yield facts[0].kind, lambda r: _carries(r, told)
    elif spelled:
        yield "inflection", lambda r: stands_in(stems(spelled), r.stems)
    if "enum" in leaf.schema and spelled:
        # Among a few listed values a word's beginning decides; among free text it would not.
        yield "inflection", lambda r: all(_inflected(word, r) for word in spelled.split())
    place = _PLACE.fullmatch(value)
    if place:
        yield "region", lambda r: stands_in(fold(place[1]), r.folded)


def _words(value: str) -> str:
    """Folded words of a value or name, with `camelCase` taken apart."""
    return fold(_CAMEL.sub(" ", value))


def _all_facts(value: str) -> tuple[Mention, ...]:
    """The facts that a string consists of, if it consists of nothing else."""
    found, text = mentions(value), clean(value)
    starts = [mention.start for mention in found] + [len(text)]
    ends = [0] + [mention.start + len(mention.text) for mention in found]
    between = " ".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    return found if found and _GLUE.fullmatch(between) else ()


def _carries(reading: Reading, facts: Sequence[Mention]) -> bool:
    return all(
        fact.keys & reading.keys or (fact.kind == "date" and _carries_day(reading, fact))
        for fact in facts
    )


def _carries_day(reading: Reading, fact: Mention) -> bool:
    """A date said without its year, in a text that names no year at all or that very one."""
    days = {part for part in fact.parts if part.startswith("date:--")}
    years = set(_YEAR.findall(reading.text))
    return bool(days & reading.keys) and (
        not years or any(y in key for y in years for key in fact.keys)
    )
