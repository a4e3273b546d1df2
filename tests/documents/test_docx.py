"""DOCX: structure is kept, and hostile archives are refused before they unpack."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from fc_distilabel.documents import docx as docx_module
from fc_distilabel.documents import read_blocks, read_text
from fc_distilabel.errors import DocumentError

Write: TypeAlias = Callable[[str, str | bytes], Path]

BODY = "word/document.xml"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def word_file(tmp_path: Path) -> Path:
    """A small document in both languages."""
    from docx import Document

    document = Document()
    document.add_heading("退款指南", 0)
    document.add_heading("Fees", 1)
    document.add_paragraph("The fee is $5. It is kept.")
    document.add_paragraph("One bullet", style="List Bullet")
    table = document.add_table(3, 3)
    rows = [("Code", "Reason", "Step"), ("R01", "No funds", "Retry"), ("R02", "Closed", "Call")]
    for index, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.cell(index, column).text = text
    document.add_paragraph("您可以在三十天内申请退款。")
    path = tmp_path / "a.docx"
    document.save(str(path))
    return path


def with_body(path: Path, body: bytes) -> Path:
    """The document with another body."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, body if name == BODY else old.read(name))
    path.write_bytes(out.getvalue())
    return path


def body(inner: bytes) -> bytes:
    """A body part around some paragraphs."""
    return (
        f'<w:document xmlns:w="{NAMESPACE}"><w:body>'.encode() + inner + b"</w:body></w:document>"
    )


def test_structure_is_kept(word_file: Path) -> None:
    """Title, headings, items and labelled rows, in order."""
    assert [(block.kind, block.text) for block in read_blocks(word_file)] == [
        ("heading", "退款指南"),
        ("heading", "Fees"),
        ("text", "The fee is $5. It is kept."),
        ("item", "One bullet"),
        ("row", "Code: R01; Reason: No funds; Step: Retry"),
        ("row", "Code: R02; Reason: Closed; Step: Call"),
        ("text", "您可以在三十天内申请退款。"),
    ]


def test_tracked_changes_read_as_accepted(word_file: Path) -> None:
    """What was inserted is there, what was deleted is not."""
    inner = (
        b"<w:p><w:r><w:t xml:space='preserve'>The fee </w:t></w:r><w:ins><w:r><w:t>is kept.</w:t>"
        b"</w:r></w:ins><w:del><w:r><w:delText>is returned.</w:delText></w:r></w:del></w:p>"
    )
    assert read_text(with_body(word_file, body(inner))) == "The fee is kept."


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 broken", b"not a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600],
    ids=["broken zip", "no zip", "old or encrypted Word"],
)
def test_what_is_no_docx_is_refused(write: Write, content: bytes) -> None:
    """The message says that the file is broken or encrypted."""
    with pytest.raises(DocumentError, match=r"not a readable DOCX \(broken or encrypted\)"):
        read_text(write("a.docx", content))


def test_a_zip_that_is_no_document_is_refused(tmp_path: Path) -> None:
    """Any other archive with the suffix."""
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(DocumentError, match="not a readable DOCX"):
        read_text(tmp_path / "a.docx")


@pytest.mark.parametrize(
    "hostile",
    [
        body(b"<w:tbl><w:tr><w:tc>" * 3000 + b"</w:tc></w:tr></w:tbl>" * 3000),
        b'<!DOCTYPE l [<!ENTITY a "'
        + b"x" * 4000
        + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(6))
        + b"]>"
        + body(b"<w:p><w:r><w:t>&g;</w:t></w:r></w:p>"),
        b"<w:unbound/>",
    ],
    ids=["nested tables", "billion laughs", "unbound prefix"],
)
def test_hostile_xml_is_refused(word_file: Path, hostile: bytes) -> None:
    """Nesting and entities end in a message, not in memory."""
    with pytest.raises(DocumentError, match="not a readable DOCX"):
        read_text(with_body(word_file, hostile))


@pytest.mark.parametrize("limit", ["MAX_XML_BYTES", "MAX_UNPACKED_BYTES"])
def test_a_zip_bomb_is_refused_packed(
    word_file: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """The sizes in the archive's index are added up before anything is unpacked."""
    monkeypatch.setattr(docx_module, limit, 1_000_000)
    path = with_body(word_file, body(b" " * 2_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(DocumentError, match=r"unpacks to 2,.* bytes, more than 1,000,000"):
        read_text(path)


def test_any_damage_is_a_document_error(word_file: Path) -> None:
    """Cut off or with bytes changed, a DOCX is read or refused; nothing else escapes."""
    data = word_file.read_bytes()
    step = len(data) // 20
    for at in range(0, len(data), step):
        for content in (data[:at], data[:at] + b"\xff\0\xfe\x01" + data[at + 4 :]):
            word_file.write_bytes(content or b"x")
            try:
                assert read_text(word_file)
            except DocumentError as error:
                assert "a.docx" in str(error)
