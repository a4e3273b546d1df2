"""A JSON value as a tree of rows, each with what is known of it: its source and what is wrong.

Numbers are shown by their text, since a browser's numbers are shorter than JSON's. A place that is
only named, because what should stand there is missing, becomes a row without a value.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from fc_distilabel.feedback.review.room import Room
from fc_distilabel.schemas.places import Keys, found_at, scalars
from fc_distilabel.types import Json

Node: TypeAlias = dict[str, Json]
"""`{"key", "type", "text" or "items", ...}`, and of cuts and notes what there is."""

MAX_DEPTH = 12
MAX_ITEMS = 200
MAX_KEY = 120


class Note(NamedTuple):
    """Something known of a place in a value."""

    keys: Keys
    what: Node
    """`{"from": ...}`, `{"flaw": ...}` or `{"differs": True}`."""


def tree(key: str, value: Json, notes: Sequence[Note], room: Room, depth: int = 0) -> Node:
    """The value, and within it the notes, whose keys lead from the value on."""
    node: Node = {"key": shortened(key), "type": type_of(value)}
    if isinstance(value, dict | list) and depth < MAX_DEPTH and room.node():
        return (
            node
            | _noted(note for note in notes if not note.keys)
            | _branch(value, [note for note in notes if note.keys], room, depth)
        )
    return node | _noted(notes) | room.json(value)


def shortened(key: str) -> str:
    """A name of a parameter, of which people read the beginning."""
    return key if len(key) <= MAX_KEY else f"{key[:MAX_KEY]}\u2026"


def type_of(value: Json) -> str:
    """The name of a value's type, as JSON Schema has it."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, str | int):
        return "string" if isinstance(value, str) else "integer"
    return "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "number"


def differences(value: Json, other: Json) -> Iterator[Note]:
    """A note wherever one has a scalar that the other has not, or has otherwise."""
    for keys, scalar in scalars(value):
        if not _same_at(other, keys, scalar):
            yield Note(keys, {"differs": True})
    for keys, _ in scalars(other):
        lacking = _first_lacking(value, keys)
        if lacking:
            yield Note(lacking, {"differs": True})


def _same_at(value: Json, keys: Keys, scalar: Json) -> bool:
    try:
        found = found_at(value, keys)
    except KeyError:
        return False
    return isinstance(found, bool) == isinstance(scalar, bool) and bool(found == scalar)


def _first_lacking(value: Json, keys: Keys) -> Keys:
    """The shortest beginning of the keys that leads to nothing."""
    for length in range(1, len(keys) + 1):
        try:
            found_at(value, keys[:length])
        except KeyError:
            return keys[:length]
    return ()


def _branch(value: Json, notes: Sequence[Note], room: Room, depth: int) -> Node:
    entries = dict(_entries(value))
    named = dict.fromkeys(note.keys[0] for note in notes)
    shown = [*entries][:MAX_ITEMS]
    items = [tree(key, entries[key], _within(key, notes), room, depth + 1) for key in shown]
    items += [
        {"key": shortened(key), "absent": True} | _noted(_within(key, notes))
        for key in named
        if key not in entries
    ]
    left_out = len(entries) - len(shown)
    return {"items": items} | ({"more": left_out} if left_out else {})


def _entries(value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield from value.items()
    else:
        yield from ((str(index), item) for index, item in enumerate(value))


def _within(key: str, notes: Sequence[Note]) -> list[Note]:
    return [note._replace(keys=note.keys[1:]) for note in notes if note.keys[0] == key]


def _noted(notes: Sequence[Note] | Iterator[Note]) -> Node:
    """What the notes say, merged: all flaws, and the first of the sources."""
    node: Node = {}
    for note in notes:
        flaw = note.what.get("flaw")
        if flaw:
            node.setdefault("flaws", []).append(flaw)
        else:
            node = note.what | node
    return node
