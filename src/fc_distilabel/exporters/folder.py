"""A folder that is there whole or not at all: made beside its place, then moved there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fc_distilabel.errors import InputError, RunError


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A new folder to write into, which becomes `out` when all went well.

    Raises `InputError` where `out` is there already, `RunError` where the disk does not take it.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        what = "is not empty" if out.is_dir() else "is a file"
        raise InputError(f"{str(out)!r} {what}: name another folder with --out, or remove it")
    work = out.with_name(f".{out.name}.part")
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        yield work
        if out.exists():
            out.rmdir()
        os.replace(work, out)
    except OSError as error:
        place = error.filename or str(out)
        raise RunError(f"cannot write {place!r}: {error.strerror}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
