"""Argilla's search, answered from Argilla's own database: no Elasticsearch and no second store.

Importing this package makes the engine known to Argilla under the name `sql`; the server and its
workers then choose it by `ARGILLA_SEARCH_ENGINE=sql`.
"""

from fc_distilabel.argilla_server.search.engine import ENGINE_NAME, SqlSearchEngine

__all__ = ["ENGINE_NAME", "SqlSearchEngine"]
