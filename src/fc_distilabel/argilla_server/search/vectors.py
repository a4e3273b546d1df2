"""Vectors as 32-bit floats of length 1, and how close they are to another: one product."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from argilla_server.models import Vector, VectorSettings
from numpy.typing import NDArray
from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from fc_distilabel.argilla_server.search.connection import behind_others
from fc_distilabel.argilla_server.search.tables import VECTORS

BATCH = 500
_BYTES = 4


def unit(values: Sequence[float]) -> NDArray[np.float32]:
    """A vector of length 1 in the same direction; zeros where there is none."""
    vector = np.nan_to_num(np.asarray(values, dtype=np.float64))
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)


async def settings_of(connection: AsyncConnection, dataset_id: UUID) -> list[UUID]:
    """The kinds of vectors that a dataset's records have."""
    own = select(VectorSettings.id).where(VectorSettings.dataset_id == dataset_id)
    return list((await connection.execute(own)).scalars())


async def catch_up(connection: AsyncConnection, settings_id: UUID) -> None:
    """Read the vectors that are new or were changed.

    While another program writes to an SQLite file for long, they are left for a later search.
    """
    same = (VECTORS.c.vector_id == bindparam("key")) & (VECTORS.c.version == bindparam("at"))
    write = VECTORS.update().where(same).values(unit=bindparam("bytes"), indexed=bindparam("at"))
    with behind_others():
        while rows := (await connection.execute(_stale(settings_id))).all():
            await connection.rollback()
            await connection.execute(write, await asyncio.to_thread(_packed, rows))
            await connection.commit()


def _stale(settings_id: UUID) -> Select[Any]:
    return (
        select(VECTORS.c.vector_id, VECTORS.c.version, Vector.value)
        .join(Vector, Vector.id == VECTORS.c.vector_id)
        .where(VECTORS.c.vector_settings_id == settings_id, VECTORS.c.indexed < VECTORS.c.version)
        .order_by(VECTORS.c.vector_id)
        .limit(BATCH)
    )


def _packed(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {"key": key, "at": version, "bytes": unit(value).tobytes()} for key, version, value in rows
    ]
