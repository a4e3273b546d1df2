"""The language of a text query: Lucene's `simple_query_string`, read as Elasticsearch reads it.

`+` and, `|` or, `-` not, `"a phrase"`, `"near"~2`, `pre*`, `fuzzy~1`, `( )` and a backslash before
a sign that is meant as such; words side by side must all be there. Nothing is an error: a sign that
makes no sense is passed over. A leaf that stands for no word (`!!!`) is as if it were not written.
Operators bind from left to right, and each change of operator puts what came before into brackets.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from fc_distilabel.argilla_server.search.nodes import NOTHING, And, Node, Not, Or, Word, together
from fc_distilabel.errors import InputError

DEEPEST = 100
"""Operators inside each other; more are refused, and brackets inside more are passed over."""
MOST_EDITS = 2
_SPACE = frozenset(" \t\n\r")
_END_OF_TOKEN = _SPACE | frozenset('"|+()')


class Leaves(Protocol):
    """What the ends of a query stand for; `None` for no word at all."""

    def words(self, text: str) -> Node | None:
        """Words as written."""

    def phrase(self, text: str, slop: int) -> Node | None:
        """Words in a row."""

    def prefix(self, text: str) -> Node | None:
        """How a word begins."""

    def fuzzy(self, text: str, edits: int) -> Node | None:
        """A word, more or less."""


def parse(query: str, leaves: Leaves, everything: Word) -> Node:
    """What a query asks for.

    Raises `InputError` for one that is nested too deep to be answered.
    """
    if query.strip() == "*":
        return everything
    reader = _Reader(query, leaves, everything)
    return reader.group(_State(0, len(query)), 0)[0] or NOTHING


@dataclass
class _State:
    """How far a group is read, and what of it there is."""

    index: int
    end: int
    operation: type[And] | type[Or] | None = None
    previous: type[And] | type[Or] | None = None
    negations: int = 0
    nodes: list[Node] = field(default_factory=list)
    """The clauses of the operation under way."""
    height: int = 1
    """How deep the deepest of them goes."""


class _Reader:
    def __init__(self, text: str, leaves: Leaves, everything: Word) -> None:
        self._text = text
        self._leaves = leaves
        self._everything = everything
        self._escaped, self._closing = _brackets(text)

    def group(self, state: _State, depth: int) -> tuple[Node | None, int]:
        """What stands between two brackets, or in the whole query, and how deep it goes."""
        while state.index < state.end:
            sign = self._text[state.index]
            if sign == "-":
                state.negations += 1
                state.index += 1
                continue
            self._read(sign, state, depth)
            state.negations = 0
        node = together(state.previous or And, state.nodes) if state.nodes else None
        return node, state.height + (len(state.nodes) > 1)

    def _read(self, sign: str, state: _State, depth: int) -> None:
        if sign == "(":
            self._bracket(state, depth)
        elif sign == '"':
            self._phrase(state)
        elif sign in "+|":
            if state.operation is None and state.nodes:
                state.operation = And if sign == "+" else Or
            state.index += 1
        elif sign == ")" or sign in _SPACE:
            state.index += 1
        else:
            self._token(state)

    def _bracket(self, state: _State, depth: int) -> None:
        start = state.index + 1
        closing = self._closing.get(state.index, state.end)
        state.index = start
        if closing >= state.end or depth == DEEPEST:
            return  # never closed: as if it were not there; or so deep that it is passed over
        if closing == start:
            state.operation = None
        else:
            self._add(state, *self.group(_State(start, closing), depth + 1))
        state.index = closing + 1

    def _phrase(self, state: _State) -> None:
        start = state.index + 1
        closing = start
        while closing < state.end and (self._text[closing] != '"' or self._escaped[closing]):
            closing += 1
        state.index = start
        if closing >= state.end:
            return  # never closed: as if it were not there
        state.index = closing
        if closing == start:
            state.operation = None
        else:
            slop = self._slop(state)
            self._add(state, self._leaves.phrase(self._unescaped(start, closing), slop))
        state.index += 1

    def _slop(self, state: _State) -> int:
        if state.index + 1 >= state.end or self._text[state.index + 1] != "~":
            return 0
        state.index += 1
        return self._number(state) if state.index + 1 < state.end else 0

    def _token(self, state: _State) -> None:
        start, index = state.index, state.index
        while index < state.end and not self._ends(start, index):
            index += 1
        state.index = index
        text = self._unescaped(start, index)
        if index < state.end and self._text[index] == "~" and text:
            edits = min(self._number(state), MOST_EDITS)
            leaf = partial(self._leaves.fuzzy, edits=edits) if edits else self._leaves.words
        elif len(text) > 1 and self._text[index - 1] == "*" and not self._escaped[index - 1]:
            text, leaf = text[:-1], self._leaves.prefix
        else:
            leaf = self._leaves.words
        if text:
            self._add(state, leaf(text))

    def _ends(self, start: int, index: int) -> bool:
        sign = self._text[index]
        if self._escaped[index]:
            return False
        return sign in _END_OF_TOKEN or (sign == "~" and index > start)

    def _number(self, state: _State) -> int:
        """What follows a `~` up to the end of the token: 2 for nothing, 0 for no number."""
        start = state.index + 1
        state.index = start
        while state.index < state.end and self._text[state.index] not in _END_OF_TOKEN:
            state.index += 1
        said = self._text[start : state.index]
        digits = said[1:] if said[:1] in ("+", "-") else said
        if not said:
            return MOST_EDITS
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
            return 0
        return max(0, int(said)) if int(said) < 2**31 else 0

    def _unescaped(self, start: int, end: int) -> str:
        text, escaped = self._text[start:end], self._escaped
        if "\\" not in text:
            return text
        return "".join(sign for at, sign in enumerate(text, start) if sign != "\\" or escaped[at])

    def _add(self, state: _State, branch: Node | None, height: int = 1) -> None:
        """Put a clause into the tree, under the operation that stands before it."""
        if branch is None:
            return
        if state.negations % 2:
            branch = Not(branch)
        if state.nodes:
            operation = state.operation or And
            if state.previous not in (None, operation):  # what there was is its first clause
                state.nodes = [together(state.previous or And, state.nodes)]
                state.height += 1
            state.previous, state.operation = operation, None
        state.nodes.append(branch)
        state.height = max(state.height, height)
        if state.height > DEEPEST:
            raise InputError(_too_deep())


def _too_deep() -> str:
    return f"the text query has operators more than {DEEPEST} deep inside each other"


def _brackets(text: str) -> tuple[list[bool], dict[int, int]]:
    """Which signs a backslash stands before, and where the brackets that are none of them close."""
    escaped, closing, opened = [False] * len(text), {}, []
    for at, sign in enumerate(text):
        if at and text[at - 1] == "\\" and not escaped[at - 1]:
            escaped[at] = True
        elif sign == "(":
            opened.append(at)
        elif sign == ")" and opened:
            closing[opened.pop()] = at
    return escaped, closing
