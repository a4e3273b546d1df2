"""What Argilla counts: records by status, a user's answers by status, values of metadata."""

from typing import Any
from uuid import UUID

from argilla_server.models import Response
from sqlalchemy import Select, String, cast, func, select, true

from fc_distilabel.argilla_server.search.connection import connected
from fc_distilabel.argilla_server.search.filters import records
from fc_distilabel.argilla_server.search.values import values

MOST_TERMS = 2**14


async def by_status(dataset_id: UUID) -> dict[str, int]:
    """A dataset's records: how many, and how many of each status."""
    table = records()
    status = cast(table.c.status, String)
    counted = select(status, func.count()).where(table.c.dataset_id == dataset_id)
    return await _counted(counted.group_by(status))


async def by_answer(dataset_id: UUID, user_id: UUID) -> dict[str, int]:
    """A user's answers in a dataset: how many, and how many of each status.

    Elasticsearch counts everybody's answers to the records that the user answered, too.
    """
    table = records()
    status = cast(Response.status, String)
    counted = (
        select(status, func.count())
        .join(table, table.c.id == Response.record_id)
        .where(table.c.dataset_id == dataset_id, Response.user_id == user_id)
    )
    return await _counted(counted.group_by(status))


async def terms(dataset_id: UUID, name: str) -> list[tuple[str, int]]:
    """The values of a metadata property and how many records have each, the most common first."""
    rows, value = values().each(records().c.metadata, name)
    term, count = values().text(value).label("term"), func.count().label("count")
    counted = (
        select(term, count)
        .select_from(records())
        .join(rows, true())
        .where(records().c.dataset_id == dataset_id, term.is_not(None))
        .group_by(term)
        .order_by(count.desc(), values().ordered(term))
        .limit(MOST_TERMS)
    )
    return [(str(term), int(count)) for term, count in await _all(counted)]


async def bounds(dataset_id: UUID, name: str) -> tuple[Any, Any]:
    """The least and the greatest number of a metadata property; `None` where there is none."""
    rows, value = values().each(records().c.metadata, name)
    number = values().number(value)
    found = (
        select(func.min(number), func.max(number))
        .select_from(records())
        .join(rows, true())
        .where(records().c.dataset_id == dataset_id)
    )
    least, most = (await _all(found))[0]
    return least, most


async def _counted(query: Select[Any]) -> dict[str, int]:
    found = {str(status): int(count) for status, count in await _all(query)}
    return {"total": sum(found.values()), **found}


async def _all(query: Select[Any]) -> list[Any]:
    async with connected() as connection:
        return list((await connection.execute(query)).all())
