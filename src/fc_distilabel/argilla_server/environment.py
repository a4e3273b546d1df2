"""What Argilla's server is told: it reads its settings from the environment when it is imported.

Nothing here imports `argilla_server`; everything that does comes after `prepare`.
"""

import logging
import os
import tempfile
import warnings
from logging.handlers import RotatingFileHandler

from sqlalchemy.engine import URL

from fc_distilabel.argilla_server.home import Home, auth_key

ENGINE = "sql"
"""The name that our search engine is registered under."""
BUSY_SECONDS = 60
"""How long a write waits for its turn where SQLite has one writer at a time."""
NO_REDIS = "redis://127.0.0.1:1"
"""Stands where the queue is kept in the process, and nobody dials."""
LOG_BYTES = 5_000_000


def prepare(home: Home, database: URL, redis_url: str) -> None:
    """Set what Argilla reads, send what it logs to the home, and keep its files there."""
    os.umask(0o077)  # the database holds keys too
    os.environ.update(
        ARGILLA_HOME_PATH=str(home.path),
        ARGILLA_DATABASE_URL=database.render_as_string(hide_password=False),
        ARGILLA_DATABASE_SQLITE_TIMEOUT=str(BUSY_SECONDS),
        ARGILLA_REDIS_URL=redis_url or NO_REDIS,
        ARGILLA_REDIS_USE_CLUSTER="false",
        ARGILLA_SEARCH_ENGINE=ENGINE,
        ARGILLA_AUTH_SECRET_KEY=auth_key(home),
        ARGILLA_AUTH_OAUTH_CFG=str(home.path / "oauth.yaml"),
        HF_HUB_DISABLE_TELEMETRY="1",
    )
    os.environ.pop("ARGILLA_ENABLE_TELEMETRY", None)  # deprecated: only a warning comes of it
    os.environ.pop("ARGILLA_BASE_URL", None)
    # Argilla unpacks its web pages into a new temporary folder at every start, and leaves it there.
    tempfile.tempdir = str(home.temporary)
    _log_to(home)


def _log_to(home: Home) -> None:
    handler = RotatingFileHandler(home.log, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setLevel(logging.WARNING)  # some of its libraries' loggers have levels of their own
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format=form, force=True)
    warnings.simplefilter("ignore")  # a frozen upstream's: nothing to do about them
