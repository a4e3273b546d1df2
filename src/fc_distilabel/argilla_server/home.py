"""The server's home: the folder that holds its database, its credentials and its log.

    credentials.json   the owner's name, password and API key (mode 0600)
    auth.key           what log-ins are signed with, so that they outlive a restart (mode 0600)
    argilla.db         Argilla's tables, unless a Postgres database was given
    server.log         warnings and errors
    tmp/               what the running server unpacks; emptied at every start

One server at a time: the lock goes with the process that holds it, however that ends.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path
from pydantic import Field, ValidationError

from fc_distilabel.errors import InputError
from fc_distilabel.types import Noun

RESET = "--new-credentials"
"""The option by which the owner gets another password and key."""
OWNER = "owner"
SECRET_BYTES = 32


class Credentials(Noun):
    """How the owner logs in: by name and password in the browser, by key from programs."""

    username: str = Field(min_length=1)
    password: str = Field(min_length=8, max_length=100)
    api_key: str = Field(min_length=8)


@dataclass(frozen=True)
class Home:
    """A folder, and where each thing is in it."""

    path: Path

    @property
    def credentials(self) -> Path:
        """How the owner logs in."""
        return self.path / "credentials.json"

    @property
    def auth_key(self) -> Path:
        """What log-ins are signed with."""
        return self.path / "auth.key"

    @property
    def database(self) -> Path:
        """Argilla's tables."""
        return self.path / "argilla.db"

    @property
    def log(self) -> Path:
        """Warnings and errors."""
        return self.path / "server.log"

    @property
    def temporary(self) -> Path:
        """What the running server unpacks."""
        return self.path / "tmp"


def default_home() -> Path:
    """Where a server lives when nobody says where."""
    return user_data_path("fc-distilabel") / "argilla"


@contextmanager
def held(path: Path) -> Iterator[Home]:
    """The home, made where needed and held against a second server.

    Raises `InputError` when it cannot be written, or another server runs on it.
    """
    home = Home(path.expanduser().absolute())
    _require_usable(home.path)
    lock = FileLock(home.path / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise InputError(
            f"another server runs on {str(path)!r}: stop it, or give another --home"
        ) from error
    try:
        with _temporary(home.temporary):
            yield home
    finally:
        lock.release()


def _require_usable(path: Path) -> None:
    if "?" in str(path):
        raise InputError(f"--home {str(path)!r}: a database URL cannot hold a '?', take another")
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise InputError(f"--home {str(path)!r} cannot be used: {error.strerror}") from error


@contextmanager
def _temporary(path: Path) -> Iterator[None]:
    """An empty folder for the time of a run; what a killed server left there is removed."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(path, ignore_errors=True)


def kept_credentials(home: Home) -> Credentials | None:
    """The owner's credentials, where they were made before.

    Raises `InputError` when the file is there and is not what it should be.
    """
    try:
        return Credentials.model_validate_json(home.credentials.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise InputError(
            f"{str(home.credentials)!r} is damaged ({_reason(error)}): "
            f"put it right, or {RESET} makes new ones for the owner"
        ) from error


def _reason(error: OSError | ValidationError) -> str:
    """What is wrong, without what the file holds."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    first = error.errors()[0]
    return ": ".join(str(part) for part in (*first["loc"], first["msg"]))


def make_credentials(home: Home, username: str = OWNER) -> Credentials:
    """New credentials, kept in the home before anything else knows them."""
    made = Credentials(
        username=username, password=secrets.token_urlsafe(16), api_key=secrets.token_urlsafe(32)
    )
    _write_private(home.credentials, made.model_dump_json(indent=2) + "\n")
    return made


def auth_key(home: Home) -> str:
    """What log-ins are signed with; another one only means to log in again."""
    try:
        kept = home.auth_key.read_text(encoding="ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        kept = ""
    if len(kept) < SECRET_BYTES:
        kept = secrets.token_urlsafe(SECRET_BYTES)
        _write_private(home.auth_key, kept)
    return kept


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    temporary = path.with_name(f".{path.name}.part")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
