"""Text queries on SQLite: FTS5 over the marked words, which its tokenizer parts at spaces only."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from argilla_server.models import Record
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    type_coerce,
)
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
)
from fc_distilabel.argilla_server.search.tables import RECORDS, WORDS

SWEPT = 1_000
"""Words of how many records are thrown away at a time."""
# The sign keeps SQLite from asking the words of each record in turn whether they match.
_WORDS_FIRST = WORDS.join(RECORDS, RECORDS.c.doc == literal_column("+fc_search_words.rowid"))
_NEVER = '("@" NOT "@")'


def condition(node: Node) -> ColumnElement[bool]:
    """A query as a condition on a row of `RECORDS`."""
    if isinstance(node, Records):
        listed = func.json_each(json.dumps([id.hex for id in node.ids])).table_valued("value")
        return type_coerce(RECORDS.c.id, String).in_(select(listed.c.value))
    if _is_fts(node):
        return RECORDS.c.doc.in_(select(WORDS.c.rowid).where(_matches(node)))
    if isinstance(node, Not):
        return not_(condition(node.node))
    assert isinstance(node, And | Or)
    combine = and_ if isinstance(node, And) else or_
    return combine(*(condition(inner) for inner in node.nodes))


def found(node: Node) -> tuple[FromClause, ColumnElement[bool], ColumnElement[Any] | None]:
    """Where to look for the records that meet a query, the condition, and the score by BM25."""
    if not _is_fts(node):
        return RECORDS, condition(node), None
    return _WORDS_FIRST, _matches(node), -WORDS.c.rank


def stale(dataset_id: Any, limit: int) -> Select[Any]:
    """Records whose words are not those of their fields: key, version and fields."""
    return (
        select(RECORDS.c.doc, RECORDS.c.version, Record.fields)
        .join(Record, Record.id == RECORDS.c.id)
        .where(RECORDS.c.dataset_id == dataset_id, RECORDS.c.indexed < RECORDS.c.version)
        .limit(limit)
    )


async def write(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put in the words of records that are still stale and did not change meanwhile."""
    await connection.exec_driver_sql("BEGIN IMMEDIATE")
    versions = select(RECORDS.c.doc, RECORDS.c.version).where(
        RECORDS.c.doc.in_([row["key"] for row in rows]), RECORDS.c.indexed < RECORDS.c.version
    )
    now = {row.doc: row.version for row in await connection.execute(versions)}
    same = [dict(row) for row in rows if now.get(row["key"]) == row["version"]]
    if same:
        for statement in (
            "DELETE FROM fc_search_words WHERE rowid = :key",
            "INSERT INTO fc_search_words (rowid, words) VALUES (:key, :words)",
            "UPDATE fc_search_records SET indexed = :version WHERE doc = :key",
        ):
            await connection.execute(text(statement), same)
    await connection.commit()


async def sweep(connection: AsyncConnection) -> None:
    """Take out the words of some records that are no more."""
    gone = await connection.execute(text("SELECT doc FROM fc_search_gone LIMIT :n"), {"n": SWEPT})
    docs = [{"doc": doc} for doc in gone.scalars()]
    if docs:
        await connection.execute(text("DELETE FROM fc_search_words WHERE rowid = :doc"), docs)
        await connection.execute(text("DELETE FROM fc_search_gone WHERE doc = :doc"), docs)
        await connection.commit()


def candidates(dataset_id: Any, node: Node) -> Select[Any]:
    """Records that meet a query: id and words."""
    return (
        select(RECORDS.c.id, WORDS.c.words)
        .select_from(_WORDS_FIRST)
        .where(RECORDS.c.dataset_id == dataset_id, _matches(node))
    )


async def vocabulary(
    connection: AsyncConnection, dataset_id: Any, mark: str, lengths: tuple[int, int]
) -> list[str]:
    """All words with a mark and of some lengths, of whatever dataset, in order."""
    await connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.fc_search_terms "
        "USING fts5vocab('main', 'fc_search_words', 'row')"
    )
    found = await connection.execute(
        text(
            "SELECT term FROM temp.fc_search_terms WHERE term >= :low AND term < :high "
            "AND length(term) BETWEEN :least AND :most ORDER BY term"
        ),
        {
            "low": mark,
            "high": mark[:-1] + chr(ord(mark[-1]) + 1),
            "least": lengths[0] + len(mark),
            "most": lengths[1] + len(mark),
        },
    )
    return list(found.scalars())


def _is_fts(node: Node) -> bool:
    return not any(isinstance(leaf, Records) for leaf in leaves(node))


def _matches(node: Node) -> ColumnElement[bool]:
    matches: ColumnElement[bool] = literal_column("fc_search_words").op("MATCH")(_fts(node))
    return matches


def _fts(node: Node) -> str:
    """A query in FTS5's own language."""
    if isinstance(node, Word):
        return _quoted(node.word)
    if isinstance(node, Prefix):
        return f"{_quoted(node.start)} *"
    if isinstance(node, Phrase):
        return _quoted(" ".join(node.words))
    if isinstance(node, Not):
        return f"({_quoted(EVERY)} NOT {_fts(node.node)})"
    assert isinstance(node, And | Or)
    if not node.nodes:
        return _NEVER
    word = " AND " if isinstance(node, And) else " OR "
    return f"({word.join(_fts(inner) for inner in node.nodes)})"


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'
