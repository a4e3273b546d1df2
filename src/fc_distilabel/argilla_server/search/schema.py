"""Makes the search's tables and triggers in Argilla's database, where they are not there yet.

A database that was used before, or whose triggers were lost (a migration that makes a table anew
loses them), is read anew as a whole; so is one that was read by another version of `documents`.
"""

from types import ModuleType

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from fc_distilabel.argilla_server.search import postgres_schema, sqlite_schema

FORMAT = "3"
"""Grows when `documents` or `vectors` write something else than before."""


async def prepare(connection: AsyncConnection) -> None:
    """See to it that the search's tables are there and complete."""
    on_sqlite = connection.dialect.name == "sqlite"
    schema = sqlite_schema if on_sqlite else postgres_schema
    if await _is_prepared(connection, schema):
        await connection.rollback()
        return
    await connection.rollback()
    await connection.exec_driver_sql(schema.LOCK)
    if not await _is_prepared(connection, schema):  # by another process, before the lock was ours
        await _make(connection, schema)
    await connection.commit()


async def _is_prepared(connection: AsyncConnection, schema: ModuleType) -> bool:
    found = set((await connection.execute(text(schema.FOUND))).scalars())
    if not found >= set(schema.TRIGGERS):
        return False
    state = text("SELECT value FROM fc_search_state WHERE name = 'format'")
    if (await connection.execute(state)).scalar() != FORMAT:
        return False
    return bool((await connection.execute(text(schema.COMPLETE))).scalar())


async def _make(connection: AsyncConnection, schema: ModuleType) -> None:
    statements = [*schema.drops(), *schema.TABLES, *schema.triggers(), *schema.FILL]
    for statement in statements:
        await connection.exec_driver_sql(statement)
    made = text("INSERT INTO fc_search_state VALUES ('format', :format)")
    await connection.execute(made, {"format": FORMAT})
