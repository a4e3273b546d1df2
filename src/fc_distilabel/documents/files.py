"""From what the user typed to bytes and characters: finding, bounding and decoding files.

Every refusal happens here or in a reader, names the file, and says what would be accepted.
"""

import codecs
import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fc_distilabel.errors import DocumentError

MAX_BYTES = 20_000_000
"""Larger files are refused unread: a document is something a person wrote."""

SUFFIXES = (".md", ".markdown", ".txt", ".rst", ".html", ".htm", ".pdf", ".docx")
"""What can be read."""

_ALLOWED = " ".join(SUFFIXES)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CONTROLS = "\t\n\r\x0b\x0c\x1a\x85\u2028\u2029"


def find_files(paths: Sequence[str]) -> list[Path]:
    """The documents that files, folders and globs name: sorted, each once."""
    if not paths:
        raise DocumentError(f"no documents given: name files, folders or globs of {_ALLOWED}")
    # By their real places, so that neither spelling nor order of the items matters.
    found = {path.resolve(): path for item in paths for path in _expand(item)}
    return [found[key] for key in sorted(found, key=Path.as_posix)]


def _expand(item: str) -> Iterable[Path]:
    """The files that one item of the user's list stands for."""
    path = Path(item).expanduser()
    if path.is_dir():
        return _in_folder(path)
    if path.exists():
        return [_supported(path)]
    if glob.has_magic(item):
        return _matching(item)
    raise DocumentError(f"no such file or folder: {item!r}")


def _supported(path: Path) -> Path:
    """The path itself, if it is a regular file of a kind that can be read."""
    if not path.is_file():
        raise DocumentError(f"not a regular file: {str(path)!r}")
    if path.suffix.lower() not in SUFFIXES:
        raise DocumentError(
            f"cannot read {str(path)!r}: suffix {path.suffix!r} is not one of {_ALLOWED}"
        )
    return path


def _in_folder(folder: Path) -> list[Path]:
    """The supported, visible files anywhere below a folder."""
    found = list(_walk(folder))
    if not found:
        raise DocumentError(f"no documents in folder {str(folder)!r}: looked for {_ALLOWED}")
    return found


def _walk(folder: Path) -> Iterator[Path]:
    # os.walk and not rglob: it never follows a link to a folder, so a loop of links ends.
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if _is_document(parent, name))


def _is_document(parent: str, name: str) -> bool:
    path = Path(parent, name)
    return not name.startswith(".") and path.suffix.lower() in SUFFIXES and path.is_file()


def _matching(pattern: str) -> list[Path]:
    """The supported files that a glob matches; folders among the matches are left alone."""
    matches = [Path(name) for name in glob.glob(os.path.expanduser(pattern), recursive=True)]
    found = [path for path in matches if _is_document(str(path.parent), path.name)]
    if not found:
        raise DocumentError(f"no documents match {pattern!r}: looked for {_ALLOWED}")
    return found


def load(path: Path) -> bytes:
    """The file's bytes, bounded before a byte is read."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DocumentError(f"{str(path)!r} has {size:,} bytes, more than {MAX_BYTES:,}")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"cannot read {str(path)!r}: {error.strerror}") from error
    if not data.strip():
        raise DocumentError(f"{str(path)!r} is empty")
    return data


def decode(data: bytes, path: Path) -> str:
    """The characters of a text file: by its mark, else UTF-8, GB18030 or the likeliest other."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace")
    text = None if b"\0" in data else _guess(data)
    if text is None or _controls(text) > len(text) / 100:
        raise DocumentError(f"{str(path)!r} is binary, not text in a known encoding")
    return text


def _guess(data: bytes) -> str | None:
    """UTF-8 (a few broken bytes forgiven), GB18030, or what charset-normalizer finds."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if broken * 20 <= sum(character > "\x7f" for character in text) - broken or not broken:
        return text
    chinese = data.decode("gb18030", errors="replace")
    if _looks_chinese(chinese):
        return chinese
    # Imported late: only the odd legacy file pays for it.
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return None if best is None else str(best)


def _looks_chinese(text: str) -> bool:
    """Whether nine in ten of the other-than-ASCII characters are everyday ones (GB 2312).

    Nearly any bytes decode as GB18030, so decoding without error proves nothing.
    """
    wide = [character for character in text if character > "\x7f"]
    common = sum(bool(character.encode("gb2312", errors="ignore")) for character in wide)
    return common >= 0.9 * len(wide)


def _controls(text: str) -> int:
    """How many characters have no place in a text."""
    return sum(
        (character < " " or "\x7f" <= character < "\xa0") and character not in _TEXT_CONTROLS
        for character in text
    )
