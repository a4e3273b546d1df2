"""Argilla's tables: made or brought up to date before the server starts, whole or not at all.

SQLite does not undo a half-done migration, so a file is migrated as a copy and then put in place.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from argilla_server.models.base import DatabaseModel
from sqlalchemy.engine import URL, Connection

import argilla_server
from fc_distilabel.argilla_server.database import engine, place
from fc_distilabel.errors import InputError

VERSION = version("argilla-server")


async def migrate(url: URL) -> None:
    """Bring the database's tables to what this Argilla knows.

    Raises `InputError` for tables that it does not know.
    """
    if url.get_backend_name() == "sqlite":
        await _migrate_file(url)
    else:
        await _migrate(url, url)


async def _migrate_file(url: URL) -> None:
    assert url.database
    path = Path(url.database)
    known = _current(path)
    if known is None or _is_behind(known, url):
        with _copied(path) as copy:
            await _migrate(url.set(database=str(copy)), url)
            copy.replace(path)
    with closing(sqlite3.connect(path)) as database:
        # One writer beside any number of readers; a commit is on the disk when it returns.
        database.execute("PRAGMA journal_mode = WAL")


def _current(path: Path) -> str | None:
    """The revision of a file's tables; `None` where there are none yet."""
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as database:
        tables = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
        if not database.execute(tables).fetchone()[0]:
            return None
        found = database.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found[0]) if found else None


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    """A copy of the file, if there is one, to put in its place; removed where it is not."""
    copy = path.with_name(f"{path.name}.new")
    copy.unlink(missing_ok=True)  # of a start that was killed
    try:
        if path.exists():
            with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy)) as new:
                # Refused while somebody else has the file open, whose log would outlive it.
                old.execute("PRAGMA journal_mode = DELETE")
                old.backup(new)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


async def _migrate(url: URL, named: URL) -> None:
    async with engine(url) as opened, opened.begin() as connection:
        await connection.run_sync(_upgrade, named)


def _upgrade(connection: Connection, named: URL) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and not _is_behind(current, named):
        return
    config, script = _scripts()
    with EnvironmentContext(
        config, script, fn=lambda revision, _: script._upgrade_revs("head", revision)
    ) as environment:
        environment.configure(connection=connection, target_metadata=DatabaseModel.metadata)
        with environment.begin_transaction():
            environment.run_migrations()


def _is_behind(revision: str, url: URL) -> bool:
    """Whether there is something to bring up to date.

    Raises `InputError` for a revision that this Argilla does not know.
    """
    _, script = _scripts()
    try:
        script.get_revision(revision)
    except CommandError as error:
        raise InputError(
            f"the database {place(url)} was made by another Argilla: {VERSION} does not know its "
            f"revision {revision!r}; run it with the one that made it, or take another database"
        ) from error
    return revision != script.get_current_head()


def _scripts() -> tuple[Config, ScriptDirectory]:
    config = Config()
    folder = Path(argilla_server.__file__).parent / "alembic"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config, ScriptDirectory.from_config(config)
