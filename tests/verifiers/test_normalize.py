"""Facts in one spelling."""

import pytest

from fc_distilabel.verifiers.normalize import mentions, number_key, stands_in


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("March 3, 2026 at 3:30 PM for $1,250.00", ["date", "time", "number"]),
        ("2026-03-03T15:30:00+08:00", ["date", "time"]),
        ("2026年3月3日下午3点半\uff0c八十元", ["date", "time", "number"]),
        ("mail a@b.example, see https://b.example/x?y=1", ["email", "url"]),
        ("+1 (555) 123-4567 or 138-1234-5678", ["phone", "phone"]),
        ("BK-20391, v1.2.3, 192.168.1.1", ["code", "code", "code"]),
        ("50km 5-star 100g", ["number", "number", "number"]),
        ("5 m²", ["number"]),
        ("the second day, 第二天", ["number", "number"]),
        ("nothing here", []),
    ],
)
def test_facts_are_told_apart(text: str, kinds: list[str]) -> None:
    """Each fact is read once, as the most telling kind."""
    assert [mention.kind for mention in mentions(text)] == kinds


def test_a_day_that_does_not_exist_is_no_date() -> None:
    """The 30th of February is read as numbers at most."""
    assert "date" not in {mention.kind for mention in mentions("2026-02-30")}


@pytest.mark.parametrize("value", [1250, 1250.0, "1,250.00", "1.25e3", "+1250"])
def test_a_number_has_one_key(value: float | str) -> None:
    """The spelling of a number does not matter."""
    assert number_key(value) == "number:1250"


def test_searching_for_a_hostile_needle_ends() -> None:
    """Half of a text in the whole of it, at no word's border, is given up."""
    assert not stands_in("a" * 500_000, "a" * 1_000_000)
