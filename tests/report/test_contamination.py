"""What of a benchmark is found again: copies, shared words, paraphrases, translations."""

import json
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.report.benchmarks import Question, spelled_calls
from fc_distilabel.report.contamination import Case, Contamination, by_rule, case_of

TABLE = json.loads(
    (Path(__file__).parents[1] / "cases/contamination.json").read_text(encoding="utf-8")
)
PLANTED: list[dict[str, Any]] = TABLE["questions"]


@pytest.fixture(scope="module")
def benchmark() -> Contamination:
    """Real questions, indexed."""
    return Contamination(
        [Question(q["id"], "b", q["asked"], spelled_calls(q["calls"])) for q in PLANTED]
    )


def planted(form: str, *, calls: bool = False) -> list[Case]:
    """Rows that say each question in a form; with the calls of the benchmark, or with none."""
    return [
        Case(q["id"], (f"{q[form]}",), spelled_calls(q["calls"]) if calls else ()) for q in PLANTED
    ]


def test_copies_are_found(benchmark: Contamination) -> None:
    """All of them, whatever their case and punctuation."""
    shouted = [case._replace(turns=(case.turns[0].upper() + "!",)) for case in planted("asked")]
    for cases in (planted("asked"), shouted):
        hits = list(benchmark.hits(cases))
        assert by_rule(hits) == {"copy": len(PLANTED)}
        assert all(hit.row == hit.question for hit in hits)


def test_paraphrases_that_share_13_words_are_found(benchmark: Contamination) -> None:
    """Each shares 13 words in a row, or all of a question of 8 to 12."""
    hits = list(benchmark.hits(planted("shared")))
    assert by_rule(hits) == {"13 words": 9, "whole question": 1}
    assert all(hit.row == hit.question and hit.shared for hit in hits)


def test_free_paraphrases_are_found_by_their_calls(benchmark: Contamination) -> None:
    """By their words alone only those that hardly left them: that is how far the rules see."""
    assert by_rule(benchmark.hits(planted("reworded"))) == {"near in meaning": 2}
    assert by_rule(benchmark.hits(planted("reworded", calls=True))) == {"same calls": 10}


def test_translations_are_found_by_their_calls_only(benchmark: Contamination) -> None:
    """No rule on words or meaning sees through a translation."""
    assert by_rule(benchmark.hits(planted("zh"))) == {}
    assert by_rule(benchmark.hits(planted("zh", calls=True))) == {"same calls": 10}


def test_chinese_questions_are_found_by_20_characters() -> None:
    """The equal rule: 20 characters in a row; 19 and other words are not enough."""
    asked = "请计算在加利福尼亚州付款方配偶在未来十年内需要向收款方配偶支付多少赡养费"
    index = Contamination([Question("q", "b", asked)])
    shared, less = asked[8:28], asked[8:27]
    far = "我的邻居最近很烦恼，他想知道{}，另外他还养了两只猫和一条狗，平时住在海边的小房子里。"
    cases = [Case("20", (far.format(shared),), ()), Case("19", (far.format(less),), ())]
    assert [(hit.row, hit.rule) for hit in index.hits(cases)] == [("20", "13 words")]


def test_any_turn_of_the_user_counts_and_a_row_only_once(benchmark: Contamination) -> None:
    """The row is told by the first rule that finds it."""
    turns = ("Good morning.", PLANTED[0]["asked"], PLANTED[1]["asked"], PLANTED[2]["shared"])
    assert len(list(benchmark.hits([Case("r", turns, ())]))) == 1


@pytest.mark.parametrize(
    "said",
    [
        "Thank you.",
        "Yes, please do that.",
        "",
        "Book me a table for two at eight tomorrow, near the harbour if you can.",
        "What is the probability?",
        "请帮我订一间海景房，住三晚。",
        "Get directions from Oslo to Bergen; we would rather take the scenic road along the fjord.",
    ],
)
def test_what_is_said_anyway_is_no_contamination(benchmark: Contamination, said: str) -> None:
    """Courtesies, other requests, and requests of the same sort with other words."""
    assert not list(benchmark.hits([Case("r", (said,), ())]))


def test_short_turns_are_like_short_questions_by_chance() -> None:
    """An equal turn of fewer than four words is no copy; of four it is."""
    index = Contamination(
        [Question("3", "b", "Yes, thank you."), Question("4", "b", "Is it open now?")]
    )
    cases = [Case("a", ("yes thank you",), ()), Case("b", ("is it open now",), ())]
    assert [hit.row for hit in index.hits(cases)] == ["b"]


def test_calls_with_fewer_than_two_values_tell_nothing() -> None:
    """`get_time()` is the right call of many requests."""
    one = [{"name": "weather", "arguments": {"city": "Rome"}}]
    two = [{"name": "weather", "arguments": {"city": "Rome", "days": 2.0}}]
    asked = [Question("one", "b", "weather?", spelled_calls(one))]
    asked.append(Question("two", "b", "weather soon?", spelled_calls(two)))
    same = spelled_calls([{"name": "weather", "arguments": {"days": 2, "city": "Rome"}}])
    cases = [Case("a", (), spelled_calls(one)), Case("b", (), same)]
    found = list(Contamination(asked).hits(cases))
    assert [(hit.row, hit.question) for hit in found] == [("b", "two")]


def test_a_case_is_what_the_user_says_and_what_is_right() -> None:
    """What cannot be read as a call is left out, not guessed at."""
    row = {
        "id": "r",
        "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "a b c"}],
        "gold_calls": [{"name": "f", "arguments": {"a": 1.0}}, {"name": 5}, "f()"],
    }
    assert case_of(row) == Case("r", ("hi",), ('f({"a":1})',))
    made = [{"function": {"name": "g", "arguments": {"b": "x"}}}, {"function": "g"}, 5]
    row["messages"][1] = {"role": "assistant", "tool_calls": made}
    assert case_of(row | {"gold_calls": None}).calls == ('g({"b":"x"})',)


def test_without_long_questions_nothing_is_near() -> None:
    """Vectors are made only where there is something to compare."""
    index = Contamination([Question("q", "b", "Open?")])
    assert not list(
        index.hits([Case("r", ("what are the opening hours of the museum today",), ())])
    )
