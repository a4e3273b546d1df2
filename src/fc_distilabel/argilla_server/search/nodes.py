"""What a text query asks of a record's words: a small tree of conditions, apart from any database.

Words here carry the mark of the field that they stand in (see `documents`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Word:
    """The record has this word."""

    word: str


@dataclass(frozen=True)
class Prefix:
    """The record has a word that begins so."""

    start: str


@dataclass(frozen=True)
class Phrase:
    """The record has these words in a row, or at most `slop` moves away from it."""

    words: tuple[str, ...]
    slop: int = 0


@dataclass(frozen=True)
class Fuzzy:
    """The record has a word at most `edits` letters away from one of a field (its `mark`)."""

    mark: str
    word: str
    edits: int


@dataclass(frozen=True)
class And:
    """All of these."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    """Any of these; none of none."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """Not this."""

    node: "Node"


@dataclass(frozen=True)
class Records:
    """One of these records, found by another way."""

    ids: frozenset[UUID]


Node = Word | Prefix | Phrase | Fuzzy | And | Or | Not | Records

NOTHING = Or(())


def together(kind: type[And] | type[Or], nodes: list[Node]) -> Node:
    """Nodes under one And or Or: flat, each once."""
    flat = [
        inner for node in nodes for inner in (node.nodes if isinstance(node, kind) else (node,))
    ]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else kind(unique)


def leaves(node: Node) -> Iterator[Node]:
    """The conditions at the ends of the tree."""
    if isinstance(node, And | Or):
        for inner in node.nodes:
            yield from leaves(inner)
    elif isinstance(node, Not):
        yield from leaves(node.node)
    else:
        yield node


def portions(kind: type[And] | type[Or], nodes: Iterable[Node], most: int) -> Iterator[Node]:
    """Nodes under several Ands or Ors, each with about so many conditions at most."""
    portion: list[Node] = []
    size = 0
    for node in nodes:
        portion.append(node)
        size += sum(1 for _ in leaves(node))
        if size >= most:
            yield together(kind, portion)
            portion, size = [], 0
    if portion:
        yield together(kind, portion)


def replaced(node: Node, other: Callable[[Node], Node]) -> Node:
    """The tree with other conditions at its ends."""
    if isinstance(node, And | Or):
        return together(type(node), [replaced(inner, other) for inner in node.nodes])
    if isinstance(node, Not):
        return Not(replaced(node.node, other))
    return other(node)
