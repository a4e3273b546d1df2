"""What the user may name as documents, and what is said when it cannot be read."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from fc_distilabel.documents import find_files, read_text
from fc_distilabel.documents.files import MAX_BYTES
from fc_distilabel.errors import DocumentError

Write: TypeAlias = Callable[[str, str | bytes], Path]

CHINESE = "单位应当自劳动关系终止之日起三十日内，将职工住房公积金账户转移到新单位。"


def test_a_folder_gives_its_visible_documents_sorted(tmp_path: Path, write: Write) -> None:
    """A folder is read to its depths; other suffixes and hidden files are passed over."""
    for name in ("b.md", "a/z.TXT", "a/y.pdf", "c.py", ".hidden.md", ".git/x.md", "d.md/inner.rst"):
        write(name, "x")
    found = [path.relative_to(tmp_path).as_posix() for path in find_files([str(tmp_path)])]
    assert found == ["a/y.pdf", "a/z.TXT", "b.md", "d.md/inner.rst"]


def test_a_document_named_twice_is_found_once(tmp_path: Path, write: Write) -> None:
    """File, folder and glob may overlap; order does not depend on how they were named."""
    one, two = write("one.md", "x"), write("two.md", "x")
    items = [str(two), str(tmp_path), str(tmp_path / "*.md"), str(tmp_path / "x/../one.md")]
    (tmp_path / "x").mkdir()
    assert [path.resolve() for path in find_files(items)] == [one, two]


def test_a_loop_of_links_ends(tmp_path: Path, write: Write) -> None:
    """A folder that links to itself is read once."""
    write("a.md", "x")
    os.symlink(tmp_path, tmp_path / "loop")
    assert [path.name for path in find_files([str(tmp_path)])] == ["a.md"]


def test_a_name_with_glob_characters_is_a_file_first(tmp_path: Path, write: Write) -> None:
    """A file called `[a].md` can be named as it is."""
    path = write("[a].md", "x")
    assert find_files([str(path)]) == [path]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("missing.md", "no such file or folder: "),
        ("*.docx", "no documents match "),
        ("*.py", "no documents match "),
        ("empty", "no documents in folder "),
        ("code.py", "suffix '.py' is not one of .md .markdown .txt"),
    ],
)
def test_what_cannot_be_found_is_named(tmp_path: Path, write: Write, item: str, said: str) -> None:
    """The message shows the value and what was looked for."""
    write("code.py", "x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DocumentError, match=said.replace("*", r"\*")) as caught:
        find_files([str(tmp_path / item)])
    assert str(tmp_path / item) in str(caught.value)


def test_no_paths_at_all_is_an_error() -> None:
    """An empty list says what to name."""
    with pytest.raises(DocumentError, match="no documents given"):
        find_files([])


def test_a_special_file_is_refused(tmp_path: Path) -> None:
    """A pipe is never opened: reading it would wait for ever."""
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(DocumentError, match="not a regular file"):
        find_files([str(tmp_path / "pipe.md")])


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    """50 MB are refused by size; the file is sparse, so reading it would give NULs instead."""
    path = tmp_path / "big.md"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(DocumentError, match=f"50,000,000 bytes, more than {MAX_BYTES:,}"):
        read_text(path)


@pytest.mark.parametrize(
    "content",
    [b"", b" \n\t\n", b"<!-- only a comment -->", b"```\ncode\n```", b"![image](a.png)"],
)
def test_a_file_without_text_is_empty(write: Write, content: bytes) -> None:
    """Nothing, white space, or nothing but markup and code."""
    with pytest.raises(DocumentError, match="is empty"):
        read_text(write("a.md", content))


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\0\0\0", bytes(range(1, 256)) * 20, b"%PDF-1.4\n\0\xff", b"\x01\x02" * 40],
)
def test_binary_content_is_not_taken_for_text(write: Write, content: bytes) -> None:
    """A picture called `.md` is refused, whatever its bytes decode to."""
    with pytest.raises(DocumentError, match="is binary"):
        read_text(write("a.md", content))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk", "gb2312"]
)
def test_chinese_is_read_in_every_usual_encoding(write: Write, encoding: str) -> None:
    """By its mark, as UTF-8, or as GB18030."""
    assert read_text(write("a.txt", CHINESE.encode(encoding))) == CHINESE


def test_western_bytes_are_not_taken_for_chinese(write: Write) -> None:
    """Curly quotes of a Windows file decode as GB18030 too, into nonsense."""
    text = "Fees don’t apply to “early” payments of the customer – they are free."
    assert read_text(write("a.txt", text.encode("cp1252"))) == text


def test_a_broken_byte_does_not_cost_the_document(write: Write) -> None:
    """One bad byte in UTF-8 is left out."""
    assert read_text(write("a.txt", CHINESE.encode() + b"\xff")) == CHINESE
