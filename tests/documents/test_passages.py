"""Documents hold informative sentences; passages are runs of them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fc_distilabel.documents import (
    Section,
    read_documents,
    read_passages,
    read_readings,
    split_passages,
)
from fc_distilabel.documents.passages import BUDGET, is_informative
from fc_distilabel.errors import DocumentError, InputError
from fc_distilabel.types import Document

Write: TypeAlias = Callable[[str, str | bytes], Path]

GUIDE = """# Returns

The bank may return a file for many reasons.

## Fees

Fees may be charged for each returned file. They are never paid back.

| Code | Reason |
|--|--|
| R01 | The account has no funds |

## Links

- [Home](/)
- [Read the whole policy of the bank](/policy)

## Contact

Call the desk if a fee was charged twice.
"""
ZH = "# 退款\n\n您可以在三十天内申请退款。手续费不予退还。\n\n## 联系\n\n如有疑问，请致电客服中心。"


def document(sentences: list[str]) -> Document:
    """A document of given sentences."""
    return Document(id="d", name="a.md", title="T", language="en", sentences=tuple(sentences))


def test_a_document_is_its_informative_sentences(write: Write) -> None:
    """Headings, links and menus are no sentences; the name is the file's, the title its heading."""
    [guide] = read_documents([str(write("sub/guide.md", GUIDE))])
    assert (guide.name, guide.title, guide.language) == ("guide.md", "Returns", "en")
    assert guide.sentences == (
        "The bank may return a file for many reasons.",
        "Fees may be charged for each returned file.",
        "They are never paid back.",
        "Code: R01; Reason: The account has no funds",
        "Call the desk if a fee was charged twice.",
    )


def test_passages_keep_within_sections_and_name_them(write: Write) -> None:
    """A passage's title is the document's and its section's heading."""
    passages = read_passages([str(write("guide.md", GUIDE))])
    assert [(p.title, p.start, len(p.sentences)) for p in passages] == [
        ("Returns", 0, 1),
        ("Returns – Fees", 1, 3),
        ("Returns – Contact", 4, 1),
    ]


def test_chinese_is_read_alike(write: Write) -> None:
    """The same structure in Chinese gives the same passages."""
    passages = read_passages([str(write("a.md", ZH))])
    assert [(p.language, p.start, p.sentences) for p in passages] == [
        ("zh", 0, ("您可以在三十天内申请退款。", "手续费不予退还。")),
        ("zh", 2, ("如有疑问，请致电客服中心。",)),
    ]


def test_a_passage_has_its_own_language(write: Write) -> None:
    """In a Chinese document an English section is labelled English, a Korean one left out."""
    text = (
        f"{ZH * 3}\n\n# English\n\nThe fee is kept by the bank.\n\n"
        "# 기타\n\n환불은 30일 이내에 신청할 수 있습니다."
    )
    path = str(write("a.md", text))
    assert read_documents([path])[0].language == "zh"
    assert [p.language for p in read_passages([path])][-2:] == ["zh", "en"]
    assert {p.language for p in read_passages([path], language="zh")} == {"zh"}


def test_a_given_language_is_not_questioned(write: Write) -> None:
    """`auto` refuses French; whoever says `en` is believed."""
    path = str(
        write("a.txt", "Les frais sont dus par le client et ne sont pas rendus par la banque.")
    )
    with pytest.raises(DocumentError, match=r"a\.txt': language not supported: en or zh"):
        read_documents([path])
    assert read_documents([path], language="en")[0].language == "en"


def test_a_language_that_does_not_exist_is_refused(write: Write) -> None:
    """The message names the three that do."""
    with pytest.raises(InputError, match="'fr'; allowed: auto, en, zh"):
        read_documents([str(write("a.md", GUIDE))], language="fr")  # type: ignore[arg-type]


def test_identity_is_the_content(write: Write) -> None:
    """Equal sentences are one document wherever they lie; a changed one is another."""
    write("one/a.md", GUIDE)
    write("two/b.md", GUIDE)
    root = write("c.md", GUIDE + "\nThis line is new in here.\n").parent
    documents = read_documents([str(root)])
    assert [d.name for d in documents] == ["c.md", "a.md"]
    assert len({d.id for d in documents}) == 2
    assert read_documents([str(root / "two")])[0].id == documents[1].id


def test_a_document_of_headings_only_is_refused(write: Write) -> None:
    """There is nothing to mine: said at once."""
    with pytest.raises(DocumentError, match="has no whole sentence"):
        read_documents([str(write("a.md", "# The heading of a page\n\n- [A link](b)\n- ok"))])


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("They are never paid back.", True),
        ("Fee is kept.", True),
        ("（四）出境定居的；", True),
        ("从冰箱中取出新鲜的鸡蛋", True),
        ("原料：鸡蛋；1 份：1 个；6 寸：3 个；8 寸：5 个", True),
        ("Yes!", False),
        ("白糖", False),
        ("输入：车站id", False),
        ("See regular guide", False),
        ("https://example.com/a/long/path/of/words", False),
        ("Read on here for more details.", False),
        ("Previously active accounts were closed.", True),
        ("Next page: The fees of the bank", False),
        ("Copyright 2024 by the ACME company of Ohio", False),
        ("Chapter on the fees ........ 12", False),
        ("if (a[i] == {x: 1}) { return b[j] | c; }", False),
        ("Day one two three 12.5 13.25 14.75 15.50 16.25 17.75 18.50 19.25", False),
        ("上一页：住房公积金的缴存与提取", False),
    ],
)
def test_what_is_informative(sentence: str, expected: bool) -> None:
    """A whole thought in words: not a fragment, a link, a menu or code."""
    assert is_informative(sentence) is expected


def test_a_question_stays_with_its_answer() -> None:
    """A passage does not end on `:` or `?` when what answers it comes next."""
    sentences = [
        "One fact is here.",
        "Two facts are here.",
        "May I cancel it?",
        "Yes, at any time.",
    ]
    assert [p.start for p in split_passages(document(sentences), size=3)] == [0, 2]


def test_passages_come_out_even() -> None:
    """Six sentences in fives are three and three, not five and one."""
    parts = split_passages(document([f"This is fact number {n}." for n in range(6)]), size=5)
    assert [len(part.sentences) for part in parts] == [3, 3]


def test_a_passage_without_sentences_is_refused() -> None:
    """A size below one is the caller's mistake."""
    with pytest.raises(InputError, match="not 0"):
        split_passages(document(["The fee is kept."]), size=0)


@given(
    lengths=st.lists(st.integers(10, 500), min_size=1, max_size=30),
    size=st.integers(1, 7),
    starts=st.sets(st.integers(1, 29), max_size=5),
)
def test_every_sentence_is_in_one_passage(lengths: list[int], size: int, starts: set[int]) -> None:
    """Passages tile the document, keep to size and budget, and end where sections do."""
    text = document(["x" * length for length in lengths])
    cuts = sorted({0, *(start for start in starts if start < len(lengths))})
    passages = split_passages(text, size, [Section(cut, f"h{cut}") for cut in cuts], "en")
    assert [s for p in passages for s in p.sentences] == list(text.sentences)
    assert set(cuts) <= {p.start for p in passages}
    for passage in passages:
        count = len(passage.sentences)
        assert text.sentences[passage.start : passage.start + count] == passage.sentences
        assert count <= size
        assert count == 1 or sum(map(len, passage.sentences)) <= BUDGET["en"]
    assert len({p.id for p in passages}) == len(passages)


def test_reading_twice_gives_the_same(write: Write) -> None:
    """Nothing depends on chance or on the machine."""
    path = str(write("guide.md", GUIDE))
    assert read_readings([path]) == read_readings([path])
    assert path not in read_documents([path])[0].to_json()


def test_importing_costs_no_reader_library() -> None:
    """PDF, Word, HTML and sentence libraries are imported when they are needed."""
    heavy = [
        "pypdf",
        "mammoth",
        "lxml",
        "docutils",
        "markdown_it",
        "sentencex",
        "charset_normalizer",
    ]
    code = f"import sys, fc_distilabel.documents; print([m for m in {heavy} if m in sys.modules])"
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": source},
    )
    assert done.stdout.strip() == "[]"
