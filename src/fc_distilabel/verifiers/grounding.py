"""Where each argument value comes from.

A value is grounded when the conversation before the call carries it: word for word, as the same
fact in another spelling, or by a rule that anyone would follow (a unit, a date's distance, a flag's
polarity). What needs knowledge counts as ungrounded, and who made it up has to say where it comes
from.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.types import Message, Provenance, ToolCall
from fc_distilabel.verifiers import amounts, flags, strings
from fc_distilabel.verifiers.answers import unsupported_values
from fc_distilabel.verifiers.facts.calendar import Scene, scene
from fc_distilabel.verifiers.facts.mention import Mention
from fc_distilabel.verifiers.leaves import Leaf, given_by_schema, leaves
from fc_distilabel.verifiers.normalize import (
    Reading,
    clean,
    days_meant,
    fold,
    mentions,
    number_key,
    read,
    stands_in,
    stems,
    words_of,
)

__all__ = ["BY_SCHEMA", "GUESSED", "ground_call", "unsupported_values"]

BY_SCHEMA = "schema"
"""Source of a value that the schema itself gives: a default, or the only one allowed."""

GUESSED = "choice"
"""How a value came about that nobody named: one of few that the schema allows."""

_SOURCES = ("system", "user", "tool")
_GLUE = re.compile(r"(?:[\s.,;:/~T°%$€£¥()\u2013-]|\bto\b|\band\b|至|到)*")
_PADDING = frozenset({"time:00:00", "time:23:59", "time:23:59:59"})
"""Times that only fill up a date to a date-time."""
_FEW = 5
"""Values of an enum among which a choice may be left open."""
_YES = re.compile(
    r"\s*(?:yes|yeah|sure|ok|okay|please|great|good|go ahead|correct|right|that)\b"
    r"|\s*(?:好|是|可以|行|对|嗯|没问题)",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[^.?!\n。？！]*[?？]")


class Source(NamedTuple):
    """A message that may carry values."""

    name: str
    role: str
    reading: Reading


_Test = Callable[[Source], bool]


def ground_call(
    call_index: int, call: ToolCall, schema: dict[str, Any], messages: Sequence[Message]
) -> list[Provenance]:
    """The source of every value in a call's arguments; `messages` are those before the call."""
    if refuse(call.arguments):
        return []  # not JSON at all: the validity of arguments reports it
    told = [*_told(messages)]
    now = scene((s.reading.text, s.reading.mentions) for s in told)
    heard = [*_heard(messages)]
    root = Leaf(str(call_index), call.arguments, schema, False, "")
    return [_ground(leaf, told, heard, now) for leaf in leaves(root, schema)]


def _told(messages: Sequence[Message]) -> Iterator[Source]:
    for index, message in enumerate(messages):
        if message.role in _SOURCES:
            yield Source(f"messages/{index}", message.role, read(message.content))


def _heard(messages: Sequence[Message]) -> Iterator[Source]:
    """What the assistant said and the user took up: with results on record, only by agreeing."""
    results = any(message.role == "tool" for message in messages)
    for index, (message, reply) in enumerate(pairwise(messages)):
        if message.role != "assistant" or reply.role != "user":
            continue
        agreed = _YES.match(reply.content)
        text = message.content if agreed else _QUESTION.sub(" ", message.content)
        if text.strip() and (agreed or not results):
            yield Source(f"messages/{index}", message.role, read(text))


def _ground(leaf: Leaf, told: Sequence[Source], heard: Sequence[Source], now: Scene) -> Provenance:
    for sources in (told, heard):
        for how, test in _tests(leaf, now):
            for source in sources:
                if test(source):
                    return _from(leaf, source.name, how)
    given = given_by_schema(leaf) or _left_off(leaf, told) or _left_open(leaf, told, now)
    return _from(leaf, BY_SCHEMA, given) if given else _from(leaf, None, "")


def _from(leaf: Leaf, source: str | None, how: str) -> Provenance:
    return Provenance(path=leaf.path, value=leaf.value, source=source, how=how)


def _left_off(leaf: Leaf, told: Sequence[Source]) -> str:
    """A flag that nobody spoke of is off."""
    off = flags.truth(leaf.value) is False
    return "off" if off and all(flags.wanted(leaf, s.reading) is None for s in told) else ""


def _left_open(leaf: Leaf, told: Sequence[Source], now: Scene) -> str:
    """One of the few values that the schema allows, where the text speaks for none of the others.

    The schema gave it, yet somebody chose: whoever trusts no choice can tell it by the name.
    """
    allowed = leaf.schema.get("enum", ())
    if leaf.value not in allowed or not 1 < len(allowed) <= _FEW:
        return ""
    others = [leaf._replace(value=other) for other in allowed if other != leaf.value]
    tests = [test for other in others for _, test in _tests(other, now)]
    return "" if any(test(source) for test in tests for source in told) else GUESSED


def _tests(leaf: Leaf, now: Scene) -> Iterator[tuple[str, _Test]]:
    """The ways in which a text may carry the value, the plainest first."""
    value = leaf.value
    truth = flags.truth(value)
    if truth is not None:
        yield "boolean", lambda s: flags.wanted(leaf, s.reading) is truth
        yield "boolean", lambda s: s.role == "user" and _hinted(leaf, s.reading) is truth
    elif isinstance(value, int | float | Decimal):
        yield from _number_tests(leaf, now)
    elif isinstance(value, str) and value.strip():
        yield from _string_tests(value.strip(), leaf, now)
    if isinstance(value, str | int | bool):
        spelled = str(value).lower() if isinstance(value, bool) else str(value)
        yield (
            "explained",
            lambda s: s.role != "system" and strings.is_explained(spelled, leaf, s.reading),
        )


def _hinted(leaf: Leaf, reading: Reading) -> bool | None:
    return flags.hinted(leaf, reading) if flags.wanted(leaf, reading) is None else None


def _number_tests(leaf: Leaf, now: Scene) -> Iterator[tuple[str, _Test]]:
    number = amounts.amount(leaf.value)
    if number is None:
        return
    key = number_key(number)
    yield "number", lambda s: key in s.reading.keys
    yield "date", lambda s: amounts.said_as_month(number, leaf, s.reading)
    yield "date", lambda s: amounts.said_as_part(number, leaf, s.reading.keys)
    yield "date", lambda s: amounts.said_as_part(number, leaf, days_meant(s.reading, now))
    yield "unit", lambda s: amounts.said_in_units(number, leaf, s.reading)
    yield "sign", lambda s: amounts.said_below_zero(number, s.reading)
    yield "number", lambda s: amounts.said_as_count(number, leaf, s.reading)
    yield "arithmetic", lambda s: s.role == "user" and amounts.reckoned(number, s.reading)


def _string_tests(value: str, leaf: Leaf, now: Scene) -> Iterator[tuple[str, _Test]]:
    yield from _spelled_tests(value, leaf, now)
    yield "date", lambda s: strings.is_short_date(value, s.reading)
    facts = _all_facts(value)
    if facts and facts[0].kind == "number":
        return
    yield "unit", lambda s: strings.is_unit(value, leaf, s.reading)
    yield "unit", lambda s: strings.is_quantity(value, s.reading)
    yield "name", lambda s: strings.is_named(value, s.reading)
    yield "order", lambda s: strings.is_reordered(stems(words_of(value)).split(), s.reading)
    if facts:
        return
    if leaf.listed:
        # Among a few listed values a word's beginning decides; among free text it would not.
        words = words_of(value).split()
        yield "inflection", lambda s: all(map(s.reading.begins, words)) if words else False
        yield "enum", lambda s: strings.is_distinguished(value, leaf, s.reading)
    yield "operator", lambda s: strings.is_operator(value, s.reading)
    yield "region", lambda s: strings.is_place(value, leaf, s.reading)
    yield "initials", lambda s: strings.is_abbreviated(value, s.reading)
    parts = strings.pieces(value)
    if parts:
        tests = [[t for _, t in _spelled_tests(part, leaf, now)] for part in parts]
        yield "parts", lambda s: all(any(t(s) for t in one) for one in tests)
    yield "romanised", lambda s: strings.is_romanised(value, s.reading)
    yield "boolean", lambda s: flags.refused(leaf, s.reading)
    yield "language", lambda s: s.role == "user" and strings.is_spoken(value, leaf, s.reading)
    yield "described", lambda s: strings.is_described(value, leaf, s.reading)
    yield "reworded", lambda s: strings.is_reworded(value, s.reading)


def _spelled_tests(value: str, leaf: Leaf, now: Scene) -> Iterator[tuple[str, _Test]]:
    facts = _all_facts(value)
    if facts and facts[0].kind == "number":
        # A bare number is compared as one, since as text `5` would stand in `2.5`.
        yield "number", lambda s: _carries(s.reading, facts, now)
        if amounts.amount(value) is not None:
            yield from _number_tests(leaf._replace(value=float(value)), now)
        return
    exact, spelled = clean(value), words_of(value)
    yield "verbatim", lambda s: stands_in(exact, s.reading.text)
    if spelled:
        named = "enum" if "enum" in leaf.schema else "case"
        yield named, lambda s: any(stands_in(w, s.reading.folded) for w in (fold(value), spelled))
    if facts:
        told = [f for f in facts if not (f.keys & _PADDING)] or facts
        yield facts[0].kind, lambda s: _carries(s.reading, told, now)
        if leaf.among and facts[0].kind == "date":
            yield "range", lambda s: _between(s.reading, facts[0])
    elif spelled:
        yield "inflection", lambda s: stands_in(stems(spelled), s.reading.stems)
        yield "inflection", lambda s: strings.is_bare(value, s.reading)


def _all_facts(value: str) -> tuple[Mention, ...]:
    """The facts that a string consists of, if it consists of nothing else."""
    text = clean(value)
    found = tuple(m for m in mentions(value) if m.kind != "month")
    starts = [mention.start for mention in found] + [len(text)]
    ends = [0] + [mention.end for mention in found]
    between = " ".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    return found if found and _GLUE.fullmatch(between) else ()


def _carries(reading: Reading, facts: Sequence[Mention], now: Scene) -> bool:
    return all(
        fact.keys & reading.keys
        or fact.keys & days_meant(reading, now)
        or (fact.kind == "date" and _carries_day(reading, fact, now))
        for fact in facts
    )


def _carries_day(reading: Reading, fact: Mention, now: Scene) -> bool:
    """A date that is meant by its distance, or said without its year where the year is allowed."""
    days = {part for part in fact.parts if part.startswith("date:--")}
    years = {int(key[5:9]) for key in fact.keys if not key.startswith("date:-")}
    return bool(days & reading.keys) and any(map(now.allows, years))


def _between(reading: Reading, fact: Mention) -> bool:
    """A day in a list that goes from one said day to another."""
    days = sorted(key for key in reading.keys if len(key) == 15 and key.startswith("date:"))
    return bool(days) and any(days[0] < key < days[-1] for key in fact.keys)
