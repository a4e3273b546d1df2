"""Connections to Argilla's database that only the search uses.

A handler of Argilla keeps a connection of its own pool while it waits for the search. A search that
took a second one from the same pool would wait for ever once enough handlers wait. A connection
also belongs to the event loop it was made in, and a worker runs one loop a job: so one pool a loop.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from argilla_server.settings import settings
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from fc_distilabel.argilla_server.search.schema import prepare

BUSY_SECONDS = 5
"""How long SQLite lets the search wait for its turn to write; what it would write is not lost."""

_engines: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncEngine] = WeakKeyDictionary()
_prepared: WeakSet[AsyncEngine] = WeakSet()
_log = logging.getLogger(__name__)


def on_sqlite() -> bool:
    """Whether Argilla's database is SQLite; otherwise it is PostgreSQL."""
    return bool(settings.database_is_sqlite)


@asynccontextmanager
async def connected() -> AsyncIterator[AsyncConnection]:
    """A connection to Argilla's database, in which the search's own tables are there."""
    engine = _engine()
    async with engine.connect() as connection:
        if engine not in _prepared:
            await prepare(connection)
            _prepared.add(engine)
        yield connection


def _engine() -> AsyncEngine:
    loop = asyncio.get_running_loop()
    if loop not in _engines:
        _engines[loop] = create_async_engine(str(settings.database_url), **_options())
    return _engines[loop]


def _options() -> dict[str, Any]:
    if on_sqlite():
        return {"connect_args": {"timeout": BUSY_SECONDS}}
    return dict(settings.database_engine_args)


@contextmanager
def behind_others() -> Iterator[None]:
    """Go on where SQLite gives the search no turn to write: its marks keep what is to be done."""
    try:
        yield
    except OperationalError as error:
        if "locked" not in str(error.orig):
            raise
        _log.warning("the search is behind: another program holds Argilla's database")
