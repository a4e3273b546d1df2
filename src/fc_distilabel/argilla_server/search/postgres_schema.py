"""What the search keeps beside Argilla's tables in PostgreSQL, and the triggers on these.

As in SQLite, a write to `records` or `vectors` marks in its own transaction what must be read anew;
a deleted row takes its shadow with it by its foreign key. Nothing else is kept twice: the other
columns of `records` are as quick to read where they are.
"""

TABLES = (
    """CREATE TABLE IF NOT EXISTS fc_search_texts (
        record_id uuid PRIMARY KEY REFERENCES records (id) ON DELETE CASCADE,
        dataset_id uuid NOT NULL, words text, lexemes tsvector,
        version integer NOT NULL DEFAULT 1, indexed integer NOT NULL DEFAULT 0)""",
    """CREATE INDEX IF NOT EXISTS fc_search_texts_lexemes
        ON fc_search_texts USING gin (lexemes) WITH (fastupdate = off)""",
    """CREATE INDEX IF NOT EXISTS fc_search_texts_stale
        ON fc_search_texts (dataset_id) WHERE indexed < version""",
    """CREATE TABLE IF NOT EXISTS fc_search_vectors (
        vector_id uuid PRIMARY KEY REFERENCES vectors (id) ON DELETE CASCADE,
        serial bigserial NOT NULL,
        record_id uuid NOT NULL, vector_settings_id uuid NOT NULL, unit bytea,
        version integer NOT NULL DEFAULT 1, indexed integer NOT NULL DEFAULT 0)""",
    "ALTER TABLE fc_search_vectors ALTER COLUMN unit SET STORAGE EXTERNAL",
    """CREATE INDEX IF NOT EXISTS fc_search_vectors_settings
        ON fc_search_vectors (vector_settings_id, serial, indexed)""",
    """CREATE INDEX IF NOT EXISTS fc_search_vectors_stale
        ON fc_search_vectors (vector_settings_id) WHERE indexed < version""",
    """CREATE INDEX IF NOT EXISTS fc_search_records_order
        ON records (dataset_id, inserted_at, id)""",
    "CREATE TABLE IF NOT EXISTS fc_search_state (name varchar PRIMARY KEY, value varchar)",
    """CREATE OR REPLACE FUNCTION fc_search_record_made() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO fc_search_texts (record_id, dataset_id) VALUES (new.id, new.dataset_id);
            RETURN NULL;
        END $$""",
    """CREATE OR REPLACE FUNCTION fc_search_record_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE fc_search_texts SET dataset_id = new.dataset_id, version = version + 1
            WHERE record_id = new.id;
            RETURN NULL;
        END $$""",
    """CREATE OR REPLACE FUNCTION fc_search_vector_made() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO fc_search_vectors (vector_id, record_id, vector_settings_id)
            VALUES (new.id, new.record_id, new.vector_settings_id);
            RETURN NULL;
        END $$""",
    """CREATE OR REPLACE FUNCTION fc_search_vector_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE fc_search_vectors SET record_id = new.record_id,
                vector_settings_id = new.vector_settings_id, version = version + 1
            WHERE vector_id = new.id;
            RETURN NULL;
        END $$""",
)

TRIGGERS = {
    "fc_search_record_made": "AFTER INSERT ON records",
    "fc_search_record_changed": "AFTER UPDATE OF fields, dataset_id ON records",
    "fc_search_vector_made": "AFTER INSERT ON vectors",
    "fc_search_vector_changed": "AFTER UPDATE ON vectors",
}

FILL = (
    "INSERT INTO fc_search_texts (record_id, dataset_id) SELECT id, dataset_id FROM records",
    """INSERT INTO fc_search_vectors (vector_id, record_id, vector_settings_id)
        SELECT id, record_id, vector_settings_id FROM vectors""",
)
"""Marks all that is there as to be read."""

FOUND = """SELECT tgname FROM pg_trigger
    WHERE tgrelid IN (CAST('records' AS regclass), CAST('vectors' AS regclass))"""
COMPLETE = """SELECT (SELECT count(*) FROM records) = (SELECT count(*) FROM fc_search_texts)
    AND (SELECT count(*) FROM vectors) = (SELECT count(*) FROM fc_search_vectors)"""
"""Whether every record and vector has its shadow: not so where somebody wrote without triggers."""
LOCK = "SELECT pg_advisory_xact_lock(7340227163)"


def drops() -> list[str]:
    """The statements that take the search's tables out of the database."""
    return [f"DROP TABLE IF EXISTS fc_search_{name}" for name in ("texts", "vectors", "state")]


def triggers() -> list[str]:
    """The statements that make the triggers."""
    return [
        statement
        for name, when in TRIGGERS.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS {name} ON {when.rpartition(' ')[2]}",
            f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()",
        )
    ]
