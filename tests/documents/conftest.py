"""Files that tests read: written on the spot, so that what is in them stands in the test."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

Write = Callable[[str, str | bytes], Path]
WritePdf = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of text (UTF-8) or bytes."""

    def _write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


@pytest.fixture
def write_pdf(tmp_path: Path) -> WritePdf:
    """Write a PDF of pages of lines; Chinese works without a font file, by a standard CID font."""
    from reportlab.lib import pdfencrypt
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    def _write(name: str, pages: Sequence[Sequence[str]], password: str | None = None) -> Path:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        lock = None if password is None else pdfencrypt.StandardEncryption(password, "owner")
        path = tmp_path / name
        canvas = Canvas(str(path), encrypt=lock)
        for lines in pages:
            for index, line in enumerate(lines):
                canvas.setFont("Helvetica" if line.isascii() else "STSong-Light", 10)
                canvas.drawString(50, 800 - 14 * index, line)
            canvas.showPage()
        canvas.save()
        return path

    return _write
