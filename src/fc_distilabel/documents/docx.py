"""DOCX to blocks, through mammoth's HTML: it knows lists, tracked changes and content controls."""

import io
import zipfile
import zlib
from pathlib import Path
from xml.parsers.expat import ExpatError

from fc_distilabel.documents.blocks import Block
from fc_distilabel.documents.markup import html_blocks
from fc_distilabel.errors import DocumentError

MAX_UNPACKED_BYTES = 200_000_000
"""Of all parts together, pictures too: a bound on zip bombs."""
MAX_XML_BYTES = 20_000_000
"""Of the XML parts together: they are held as a tree of some thirty times their size."""

_STYLES = "p[style-name='Title'] => h1:fresh"
# mammoth follows references from part to part, so a part that is missing or bent can end in any
# of these; a `ValueError` or `IndexError` of its own would be a broken file as well.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, ExpatError, EOFError, OSError, RecursionError),
    *(LookupError, ValueError, TypeError, AttributeError, NotImplementedError),
)


def docx_blocks(data: bytes, path: Path) -> list[Block]:
    """Paragraphs, headings, list items and table rows of a Word document."""
    # Imported late: only this format needs mammoth.
    import mammoth

    _check_sizes(data, path)
    try:
        # Pictures are left out unopened: a document can point one at any file of the machine.
        result = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, convert_image=lambda image: []
        )
    except _BROKEN as error:
        raise _broken(path, error) from error
    return html_blocks(result.value)


def _check_sizes(data: bytes, path: Path) -> None:
    """Refuse what would unpack to more than a document can be."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except _BROKEN as error:
        raise _broken(path, error) from error
    everything = sum(part.file_size for part in parts)
    xml = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    for size, limit in ((everything, MAX_UNPACKED_BYTES), (xml, MAX_XML_BYTES)):
        if size > limit:
            raise DocumentError(f"{str(path)!r} unpacks to {size:,} bytes, more than {limit:,}")


def _broken(path: Path, error: Exception) -> DocumentError:
    reason = str(error) or type(error).__name__
    return DocumentError(f"{str(path)!r} is not a readable DOCX (broken or encrypted): {reason}")
