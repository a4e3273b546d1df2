"""All vectors of one kind in memory, as the rows of a matrix, and never older than the database.

What a matrix was read from is told by the number of rows, the highest serial number and the sum of
the versions that are shown. Serial numbers are never used twice and versions only grow, so no two
states that differ have the same three. They are asked for at each search, from an index alone.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from fc_distilabel.argilla_server.search.tables import VECTORS

MOST_BYTES = 512 * 2**20
"""Memory for matrices; those not asked for lately go first."""
_BYTES = 4

State = tuple[int, int, int]


@dataclass(frozen=True)
class Matrix:
    """The vectors of some records."""

    state: State
    records: list[str]
    """The record of each row, in hexadecimal."""
    units: NDArray[np.float32]

    def nearest(
        self, target: NDArray[np.float32], among: Sequence[str] | None
    ) -> Iterator[tuple[UUID, float]]:
        """Records and their cosines, the closest first; all of them, or only these."""
        cosines = self.units @ target
        order = np.argsort(-cosines, kind="stable").tolist()
        chosen = None if among is None else frozenset(among)
        for row in order:
            if chosen is None or self.records[row] in chosen:
                yield UUID(self.records[row]), float(cosines[row])


_matrices: OrderedDict[tuple[str, UUID], Matrix] = OrderedDict()


async def matrix(connection: AsyncConnection, settings_id: UUID, dimensions: int) -> Matrix:
    """The vectors as they are now."""
    key = (str(connection.engine.url), settings_id)
    state = await _state(connection, settings_id)
    known = _matrices.get(key)
    if known is None or known.state != state:
        rows = await _rows(connection, settings_id)
        known = await asyncio.to_thread(_made, state, rows, dimensions)
        _matrices[key] = known
    _matrices.move_to_end(key)
    while len(_matrices) > 1 and sum(one.units.nbytes for one in _matrices.values()) > MOST_BYTES:
        _matrices.popitem(last=False)
    return known


async def _state(connection: AsyncConnection, settings_id: UUID) -> State:
    found = await connection.execute(
        select(
            func.count(),
            func.coalesce(func.max(VECTORS.c.serial), 0),
            func.coalesce(func.sum(VECTORS.c.indexed), 0),
        ).where(VECTORS.c.vector_settings_id == settings_id)
    )
    count, serial, versions = found.one()
    return count, serial, int(versions)


async def _rows(connection: AsyncConnection, settings_id: UUID) -> Sequence[Any]:
    """Records and vectors as the driver has them: nothing is worth converting but what is found."""
    plain = [type_coerce(column, NullType()) for column in (VECTORS.c.record_id, VECTORS.c.unit)]
    wanted = select(*plain).where(VECTORS.c.vector_settings_id == settings_id)
    return (await connection.execute(wanted.order_by(VECTORS.c.serial))).all()


def _made(state: State, rows: Sequence[Any], dimensions: int) -> Matrix:
    whole = [row for row in rows if row[1] is not None and len(row[1]) == dimensions * _BYTES]
    units = np.frombuffer(b"".join(row[1] for row in whole), np.float32)
    records = [str(row[0]).replace("-", "") for row in whole]
    return Matrix(state, records, units.reshape(-1, dimensions))
