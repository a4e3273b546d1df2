"""A record as the words that can be looked for: one text for both databases.

As in Elasticsearch's index of Argilla, a text field is its words, a custom field the words of all
its names and values, and a chat field the words of its messages, beside the roles, each of which is
one word as it is written. An image has none. Every word is marked with the place of its field in
the dataset (`0:paris`), so a search in one field is a search for other words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fc_distilabel.argilla_server.search.analysis import words

EVERY = "@"
"""The word that every record has."""
GAP = "#"
"""Stands between the messages of a chat and keeps a phrase from running over their end."""
GAP_POSITIONS = 100
_ROLE_BYTES = 900
SIGNS = "@#:=.,;'\"_"
"""What a marked word may contain beside letters and digits."""


@dataclass(frozen=True)
class SearchedField:
    """A field of a dataset that is searched: its place among the dataset's fields, and its type."""

    place: int
    name: str
    kind: str

    @property
    def mark(self) -> str:
        """What the words of this field begin with."""
        return f"{self.place}:"

    @property
    def role_mark(self) -> str:
        """What the roles of this chat field begin with."""
        return f"{self.place}="


def role_word(field: SearchedField, role: str) -> str:
    """A role as a word; hexadecimal, for it may hold anything and its case counts."""
    return field.role_mark + role.encode("utf-8", "surrogatepass")[:_ROLE_BYTES].hex()


def document(fields: Sequence[SearchedField], values: Any) -> str:
    """All marked words of a record, a space between each two and at both ends."""
    found = [EVERY]
    for field in fields:
        value = values.get(field.name) if isinstance(values, dict) else None
        if field.kind == "chat":
            found.extend(_chat_words(field, value))
        else:
            mark = field.mark
            found += [mark + word for part in _leaves(value) for word in words(part)]
    return f" {' '.join(found)} "


def _chat_words(field: SearchedField, messages: Any) -> Iterator[str]:
    roles = []
    for message in messages if isinstance(messages, list) else []:
        if not isinstance(message, dict):
            continue
        yield from (field.mark + word for word in words(str(message.get("content") or "")))
        yield field.mark + GAP
        roles.append(role_word(field, str(message.get("role") or "")))
    yield from dict.fromkeys(roles)


def _leaves(value: Any) -> Iterator[str]:
    """Names and values of a JSON value in the order in which it is written, whatever its depth."""
    stack = [value]
    while stack:
        top = stack.pop()
        if isinstance(top, dict):
            stack.extend(part for item in reversed(top.items()) for part in reversed(item))
        elif isinstance(top, list):
            stack.extend(reversed(top))
        else:
            yield str(top)
