"""Text queries, from the string to a condition in SQL, and the words that they are answered from.

The words of a record are written after the record: by Argilla's own call when a batch is in, or by
the next search that finds them missing. So a record is found whoever wrote it, and a process that
dies in between leaves a mark and not a gap.
"""

import asyncio
from types import ModuleType
from typing import Any
from uuid import UUID

from argilla_server.search_engine.base import TextQuery
from sqlalchemy.ext.asyncio import AsyncConnection

from fc_distilabel.argilla_server.search import postgres_text, sqlite_text
from fc_distilabel.argilla_server.search.connection import behind_others, on_sqlite
from fc_distilabel.argilla_server.search.documents import EVERY, SearchedField, document
from fc_distilabel.argilla_server.search.leaves import FieldLeaves
from fc_distilabel.argilla_server.search.near import MOST_EXPANSIONS, MOST_NEAR, is_near, like
from fc_distilabel.argilla_server.search.nodes import (
    And,
    Fuzzy,
    Node,
    Or,
    Phrase,
    Records,
    Word,
    leaves,
    replaced,
    together,
)
from fc_distilabel.argilla_server.search.query_string import parse
from fc_distilabel.argilla_server.search.shape import searched_fields
from fc_distilabel.errors import InputError

BATCH = 200
MOST_VAGUE = 50
"""Words and phrases with a ~ in a query: each of them is worked out."""


def dialect() -> ModuleType:
    """How Argilla's database keeps and finds words."""
    return sqlite_text if on_sqlite() else postgres_text


async def understood(connection: AsyncConnection, dataset_id: UUID, query: TextQuery | str) -> Node:
    """What a query asks for, with nothing left in it that an index cannot answer."""
    asked = TextQuery(q=query) if isinstance(query, str) else query
    fields = await searched_fields(connection, dataset_id)
    await catch_up(connection, dataset_id, fields)
    chosen = [field for field in fields if asked.field in (None, field.name)]
    tree = parse(asked.q, FieldLeaves(chosen), Word(EVERY))
    vague = dict.fromkeys(leaf for leaf in leaves(tree) if _is_vague(leaf))
    if not vague:
        return tree
    if len(vague) > MOST_VAGUE * len(chosen):
        raise InputError(f"a text query has at most {MOST_VAGUE} words and phrases with a ~")
    found = {leaf: await _found(connection, dataset_id, leaf) for leaf in vague}
    return replaced(tree, lambda leaf: found.get(leaf, leaf))


def _is_vague(leaf: Node) -> bool:
    """Whether no index answers it."""
    return isinstance(leaf, Fuzzy) or (isinstance(leaf, Phrase) and leaf.slop > 0)


async def _found(connection: AsyncConnection, dataset_id: UUID, leaf: Node) -> Node:
    if isinstance(leaf, Fuzzy):
        return await _expanded(connection, dataset_id, leaf)
    assert isinstance(leaf, Phrase)
    return await _near(connection, dataset_id, leaf)


async def _expanded(connection: AsyncConnection, dataset_id: UUID, fuzzy: Fuzzy) -> Node:
    lengths = (max(1, len(fuzzy.word) - fuzzy.edits), len(fuzzy.word) + fuzzy.edits)
    if fuzzy.mark.endswith("="):
        lengths = (0, 8 * (len(fuzzy.word) + fuzzy.edits))
    marked = await dialect().vocabulary(connection, dataset_id, fuzzy.mark, lengths)
    plain = {_plain(word, fuzzy.mark): word for word in marked}
    near = await asyncio.to_thread(like, fuzzy.word, fuzzy.edits, sorted(plain))
    found: list[Node] = []
    for word in near:
        own = dialect().candidates(dataset_id, Word(plain[word])).limit(1)
        if (await connection.execute(own)).first():  # and not only in other datasets
            found.append(Word(plain[word]))
        if len(found) == MOST_EXPANSIONS:
            break
    return Or(tuple(found))


def _plain(word: str, mark: str) -> str:
    word = word.removeprefix(mark)
    return bytes.fromhex(word).decode("utf-8", "replace") if mark.endswith("=") else word


async def _near(connection: AsyncConnection, dataset_id: UUID, phrase: Phrase) -> Node:
    if len(phrase.words) > MOST_NEAR:
        raise InputError(f"a phrase with a ~ has at most {MOST_NEAR} words")
    every = together(And, [Word(word) for word in phrase.words])
    rows = await connection.execute(dialect().candidates(dataset_id, every))
    pairs = rows.all()

    def near() -> frozenset[UUID]:
        return frozenset(id for id, words in pairs if is_near(words, phrase.words, phrase.slop))

    return Records(await asyncio.to_thread(near))


async def catch_up(
    connection: AsyncConnection, dataset_id: UUID, fields: list[SearchedField]
) -> None:
    """Write the words of a dataset's records that are new or were changed.

    While another program writes to an SQLite file for long, they are left for a later search.
    """
    with behind_others():
        while rows := (await connection.execute(dialect().stale(dataset_id, BATCH))).all():
            await connection.rollback()
            documents = await asyncio.to_thread(_documents, fields, rows)
            await dialect().write(connection, documents)


async def sweep(connection: AsyncConnection) -> None:
    """Throw away words whose records are no more, as far as a write is possible now."""
    with behind_others():
        await dialect().sweep(connection)


def _documents(fields: list[SearchedField], rows: Any) -> list[dict[str, Any]]:
    return [
        {"key": key, "version": version, "words": document(fields, values)}
        for key, version, values in rows
    ]
