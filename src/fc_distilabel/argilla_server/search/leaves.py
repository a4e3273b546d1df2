"""The ends of a text query as conditions on the marked words of the fields that are searched.

Words of one token (`get-weather`, `天气`) must stand in the same field; tokens apart may stand in
different ones. A chat's role is a keyword, so it is only ever met as it is written.
"""

from collections.abc import Sequence

from fc_distilabel.argilla_server.search.analysis import LONGEST, words
from fc_distilabel.argilla_server.search.documents import SearchedField, role_word
from fc_distilabel.argilla_server.search.nodes import (
    NOTHING,
    And,
    Fuzzy,
    Node,
    Or,
    Phrase,
    Prefix,
    Word,
    together,
)

_SIGNS_IN_WORDS = frozenset(":.,;'\"_")


class FieldLeaves:
    """Conditions on some of a dataset's fields, any of which may meet them."""

    def __init__(self, fields: Sequence[SearchedField]) -> None:
        self._fields = fields
        self._chats = [field for field in fields if field.kind == "chat"]

    def words(self, text: str) -> Node | None:
        """All words of a token in one field."""
        found = words(text)
        nodes = [
            together(And, [Word(field.mark + word) for word in found])
            for field in self._fields
            if found
        ]
        return self._any([*nodes, *self._roles(text)])

    def phrase(self, text: str, slop: int) -> Node | None:
        """The words in a row in one field."""
        found = words(text)
        if len(found) <= 1:
            return self.words(text)
        nodes: list[Node] = [
            Phrase(tuple(field.mark + word for word in found), slop) for field in self._fields
        ]
        return self._any([*nodes, *self._roles(text)])

    def prefix(self, text: str) -> Node | None:
        """A word that begins so; the beginning is not taken apart."""
        nodes: list[Node] = []
        if _possible(text):
            nodes += [Prefix(field.mark + text.lower()) for field in self._fields]
        nodes += [Prefix(role_word(field, text)) for field in self._chats]
        return self._any(nodes) or NOTHING

    def fuzzy(self, text: str, edits: int) -> Node | None:
        """A word like this one."""
        if len(text) > LONGEST:
            return NOTHING
        nodes: list[Node] = [Fuzzy(field.mark, text.lower(), edits) for field in self._fields]
        nodes += [Fuzzy(field.role_mark, text, edits) for field in self._chats]
        return self._any(nodes) or NOTHING

    def _roles(self, text: str) -> list[Node]:
        return [Word(role_word(field, text)) for field in self._chats]

    def _any(self, nodes: list[Node]) -> Node | None:
        if not self._fields:
            return NOTHING
        return together(Or, nodes) if nodes else None


def _possible(text: str) -> bool:
    """Whether a word can begin so; a sign that parts words cannot stand in one."""
    return len(text) <= LONGEST and all(
        sign.isalnum() or sign in _SIGNS_IN_WORDS or (sign > "\x7f" and sign.isprintable())
        for sign in text
    )
