"""Sentences are whole, and copied as they stand."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fc_distilabel.documents import Block, split_sentences
from fc_distilabel.documents.sentences import MAX_SENTENCE, split_chinese, split_english

CASES = json.loads((Path(__file__).parents[1] / "cases/sentences.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["description"] for case in CASES])
def test_sentences_of_a_paragraph(case: dict[str, Any]) -> None:
    """Where sentences end, and where they seem to but do not."""
    assert split_sentences([Block(case["text"])], case["language"]) == case["expected"]


def test_a_block_boundary_is_a_sentence_boundary() -> None:
    """Items need no full stop; headings are no sentences; a row is one."""
    blocks = [
        Block("Fees", "heading"),
        Block("one", "item"),
        Block("two", "item"),
        Block("Code: R01; Note: It is closed. Call us.", "row"),
    ]
    expected = ["one", "two", "Code: R01; Note: It is closed. Call us."]
    assert split_sentences(blocks, "en") == expected


def test_an_endless_sentence_is_left_out_whole() -> None:
    """It is never cut: half a sentence proves nothing."""
    endless = "word " * (MAX_SENTENCE // 5) + "word."
    assert split_sentences([Block(f"One is here. {endless} Two is here.")], "en") == [
        "One is here.",
        "Two is here.",
    ]
    assert split_sentences([Block("好" * (MAX_SENTENCE + 1))], "zh") == []


def test_a_long_row_falls_back_to_its_sentences() -> None:
    """A row that is too long for one is not lost."""
    row = Block("Code: R01; Note: " + "It is closed by the bank. " * 40, "row")
    assert len(split_sentences([row], "en")) == 40


@given(st.text(alphabet="aB.?! \"'(1)。！；“”（）…好，", max_size=60))
def test_splitting_loses_and_invents_nothing(text: str) -> None:
    """Joined again, sentences are the text but for white space between them."""
    for split in (split_english, split_chinese):
        assert "".join("".join(split(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "hostile",
    [
        "." * 50_000,
        "1. " * 20_000,
        '"a ' * 20_000,
        "“a。”" * 15_000,
        "（" * 30_000 + "。" + "）" * 30_000,
    ],
    ids=["dots", "numbers", "quotes", "Chinese quotes", "brackets"],
)
def test_a_hostile_line_ends(hostile: str) -> None:
    """Lines that make rule-based splitters backtrack for minutes are split at once."""
    assert isinstance(split_sentences([Block(hostile)], "en"), list)
