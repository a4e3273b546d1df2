"""What the search keeps inside Argilla's SQLite file, and the triggers by which it cannot drift.

Every write to `records` or `vectors`, whoever makes it, also writes here, in the same transaction:
the small columns as they are, and a mark on what must be read again to be searched by words or by
meaning. The triggers are plain SQL, so any program may still write to the file.
"""

from fc_distilabel.argilla_server.search.documents import SIGNS

_SIGNS = SIGNS.replace("'", "''").replace('"', '""')

TABLES = (
    """CREATE TABLE IF NOT EXISTS fc_search_records (
        doc INTEGER PRIMARY KEY AUTOINCREMENT, id CHAR(32) UNIQUE, dataset_id CHAR(32),
        external_id VARCHAR, status VARCHAR, inserted_at DATETIME, updated_at DATETIME,
        metadata JSON, version INTEGER NOT NULL DEFAULT 1, indexed INTEGER NOT NULL DEFAULT 0)""",
    """CREATE INDEX IF NOT EXISTS fc_search_records_order
        ON fc_search_records (dataset_id, inserted_at, id)""",
    """CREATE INDEX IF NOT EXISTS fc_search_records_stale
        ON fc_search_records (dataset_id) WHERE indexed < version""",
    "CREATE TABLE IF NOT EXISTS fc_search_gone (doc INTEGER PRIMARY KEY)",
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS fc_search_words
        USING fts5(words, tokenize="ascii tokenchars '{_SIGNS}'")""",
    """CREATE TABLE IF NOT EXISTS fc_search_vectors (
        serial INTEGER PRIMARY KEY AUTOINCREMENT, vector_id CHAR(32) UNIQUE,
        record_id CHAR(32), vector_settings_id CHAR(32), unit BLOB,
        version INTEGER NOT NULL DEFAULT 1, indexed INTEGER NOT NULL DEFAULT 0)""",
    """CREATE INDEX IF NOT EXISTS fc_search_vectors_settings
        ON fc_search_vectors (vector_settings_id, serial, indexed)""",
    """CREATE INDEX IF NOT EXISTS fc_search_vectors_stale
        ON fc_search_vectors (vector_settings_id) WHERE indexed < version""",
    "CREATE TABLE IF NOT EXISTS fc_search_state (name VARCHAR PRIMARY KEY, value VARCHAR)",
)

TRIGGERS = {
    "fc_search_record_made": """AFTER INSERT ON records BEGIN
        INSERT INTO fc_search_gone SELECT doc FROM fc_search_records WHERE id = new.id;
        DELETE FROM fc_search_records WHERE id = new.id;
        INSERT INTO fc_search_records
            (id, dataset_id, external_id, status, inserted_at, updated_at, metadata)
        VALUES (new.id, new.dataset_id, new.external_id, new.status, new.inserted_at,
            new.updated_at, new.metadata);
        END""",
    "fc_search_record_changed": """AFTER UPDATE ON records BEGIN
        UPDATE fc_search_records SET id = new.id, dataset_id = new.dataset_id,
            external_id = new.external_id, status = new.status, inserted_at = new.inserted_at,
            updated_at = new.updated_at, metadata = new.metadata,
            version = version + (new.fields IS NOT old.fields)
        WHERE id = old.id;
        END""",
    "fc_search_record_gone": """AFTER DELETE ON records BEGIN
        INSERT INTO fc_search_gone SELECT doc FROM fc_search_records WHERE id = old.id;
        DELETE FROM fc_search_records WHERE id = old.id;
        END""",
    "fc_search_vector_made": """AFTER INSERT ON vectors BEGIN
        INSERT OR REPLACE INTO fc_search_vectors (vector_id, record_id, vector_settings_id)
        VALUES (new.id, new.record_id, new.vector_settings_id);
        END""",
    "fc_search_vector_changed": """AFTER UPDATE ON vectors BEGIN
        UPDATE fc_search_vectors SET vector_id = new.id, record_id = new.record_id,
            vector_settings_id = new.vector_settings_id, version = version + 1
        WHERE vector_id = old.id;
        END""",
    "fc_search_vector_gone": """AFTER DELETE ON vectors BEGIN
        DELETE FROM fc_search_vectors WHERE vector_id = old.id;
        END""",
}

FILL = (
    """INSERT INTO fc_search_records
        (id, dataset_id, external_id, status, inserted_at, updated_at, metadata)
        SELECT id, dataset_id, external_id, status, inserted_at, updated_at, metadata
        FROM records ORDER BY inserted_at, id""",
    """INSERT INTO fc_search_vectors (vector_id, record_id, vector_settings_id)
        SELECT id, record_id, vector_settings_id FROM vectors""",
)
"""Marks all that is there as to be read."""

FOUND = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
COMPLETE = """SELECT (SELECT count(*) FROM records) = (SELECT count(*) FROM fc_search_records)
    AND (SELECT count(*) FROM vectors) = (SELECT count(*) FROM fc_search_vectors)"""
"""Whether every record and vector has its shadow: not so where somebody wrote without triggers."""
LOCK = "BEGIN IMMEDIATE"


def drops() -> list[str]:
    """The statements that take everything of the search out of the file."""
    tables = ("records", "words", "gone", "vectors", "state")
    return [
        *(f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS),
        *(f"DROP TABLE IF EXISTS fc_search_{name}" for name in tables),
    ]


def triggers() -> list[str]:
    """The statements that make the triggers."""
    return [f"CREATE TRIGGER IF NOT EXISTS {name} {what}" for name, what in TRIGGERS.items()]
