"""The search's own tables, as SQLAlchemy knows them; `schema` makes them and keeps them right.

`version` grows with every write of what a row is made from, `indexed` is the version that the row
shows: a row whose `indexed` lags behind is stale.
"""

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)

_metadata = MetaData()

RECORDS = Table(
    "fc_search_records",
    _metadata,
    Column("doc", Integer, primary_key=True),
    Column("id", Uuid),
    Column("dataset_id", Uuid),
    Column("external_id", String),
    Column("status", String),
    Column("inserted_at", DateTime),
    Column("updated_at", DateTime),
    Column("metadata", JSON),
    Column("version", Integer),
    Column("indexed", Integer),
)
"""SQLite: the small columns of `records`, slow to read there, behind the long one."""

WORDS = Table(
    "fc_search_words",
    _metadata,
    Column("rowid", Integer, primary_key=True),
    Column("words", Text),
    Column("rank", Integer),
)
"""SQLite: the full text of the record whose `doc` is the rowid."""

TEXTS = Table(
    "fc_search_texts",
    _metadata,
    Column("record_id", Uuid, primary_key=True),
    Column("dataset_id", Uuid),
    Column("words", Text),
    Column("lexemes", Text),
    Column("version", Integer),
    Column("indexed", Integer),
)
"""PostgreSQL: the full text of a record."""

VECTORS = Table(
    "fc_search_vectors",
    _metadata,
    Column("serial", Integer, primary_key=True),
    Column("vector_id", Uuid),
    Column("record_id", Uuid),
    Column("vector_settings_id", Uuid),
    Column("unit", LargeBinary),
    Column("version", Integer),
    Column("indexed", Integer),
)
"""Both: a vector of length 1 as 32-bit floats, which a product can be made of as they lie."""
