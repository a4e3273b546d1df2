"""Calls as they are shown: the arguments as a tree, with the source and the flaws of each value.

Sources and violations name their place as `2/guests/0/age`, the number of the call in the whole
conversation and then the keys, or as `messages/4`.
"""

from collections.abc import Iterator, Mapping, Sequence

from fc_distilabel.feedback.review.room import Room
from fc_distilabel.feedback.review.values import Node, Note, shortened, tree
from fc_distilabel.schemas.places import keys_of
from fc_distilabel.types import Json

Row = Mapping[str, Json]


def call_view(row: Row, number: int, call: Mapping[str, Json], room: Room) -> Node:
    """A call of the conversation; `number` counts all its calls."""
    return drawn_call(call, [*_notes(row, number, room)], room)


def drawn_call(call: Mapping[str, Json], notes: Sequence[Note], room: Room) -> Node:
    """A call with notes at its arguments: the tree of these, under the name of the tool."""
    arguments = tree("", call["arguments"], notes, room)
    return arguments | {"name": shortened(call["name"])}


def flaw_view(violation: Mapping[str, Json], room: Room) -> Node:
    """What a violation says."""
    return {
        "message": room.text(violation["message"]),
        "warning": violation.get("severity") == "warning",
    }


def message_of(path: str) -> int | None:
    """The index of the message that a path names."""
    first, _, rest = path.partition("/")
    index = rest.partition("/")[0]
    return int(index) if first == "messages" and index.isdecimal() else None


def call_count(messages: Sequence[Mapping[str, Json]]) -> int:
    """How many calls some messages make."""
    return sum(len(message.get("tool_calls") or ()) for message in messages)


def is_placed(path: str, row: Row) -> bool:
    """Whether a path leads to a message or a call that is there."""
    at = message_of(path)
    if at is not None:
        return at < len(row["messages"])
    first = keys_of(path)[0]
    return first.isdecimal() and int(first) < call_count(row["messages"])


def said_words(row: Row, until: int) -> dict[int, list[Node]]:
    """The words of messages that became arguments as they stand: message -> `{"text", "of"}`.

    Only of calls before the message `until`: at two candidates, what the right one needs would
    tell it from the other.
    """
    calls = call_count(row["messages"][:until])
    said: dict[int, list[Node]] = {}
    for origin in row.get("grounding") or ():
        number, *_, key = keys_of(origin["path"])
        at = message_of(origin["source"] or "")
        if at is None or origin["how"] != "verbatim" or int(number) >= calls:
            continue
        node = {"text": str(origin["value"])[:200], "of": shortened(key)}
        if node not in said.setdefault(at, []):
            said[at].append(node)
    return said


def _notes(row: Row, number: int, room: Room) -> Iterator[Note]:
    for origin in row.get("grounding") or ():
        call, *keys = keys_of(origin["path"])
        if call == str(number):
            yield Note(tuple(keys), {"from": _source(origin)})
    for violation in row.get("violations") or ():
        call, *keys = keys_of(violation["path"])
        if call == str(number):
            yield Note(tuple(keys), {"flaw": flaw_view(violation, room)})


def _source(origin: Mapping[str, Json]) -> Node:
    """Where a value comes from: `at` is a message's index, or None for the schema or nowhere."""
    source = origin["source"] or ""
    return {"at": message_of(source), "how": origin["how"], "known": bool(source)}
