"""Any supported file to blocks: the suffix picks the reader.

Each reader's library is imported by the reader when it runs, so that importing this package, and
reading Markdown, does not pay for PDF and Word.
"""

from pathlib import Path

from fc_distilabel.documents.blocks import Block
from fc_distilabel.documents.docx import docx_blocks
from fc_distilabel.documents.files import decode, load
from fc_distilabel.documents.markdown import markdown_blocks
from fc_distilabel.documents.markup import html_blocks
from fc_distilabel.documents.pdf import pdf_blocks
from fc_distilabel.documents.plain import plain_blocks
from fc_distilabel.documents.rst import rst_blocks
from fc_distilabel.errors import DocumentError


def read_blocks(path: Path) -> list[Block]:
    """The blocks of one file: never none."""
    blocks = [block for block in _read(path, load(path)) if block.text]
    if not blocks:
        raise DocumentError(f"{str(path)!r} is empty: it has no text besides markup and code")
    return blocks


def read_text(path: Path) -> str:
    """The text of one file, a line per block."""
    return "\n".join(block.text for block in read_blocks(path))


def _read(path: Path, data: bytes) -> list[Block]:
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        return pdf_blocks(data, path)
    if suffix == ".docx":
        return docx_blocks(data, path)
    text = decode(data, path)
    if suffix in (".html", ".htm"):
        return html_blocks(text)
    if suffix in (".md", ".markdown"):
        return markdown_blocks(text)
    return rst_blocks(text, path) if suffix == ".rst" else plain_blocks(text)
