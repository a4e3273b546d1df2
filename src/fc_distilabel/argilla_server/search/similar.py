"""A search by meaning: the records whose vectors lie closest to another."""

import asyncio
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

import numpy as np
from argilla_server.search_engine.base import (
    Filter,
    SearchResponseItem,
    SearchResponses,
    TextQuery,
)
from numpy.typing import NDArray
from sqlalchemy import func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from fc_distilabel.argilla_server.search import pages, vectors
from fc_distilabel.argilla_server.search.connection import connected
from fc_distilabel.argilla_server.search.filters import records
from fc_distilabel.argilla_server.search.matrix import Matrix, matrix
from fc_distilabel.errors import InputError


@dataclass(frozen=True)
class Asked:
    """A search by meaning as Argilla asks for it."""

    dataset_id: UUID
    settings_id: UUID
    target: list[float]
    query: TextQuery | str | None
    filter: Filter | None
    most: int
    least: bool
    """The least similar records are asked for: those closest to the opposite."""
    left_out: UUID | None
    threshold: float | None
    dimensions: int


async def similar(asked: Asked) -> SearchResponses:
    """Answer a search by meaning; the score of a record is (1 + cosine) / 2."""
    if len(asked.target) != asked.dimensions:
        raise InputError(
            f"the vector has {len(asked.target)} numbers; those of the dataset {asked.dimensions}"
        )
    target = vectors.unit(asked.target)
    async with connected() as connection:
        await vectors.catch_up(connection, asked.settings_id)
        known = await matrix(connection, asked.settings_id, asked.dimensions)
        among = None
        if asked.filter is not None or asked.query is not None:
            among = await _met(connection, asked)
        closest = await asyncio.to_thread(_closest, known, asked, target, among)
        if among is None and not await _are_there(connection, asked, closest):
            among = await _met(connection, asked)
            closest = await asyncio.to_thread(_closest, known, asked, target, among)
    return _responses(closest, asked.threshold)


async def _met(connection: AsyncConnection, asked: Asked) -> list[str]:
    """The records that meet the filter and the query, as a matrix names them."""
    shape = await pages.shape_of(connection, asked.dataset_id, asked.filter, [])
    found = await pages.hits(connection, asked.dataset_id, asked.query, asked.filter, shape)
    plain = select(type_coerce(records().c.id, NullType())).select_from(found.source)
    rows = await connection.execute(plain.where(*found.where))
    return [str(id).replace("-", "") for id in rows.scalars()]


async def _are_there(
    connection: AsyncConnection, asked: Asked, closest: list[tuple[UUID, float]]
) -> bool:
    """Whether all records are: SQLite keeps their vectors where somebody cut off foreign keys."""
    table, wanted = records(), [record_id for record_id, _ in closest]
    found = select(func.count()).where(
        table.c.dataset_id == asked.dataset_id, table.c.id.in_(wanted)
    )
    return bool((await connection.execute(found)).scalar_one() == len(wanted))


def _closest(
    known: Matrix, asked: Asked, target: NDArray[np.float32], among: list[str] | None
) -> list[tuple[UUID, float]]:
    nearest = known.nearest(-target if asked.least else target, among)
    others = (pair for pair in nearest if pair[0] != asked.left_out)
    return list(islice(others, asked.most))


def _responses(closest: list[tuple[UUID, float]], threshold: float | None) -> SearchResponses:
    items = [
        SearchResponseItem(record_id=record_id, score=(1.0 + cosine) / 2.0)
        for record_id, cosine in closest
    ]
    kept = [item for item in items if threshold is None or (item.score or 0.0) >= threshold]
    return SearchResponses(items=kept, total=len(items))
