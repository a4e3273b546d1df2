"""What counts as JSON that can be handled at all, and how values and places are spelled.

A native validator fed a value that JSON cannot carry (NaN, half a surrogate pair, endless nesting)
fails in ways that no caller could handle, so every instance passes here first. The common case, a
small sound value, is settled in about a microsecond; what is not settled is looked at again, to say
what is wrong with it and where.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from fc_distilabel.types import Json, Violation, canonical_json

MAX_DEPTH = 64
"""Levels of nesting; the deepest real tool schema seen has 22."""
MAX_SIZE = 1_000_000
"""Bytes of text plus one per value, which is close to the size of the canonical JSON."""
MIN_INTEGER, MAX_INTEGER = -(2**63), 2**64 - 1
"""What other JSON readers (Arrow, Rust, Go) can hold; Python alone takes more."""

_SHOWN = 80
_Trail: TypeAlias = tuple[Any, ...]  # a linked list `(parent, key)`; `()` is the root


def refuse(value: Json, path: str = "") -> Violation | None:
    """Why `value` is not JSON that can be handled at all, or None when it is."""
    return None if _room((value,), 1, MAX_SIZE) >= 0 else _refusal(value, path)


def join_path(path: str, *keys: str | int) -> str:
    """Continue a path by keys, with `~` and `/` inside a key escaped as in JSON Pointer."""
    for key in keys:
        step = str(key)
        if "~" in step or "/" in step:
            step = step.replace("~", "~0").replace("/", "~1")
        path = f"{path}/{step}" if path else step
    return path


def show(value: Json) -> str:
    """A value for people: canonical JSON, cut to a readable length."""
    if refuse(value) is not None:
        return f"a {type(value).__name__} that is not sound JSON"
    text = canonical_json(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _room(items: Iterable[Json], depth: int, room: int) -> int:
    """What sound values leave of the size bound; negative when something needs a closer look."""
    if depth > MAX_DEPTH:
        return -1
    for item in items:
        kind = type(item)
        room -= 1
        if kind is str:
            room -= len(item)
            if not item.isascii() and _has_surrogate(item):
                return -1
        elif kind is int:
            if not MIN_INTEGER <= item <= MAX_INTEGER:
                return -1
        elif kind is list:
            room = _room(item, depth + 1, room)
        elif kind is dict:
            for key in item:
                if type(key) is not str or (not key.isascii() and _has_surrogate(key)):
                    return -1
                room -= len(key)
            room = _room(item.values(), depth + 1, room)
        elif not (item is None or kind is bool or (kind is float and math.isfinite(item))):
            return -1
        if room < 0:
            return -1
    return room


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _refusal(value: Json, path: str) -> Violation | None:
    """The first flaw with its place, found without recursion."""
    size = 0
    pending: list[tuple[Json, int, _Trail]] = [(value, 1, ())]
    while pending:
        item, depth, trail = pending.pop()
        flaw, cost = _flaw(item)
        size += cost
        if depth > MAX_DEPTH:
            flaw = ("depth", f"is nested more than {MAX_DEPTH} levels deep")
        elif size > MAX_SIZE:
            flaw = ("size", f"is larger than {MAX_SIZE:,} bytes as JSON")
            trail = ()
        if flaw:
            return _as_violation(flaw, path, trail)
        pending.extend((child, depth + 1, (trail, key)) for key, child in _children(item))
    return None


def _flaw(item: Json) -> tuple[tuple[str, str] | None, int]:
    """What is wrong with one value by itself, and what it costs of the size bound."""
    texts = [item] if isinstance(item, str) else list(item) if isinstance(item, dict) else []
    if not all(isinstance(text, str) for text in texts):
        return ("json", "has a key that is not a string"), 1
    cost = 1 + sum(map(len, texts))
    if cost <= MAX_SIZE and any(map(_has_surrogate, texts)):
        return ("json", "holds half a surrogate pair, which is not text"), cost
    if isinstance(item, float) and not math.isfinite(item):
        return ("json", f"is {item}, but must be a finite number"), cost
    if isinstance(item, int) and not MIN_INTEGER <= item <= MAX_INTEGER:
        return ("json", "is an integer that does not fit into 64 bits"), cost
    if not isinstance(item, str | int | float | dict | list | None):
        return ("json", f"is a Python {type(item).__name__}, which is not a JSON value"), cost
    return None, cost


def _children(item: Json) -> Iterator[tuple[str | int, Json]]:
    if isinstance(item, dict):
        yield from item.items()
    elif isinstance(item, list):
        yield from enumerate(item)


def _as_violation(flaw: tuple[str, str], path: str, trail: _Trail) -> Violation:
    keys: list[str | int] = []
    while trail:
        trail, key = trail
        keys.append(key)
    rule, what = flaw
    place = join_path("", *reversed(keys))
    return Violation(
        rule=rule, path=join_path(path, *reversed(keys)), message=f"{place or 'value'} {what}"
    )
