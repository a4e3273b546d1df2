"""PDF to blocks, with pypdf: pure Python, and it bounds what a hostile stream may unpack to.

(PDFium reads faster, but a file of 600 kB made it take 3 GB, and it leaves out a line whose text
stands on the page twice.)
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.documents.blocks import Block
from fc_distilabel.documents.plain import plain_blocks
from fc_distilabel.errors import DocumentError

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 2_000
"""Longer documents are refused: give the chapters that matter."""

_EDGE_LINES = 2  # a running head or foot is among so many lines at a page's top or bottom
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*$|^第\s*\d+\s*页.{0,12}$", re.IGNORECASE
)
# pypdf trusts a file's objects to have the types they should have; a bent file shows as any of
# these besides its own errors.
_BROKEN = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, OSError),
    *(NotImplementedError, RecursionError, TypeError, ValueError),
)


def pdf_blocks(data: bytes, path: Path) -> list[Block]:
    """The paragraphs of a PDF, without running heads, feet and page numbers."""
    # Imported late: only this format needs pypdf.
    from pypdf.errors import PyPdfError

    # Its remarks on slightly bent files are noise to the user; what matters is raised.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = _pages(data, path)
    except (PyPdfError, *_BROKEN) as error:
        reason = str(error) or type(error).__name__
        raise DocumentError(f"{str(path)!r} is not a readable PDF: {reason}") from error
    text = "\n".join("\n".join(lines) for lines in _without_edges(pages))
    if not any(character.isalpha() for character in text):
        raise DocumentError(f"{str(path)!r} has no text layer (a scan?): run OCR on it first")
    return plain_blocks(text)


def _pages(data: bytes, path: Path) -> list[list[str]]:
    """The lines of each page."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    _unlock(reader, path)
    if len(reader.pages) > MAX_PAGES:
        count = len(reader.pages)
        raise DocumentError(f"{str(path)!r} has {count:,} pages, more than {MAX_PAGES:,}")
    return [_lines(page.extract_text()) for page in reader.pages]


def _unlock(reader: "PdfReader", path: Path) -> None:
    """Open a file that only restricts printing and the like; one with a password is refused."""
    from pypdf.errors import DependencyError

    try:
        locked = reader.is_encrypted and not reader.decrypt("")
    except DependencyError:  # AES, which pypdf leaves to an optional library
        locked = True
    if locked:
        raise DocumentError(f"{str(path)!r} is encrypted: save it without a password first")


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not _PAGE_NUMBER.match(line)]


def _without_edges(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages without lines that stand, but for their numbers, at the edge of half of them."""
    seen = Counter(key for lines in pages for key in {_key(lines[i]) for i in _edges(lines)})
    running = {key for key, count in seen.items() if count >= max(3, len(pages) / 2)}
    return [
        [
            line
            for index, line in enumerate(lines)
            if index not in _edges(lines) or _key(line) not in running
        ]
        for lines in pages
    ]


def _edges(lines: Sequence[str]) -> set[int]:
    count = len(lines)
    return {i for i in (*range(_EDGE_LINES), *range(count - _EDGE_LINES, count)) if 0 <= i < count}


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", line)
