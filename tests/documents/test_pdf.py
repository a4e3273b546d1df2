"""PDF: paragraphs are put together again, and what has no text says so."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from fc_distilabel.documents import pdf as pdf_module
from fc_distilabel.documents import read_blocks, read_text
from fc_distilabel.errors import DocumentError

WritePdf: TypeAlias = Callable[..., Path]

LINES = [
    "Fees may be applied by the bank as a result of returned files. Written author-",
    "ization may be requested as a result of returned files as well, in each and",
    "every case.",
    "The customer is told by letter.",
]
CHINESE = [
    "第一条 职工与原单位终止劳动关系后即被新单位录用的，原单位应当自终止之日起",
    "三十日内，将职工住房公积金账户转移到新单位。",
    "第二条 逾期不办理的，由管理中心予以办理。",
]


def test_lines_become_paragraphs(write_pdf: WritePdf) -> None:
    """Lines are joined, and the word that a line's end broke is whole again."""
    assert [block.text for block in read_blocks(write_pdf("a.pdf", [LINES]))] == [
        "Fees may be applied by the bank as a result of returned files. Written authorization "
        "may be requested as a result of returned files as well, in each and every case.",
        "The customer is told by letter.",
    ]


def test_chinese_lines_are_joined_without_spaces(write_pdf: WritePdf) -> None:
    """A Chinese paragraph over two lines is one text; articles stay apart."""
    assert [block.text for block in read_blocks(write_pdf("a.pdf", [CHINESE]))] == [
        CHINESE[0] + CHINESE[1],
        CHINESE[2],
    ]


def test_a_paragraph_runs_on_over_pages_and_running_heads_go(write_pdf: WritePdf) -> None:
    """Heads, feet and page numbers stand on every page and in no paragraph."""
    pages = [
        [
            "ACME Bank Manual",
            f"Chapter {'ABC'[n]} of the terms goes on and on until the page ends",
            f"{n + 1}",
        ]
        for n in range(3)
    ]
    text = read_text(write_pdf("a.pdf", [[*page, "Page 1 of 3"] for page in pages]))
    assert "ACME" not in text and "Page" not in text and "Chapter B of the terms" in text


def test_a_scan_says_that_it_has_no_text(write_pdf: WritePdf) -> None:
    """Pages without characters are not an empty document but one to run OCR on."""
    with pytest.raises(DocumentError, match=r"no text layer \(a scan\?\)"):
        read_text(write_pdf("scan.pdf", [[], []]))


def test_a_password_is_asked_off(write_pdf: WritePdf) -> None:
    """An encrypted file is named as such."""
    with pytest.raises(DocumentError, match="is encrypted: save it without a password"):
        read_text(write_pdf("a.pdf", [LINES], password="secret"))


def test_a_file_that_only_forbids_printing_is_read(write_pdf: WritePdf) -> None:
    """An empty user password is no password."""
    assert "told by letter" in read_text(write_pdf("a.pdf", [LINES], password=""))


def test_too_many_pages_are_refused(write_pdf: WritePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the count and the limit."""
    monkeypatch.setattr(pdf_module, "MAX_PAGES", 2)
    with pytest.raises(DocumentError, match="3 pages, more than 2"):
        read_text(write_pdf("a.pdf", [["x"], ["y"], ["z"]]))


def test_any_damage_is_a_document_error(write_pdf: WritePdf) -> None:
    """Cut off or with bytes changed, a PDF is read or refused; nothing else escapes."""
    data = write_pdf("a.pdf", [LINES]).read_bytes()
    damaged = [data[:cut] for cut in range(0, len(data), 97)]
    damaged += [data[:at] + b"9>/[" + data[at + 4 :] for at in range(0, len(data), 61)]
    for content in damaged:
        path = write_pdf("b.pdf", [[]])
        path.write_bytes(content or b"x")
        try:
            assert read_text(path)
        except DocumentError as error:
            assert "b.pdf" in str(error)
