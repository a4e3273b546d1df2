"""The run's directory: one run at a time, and never under other settings than before."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from fc_distilabel.errors import InputError
from fc_distilabel.runs.files import DATABASE, RESULTS
from fc_distilabel.runs.settings import changes
from fc_distilabel.runs.store import open_store
from fc_distilabel.types import Json

LOCK = ".lock"
DECIDING = "settings"
"""Note in the store: what decides the rows (see `deciding`)."""
FRESH = "give another --out, or --fresh to move the old files aside"


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Make the directory where needed, and hold its lock; an unused new one is removed again.

    Raises `InputError` when it cannot be written, or another run holds it.
    """
    made = not out.exists()
    _require_writable(out)
    lock = take_lock(out / LOCK, f"in {str(out)!r}")
    try:
        yield
    finally:
        lock.release()
        if made and {path.name for path in out.iterdir()} <= {LOCK}:
            with suppress(OSError):
                (out / LOCK).unlink(missing_ok=True)
                out.rmdir()


def take_lock(path: Path, place: str) -> FileLock:
    """The lock, held; raises `InputError` when another run holds it, `OSError` when none can be."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise InputError(f"another run is at work {place}: wait for it or stop it") from error
    return lock


def _require_writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise InputError(f"--out {str(out)!r} cannot be written: {error.strerror}") from error


def require_same(out: Path, decides: Mapping[str, Json]) -> None:
    """Make sure that what the directory holds, if anything, is of a run with the same settings.

    Raises `InputError` naming each setting that differs.
    """
    database = out / DATABASE
    if not database.exists():
        strangers = [name for name in RESULTS if (out / name).exists()]
        if strangers:
            raise InputError(f"{str(out)!r} holds {strangers[0]} but no {DATABASE}: {FRESH}")
        return
    with open_store(database) as store:
        before = store.noted(DECIDING)
    if before is not None and (differing := changes(before, decides)):
        raise InputError(
            f"{str(out)!r} holds a run with other settings: {'; '.join(differing)}; {FRESH}"
        )
