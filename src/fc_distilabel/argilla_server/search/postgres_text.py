"""Text queries on PostgreSQL: a `tsvector` of marked words, without positions.

Positions in a `tsvector` end at 16,383, short of a long dialogue: a phrase is found by its words in
the index and then in the text of the words. A `tsvector` has at most a megabyte: the last of a
record's different words beyond that are not found.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from argilla_server.models import Record
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Select,
    String,
    Uuid,
    and_,
    cast,
    func,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from fc_distilabel.argilla_server.search.documents import EVERY
from fc_distilabel.argilla_server.search.nodes import (
    And,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Records,
    Word,
    leaves,
    portions,
    together,
)
from fc_distilabel.argilla_server.search.tables import TEXTS

_MOST_LEAVES = 1_000
_MOST_BYTES = 1_000_000
_BYTES_A_WORD = 2


def found(node: Node) -> tuple[FromClause, ColumnElement[bool], ColumnElement[Any]]:
    """Where to look for the records that meet a query, the condition, and a score: the shortest."""
    source = Record.__table__.join(TEXTS, TEXTS.c.record_id == Record.id)
    return source, condition(node), 1.0 / (1.0 + func.octet_length(TEXTS.c.words))


def condition(node: Node) -> ColumnElement[bool]:
    """A query as a condition on a row of `TEXTS`."""
    if isinstance(node, Records):
        return TEXTS.c.record_id == func.any(cast(list(node.ids), ARRAY(Uuid)))
    if isinstance(node, Phrase):
        row = f" {' '.join(node.words)} "
        every = together(And, [Word(word) for word in node.words])
        return and_(condition(every), func.strpos(TEXTS.c.words, row) > 0)
    if _is_tsquery(node):
        return _matches(node)
    if isinstance(node, Not):
        return not_(condition(node.node))
    assert isinstance(node, And | Or)
    return _combined(node)


def _combined(node: And | Or) -> ColumnElement[bool]:
    """A condition of parts, as many of them as it may together in one `tsquery`."""
    kind = type(node)
    plain = [inner for inner in node.nodes if _is_tsquery(inner)]
    conditions = [_matches(portion) for portion in portions(kind, plain, _MOST_LEAVES)]
    conditions += [condition(inner) for inner in node.nodes if not _is_tsquery(inner)]
    return (and_ if kind is And else or_)(*conditions)


def stale(dataset_id: Any, limit: int) -> Select[Any]:
    """Records whose words are not those of their fields: key, version and fields."""
    return (
        select(TEXTS.c.record_id, TEXTS.c.version, Record.fields)
        .join(Record, Record.id == TEXTS.c.record_id)
        .where(TEXTS.c.dataset_id == dataset_id, TEXTS.c.indexed < TEXTS.c.version)
        .order_by(TEXTS.c.record_id)
        .limit(limit)
    )


async def write(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put in the words of records that have not changed since they were read."""
    statement = text(
        "UPDATE fc_search_texts SET words = :words, indexed = :version, "
        "lexemes = array_to_tsvector(CAST(:lexemes AS text[])) "
        "WHERE record_id = :key AND version = :version AND indexed < :version"
    )
    await connection.execute(
        statement, [{**row, "lexemes": _lexemes(row["words"])} for row in rows]
    )
    await connection.commit()


async def sweep(_: AsyncConnection) -> None:
    """Nothing to do: a record takes its words with it."""


def candidates(dataset_id: Any, node: Node) -> Select[Any]:
    """Records that meet a query: id and words."""
    return select(TEXTS.c.record_id, TEXTS.c.words).where(
        TEXTS.c.dataset_id == dataset_id, condition(node)
    )


async def vocabulary(
    connection: AsyncConnection, dataset_id: Any, mark: str, lengths: tuple[int, int]
) -> list[str]:
    """All words of a dataset with a mark and of some lengths, in order."""
    found = await connection.execute(
        text(
            'SELECT DISTINCT word COLLATE "C" AS word FROM fc_search_texts, '
            "unnest(tsvector_to_array(lexemes)) AS word WHERE dataset_id = :dataset "
            "AND starts_with(word, :mark) AND length(word) BETWEEN :least AND :most ORDER BY word"
        ),
        {
            "dataset": dataset_id,
            "mark": mark,
            "least": lengths[0] + len(mark),
            "most": lengths[1] + len(mark),
        },
    )
    return list(found.scalars())


def _lexemes(words: str) -> list[str]:
    different, size = list(dict.fromkeys(words.split())), 0
    for at, word in enumerate(different):
        size += len(word.encode()) + _BYTES_A_WORD
        if size > _MOST_BYTES:
            return different[:at]
    return different


def _is_tsquery(node: Node) -> bool:
    """Whether PostgreSQL takes it as one `tsquery`, which it reads by recursion."""
    ends = list(islice(leaves(node), _MOST_LEAVES + 1))
    return len(ends) <= _MOST_LEAVES and not any(
        isinstance(leaf, Records | Phrase) for leaf in ends
    )


def _matches(node: Node) -> ColumnElement[bool]:
    matches: ColumnElement[bool] = TEXTS.c.lexemes.op("@@")(
        cast(cast(_tsquery(node), String), TSQUERY)
    )
    return matches


def _tsquery(node: Node) -> str:
    """A query in the language of `tsquery`."""
    if isinstance(node, Word):
        return _quoted(node.word)
    if isinstance(node, Prefix):
        return f"{_quoted(node.start)}:*"
    if isinstance(node, Not):
        return f"!{_tsquery(node.node)}"
    assert isinstance(node, And | Or)
    if not node.nodes:
        return f"!{_quoted(EVERY)}"
    sign = " & " if isinstance(node, And) else " | "
    return f"({sign.join(_tsquery(inner) for inner in node.nodes)})"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
