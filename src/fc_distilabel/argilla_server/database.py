"""The database a server keeps everything in: where it is, whether it answers, what it refuses.

Nothing here imports `argilla_server`, so that what cannot be used is told at once.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import text
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from fc_distilabel.argilla_server.home import Home
from fc_distilabel.errors import InputError

CONNECT_SECONDS = 10
POSTGRES = "postgresql://user:password@host/name"
DRIVER = "postgresql+asyncpg"


def sqlite_url(home: Home) -> URL:
    """The database in the home."""
    query = {"check_same_thread": "False"}
    return URL.create("sqlite+aiosqlite", database=str(home.database), query=query)


def postgres_url(given: str) -> URL:
    """The database that was named, with the driver that Argilla uses.

    Raises `InputError` where it is not the URL of a Postgres database.
    """
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        raise InputError(f"--postgres is not a URL: {POSTGRES}") from error
    if url.drivername.partition("+")[0] not in ("postgres", "postgresql"):
        raise InputError(f"--postgres takes a postgresql:// URL, and not {url.drivername!r}")
    if not url.database:
        raise InputError(f"--postgres names no database: {POSTGRES}")
    query = dict(url.query)
    if "sslmode" in query:  # as everybody but the driver spells it
        query["ssl"] = query.pop("sslmode")
    # Argilla makes an engine for synchronous sessions too: it shall not ask for a second driver.
    registry.register("postgresql", "sqlalchemy.dialects.postgresql.asyncpg", "dialect")
    return url.set(drivername=DRIVER, query=query)


def place(url: URL) -> str:
    """What a database is called in messages: never with its password."""
    if url.get_backend_name() == "sqlite":
        return repr(url.database)
    host = url.host or url.query.get("host") or "localhost"
    return f"{url.database!r} at {host}:{url.port or 5432}"


@contextmanager
def refusals(url: URL) -> Iterator[None]:
    """Turn what a database refuses, or that it is not there, into an `InputError`."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, PostgresError, InterfaceError, OSError) as error:
        raise InputError(f"the database {place(url)} cannot be used: {_reason(error)}") from error
    except asyncio.TimeoutError as error:
        raise InputError(
            f"the database {place(url)} cannot be used: no answer within {CONNECT_SECONDS} s"
        ) from error


def _reason(error: Exception) -> str:
    """What the database said, in one line and without the driver's class names."""
    said = str(getattr(error, "orig", None) or error) or type(error).__name__
    return re.sub(r"^<class '[^']*'>: ", "", said.splitlines()[0])


def require_answer(url: URL) -> None:
    """Raise `InputError` where there is a database that is none, or that does not let us in."""
    tables = "pg_tables"
    if url.get_backend_name() == "sqlite":
        if not Path(str(url.database)).exists():
            return  # made later, from nothing
        tables = "sqlite_master"
    with refusals(url):
        asyncio.run(_ask(url, f"SELECT count(*) FROM {tables}"))  # noqa: S608 - one of two words


async def _ask(url: URL, question: str) -> None:
    async with engine(url) as opened, opened.connect() as connection:
        await connection.execute(text(question))


@asynccontextmanager
async def engine(url: URL) -> AsyncIterator[AsyncEngine]:
    """Connections for a moment, each closed after use."""
    waits = {"timeout": CONNECT_SECONDS}  # both drivers know the word
    opened = create_async_engine(url, poolclass=NullPool, connect_args=waits)
    try:
        yield opened
    finally:
        await opened.dispose()
