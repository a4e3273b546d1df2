"""A page of search results: which records, in which order, out of how many."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from argilla_server.search_engine.base import (
    Filter,
    Order,
    SearchResponseItem,
    SearchResponses,
    TextQuery,
)
from sqlalchemy import ColumnElement, FromClause, Select, func, literal, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from fc_distilabel.argilla_server.search import ordering, texts
from fc_distilabel.argilla_server.search.connection import connected
from fc_distilabel.argilla_server.search.filters import Shape, condition, records
from fc_distilabel.argilla_server.search.shape import metadata_kinds, questions


@dataclass(frozen=True)
class Asked:
    """A search as Argilla asks for it."""

    dataset_id: UUID
    query: TextQuery | str | None
    filter: Filter | None
    sort: list[Order]
    offset: int
    limit: int
    user_id: UUID | str | None


@dataclass(frozen=True)
class Hits:
    """The records that are meant, and how well each meets the query; `None` for all alike."""

    source: FromClause
    where: list[ColumnElement[bool]]
    score: ColumnElement[Any] | None = None


async def page(asked: Asked) -> SearchResponses:
    """Answer a search."""
    async with connected() as connection:
        shape = await shape_of(connection, asked.dataset_id, asked.filter, asked.sort)
        found = await hits(connection, asked.dataset_id, asked.query, asked.filter, shape)
        rows = (await connection.execute(_page(asked, found, shape))).all()
        total = (await connection.execute(_count(found))).scalar_one()
    items = [SearchResponseItem(record_id=row.id, score=row.score) for row in rows]
    return SearchResponses(items=items, total=total)


async def shape_of(
    connection: AsyncConnection,
    dataset_id: UUID,
    filter: Filter | None,
    sort: list[Order],
) -> Shape:
    """What a filter and a sort may name; nothing is read where there are none."""
    if filter is None and not sort:
        return Shape({}, {})
    return Shape(
        await questions(connection, dataset_id), await metadata_kinds(connection, dataset_id)
    )


async def hits(
    connection: AsyncConnection,
    dataset_id: UUID,
    query: TextQuery | str | None,
    asked: Filter | None,
    shape: Shape,
) -> Hits:
    """The records that meet a query and a filter."""
    table = records()
    where: list[ColumnElement[bool]] = [table.c.dataset_id == dataset_id]
    if asked is not None:
        where.append(condition(asked, shape))
    if query is None:
        return Hits(table, where)
    node = await texts.understood(connection, dataset_id, query)
    source, met, score = texts.dialect().found(node)
    return Hits(source, [*where, met], score)


def _page(asked: Asked, found: Hits, shape: Shape) -> Select[Any]:
    score: ColumnElement[Any] = literal(1.0) if found.score is None else found.score
    if asked.sort:
        order, score = ordering.sorted_by(asked.sort, shape), null()
    elif asked.user_id is not None:
        order = [ordering.shuffled(asked.user_id).asc(), *ordering.inserted()]
    elif found.score is not None:
        order = [found.score.desc(), *ordering.inserted()]
    else:
        order = ordering.inserted()
    chosen = select(records().c.id, score.label("score")).select_from(found.source)
    return chosen.where(*found.where).order_by(*order).offset(asked.offset).limit(asked.limit)


def _count(found: Hits) -> Select[Any]:
    """How many there are: apart from the page, for a window over all rows takes twice as long."""
    return select(func.count()).select_from(found.source).where(*found.where)
