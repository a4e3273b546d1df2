"""Sums (sha256) of large files, computed once: a stamp in the cache says what state was summed."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_dir
from pydantic import BaseModel, ConfigDict, ValidationError

CACHE_VARIABLE = "FC_DISTILABEL_CACHE"
CHUNK = 1 << 20


class Stamp(BaseModel):
    """A file's sum, and the size and time of change it had when it was summed."""

    model_config = ConfigDict(frozen=True)

    size: int
    mtime_ns: int
    sha256: str


def cache_dir() -> Path:
    """The user's cache directory for this package, or what `FC_DISTILABEL_CACHE` names."""
    return Path(os.environ.get(CACHE_VARIABLE) or user_cache_dir("fc-distilabel")).expanduser()


def fingerprint(path: Path) -> str:
    """The file's sha256: from its stamp while size and time of change agree, else computed."""
    stamp = _read_stamp(path)
    state = path.stat()
    if stamp and (stamp.size, stamp.mtime_ns) == (state.st_size, state.st_mtime_ns):
        return stamp.sha256
    digest = _sha256(path)
    remember(path, digest)
    return digest


def remember(path: Path, sha256: str) -> None:
    """Stamp the file's present state; a cache that cannot be written only costs time later."""
    state = path.stat()
    stamp = Stamp(size=state.st_size, mtime_ns=state.st_mtime_ns, sha256=sha256)
    target = _stamp_path(path)
    # Named by process, so that two at once never write into each other's file.
    temporary = target.with_suffix(f".{os.getpid()}.tmp")
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(stamp.model_dump_json(), encoding="utf-8")
        os.replace(temporary, target)


def _read_stamp(path: Path) -> Stamp | None:
    try:
        return Stamp.model_validate_json(_stamp_path(path).read_bytes())
    except (OSError, ValidationError):
        return None


def _stamp_path(path: Path) -> Path:
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:32]
    return cache_dir() / "stamps" / f"{name}.json"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
