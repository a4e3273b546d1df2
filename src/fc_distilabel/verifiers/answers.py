"""What an answer states that nothing supports: its numbers, dates, codes and names.

A total that the answer calls one may be reckoned from what the sources list.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, combinations

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

_NAMES = re.compile(
    r"(?<=[a-z,;:] )[A-Z][\w'\u2019-]+(?: (?:(?:of|the|and|de|&) )?[A-Z][\w'\u2019-]+){1,8}",
    re.ASCII,
)
_TOTAL = re.compile(
    r"\b(?:total\w{0,3}|sum|altogether|in all|combined)\b|共|总|合计", re.IGNORECASE
)
_NEAR = 40
"""Characters before and after a number that may call it a total."""
_LINE = re.compile(r"^(\w{1,60}): (-?\d{1,15}(?:\.\d{1,9})?)$", re.MULTILINE)
_MOST = 40
"""Numbers that totals are reckoned from."""


def unsupported_values(text: str, sources: Sequence[str]) -> list[str]:
    """The facts of an answer (numbers, dates, codes, names, ...) that stand in no source."""
    readings = [read(source) for source in sources]
    keys = frozenset(map(_as_number, chain.from_iterable(r.keys for r in readings)))
    missing = [m for m in mentions(text) if m.fact and not _supported(m, keys, readings)]
    totals = _totals(readings) if missing and _TOTAL.search(text) else frozenset()
    found = [m.text for m in missing if not (m.keys & totals and _is_total(m, clean(text)))]
    words = frozenset(word for reading in readings for word in reading.stems.split())
    return [*found, *_unknown_names(text, words)]


def _as_number(key: str) -> str:
    """In an answer a day or a place in an order is a number like any other."""
    kind, _, rest = key.partition(":")
    return f"number:{rest}" if kind in ("part", "place") else key


def _supported(mention: Mention, keys: frozenset[str], readings: Sequence[Reading]) -> bool:
    if not keys.isdisjoint(map(_as_number, mention.keys)):
        return True
    spelled = fold(mention.text)
    return mention.kind == "code" and any(stands_in(spelled, r.folded) for r in readings)


def _is_total(mention: Mention, text: str) -> bool:
    near = text[max(0, mention.start - _NEAR) : mention.end + _NEAR]
    return mention.kind == "number" and bool(_TOTAL.search(near))


def _totals(readings: Sequence[Reading]) -> frozenset[str]:
    """The sums of what results list under one name, and the products of two numbers."""
    columns: dict[str, list[Decimal]] = {}
    for reading in readings:
        for name, value in _LINE.findall(reading.text):
            columns.setdefault(name, []).append(Decimal(value))
    sums = [sum(values, Decimal(0)) for values in columns.values() if len(values) > 1]
    said = (k for r in readings for k in r.keys if k.startswith("number:"))
    numbers = sorted({Decimal(key[7:]) for key in said} - {Decimal(0), Decimal(1)})[:_MOST]
    products = [one * other for one, other in combinations(numbers, 2)]
    return frozenset(map(number_key, [*sums, *products]))


def _unknown_names(text: str, words: frozenset[str]) -> Iterator[str]:
    """Capitalised names of several words in mid-sentence with a word that no source has."""
    for match in _NAMES.finditer(clean(text)):
        parts = stems(fold(match[0])).split()
        if not all(part in words or part in ("of", "the", "and", "de") for part in parts):
            yield match[0]
