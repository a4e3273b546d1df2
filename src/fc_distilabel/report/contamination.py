"""Whether rows say again what a benchmark asks, so that a score on it would be worth nothing.

Each of the user's turns is held against each question, by six rules:

- `copy`: the same tokens, four words or more.
- `13 words`: a run of 13 words (20 Chinese characters) that both have.
- `whole question`: a question of 8 to 12 words, all of which stands in the turn in its order.
- `same calls`: the row's right calls are the case's, with two argument values or more. It sees
  through a translation as long as names and values were left alone.
- `near in words`: the cosine of the two TF-IDF vectors is above 0.8.
- `near in meaning`: the two embeddings are closer than those of independent questions are.

The last two ask for eight words on both sides: short turns are alike by chance. A translation with
its values translated too is found by none of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias, get_args

from fc_distilabel.report.benchmarks import Question, spelled_calls
from fc_distilabel.report.nearest import Nearest
from fc_distilabel.report.reading import right_calls
from fc_distilabel.report.texts import SHORT, WINDOW, tokens, user_turns, weight, windows
from fc_distilabel.types import Json, Noun

Rule: TypeAlias = Literal[
    "copy", "13 words", "whole question", "same calls", "near in words", "near in meaning"
]
RULES: tuple[Rule, ...] = get_args(Rule)
LEAST = SHORT // 2
"""The weight from which an equal turn is a copy."""
_VALUES = 2
_SHOWN = 300


class Hit(Noun):
    """A row that says again what a benchmark asks: by the first rule that found it."""

    row: str
    rule: Rule
    benchmark: str
    question: str
    """The question's id."""
    shared: str
    """The words that both have, where a rule is about words."""
    closeness: float
    """Of their words or meaning, where a rule is about that; 1 otherwise."""
    said: str
    """The user's turn, or its beginning."""
    asked: str
    """The question, or its beginning."""


class Case(NamedTuple):
    """What of a row is compared."""

    row: str
    turns: tuple[str, ...]
    calls: tuple[str, ...]


def case_of(row: Mapping[str, Json]) -> Case:
    """What of a row is compared."""
    calls = spelled_calls(right_calls(row))
    return Case(row["id"], tuple(user_turns(row["messages"])), calls)


class Contamination:
    """Questions of benchmarks, ready to be looked for."""

    def __init__(self, questions: Sequence[Question]) -> None:
        """Index the questions by what the rules look at."""
        self._questions = questions
        self._copies: dict[tuple[str, ...], int] = {}
        self._windows: dict[tuple[str, ...], int] = {}
        self._short: dict[tuple[str, ...], int] = {}
        self._calls: dict[tuple[str, ...], int] = {}
        for index, question in enumerate(questions):
            self._index(index, question)
        self._lengths = sorted({len(key) for key in self._short})
        long = [i for i, q in enumerate(questions) if weight(tokens(q.text)) >= SHORT]
        self._nearest = Nearest([(i, questions[i].text) for i in long])

    def _index(self, index: int, question: Question) -> None:
        found = tokens(question.text)
        heavy = weight(found)
        if heavy >= LEAST:
            self._copies.setdefault(tuple(found), index)
        if SHORT <= heavy < WINDOW:
            self._short.setdefault(tuple(found), index)
        for window in windows(found):
            self._windows.setdefault(window, index)
        if _telling(question.calls):
            self._calls.setdefault(tuple(sorted(question.calls)), index)

    def hits(self, cases: Sequence[Case]) -> Iterator[Hit]:
        """The contaminated of some rows, each once."""
        plain: list[Case] = []
        for case in cases:
            hit = next(self._by_words(case), None) or self._by_calls(case)
            if hit:
                yield hit
            else:
                plain.append(case)
        yield from self._near(plain)

    def _by_words(self, case: Case) -> Iterator[Hit]:
        for turn in case.turns:
            found = tokens(turn)
            if (index := self._copies.get(tuple(found))) is not None:
                yield self._hit(case, turn, index, "copy", " ".join(found))
        for turn in case.turns:
            found = tokens(turn)
            for window in windows(found):
                if (index := self._windows.get(window)) is not None:
                    yield self._hit(case, turn, index, "13 words", " ".join(window))
            for part in self._parts(found):
                if (index := self._short.get(part)) is not None:
                    yield self._hit(case, turn, index, "whole question", " ".join(part))

    def _parts(self, found: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The runs of a turn's tokens that may be a short question."""
        for length in self._lengths:
            yield from (tuple(found[s : s + length]) for s in range(len(found) - length + 1))

    def _by_calls(self, case: Case) -> Hit | None:
        index = self._calls.get(tuple(sorted(case.calls))) if case.calls else None
        if index is None:
            return None
        return self._hit(case, "\n".join(case.turns), index, "same calls", "; ".join(case.calls))

    def _near(self, cases: Sequence[Case]) -> Iterator[Hit]:
        turns = [
            (case, turn) for case in cases for turn in case.turns if weight(tokens(turn)) >= SHORT
        ]
        found: set[str] = set()
        for (case, turn), near in zip(turns, self._nearest.of([t for _, t in turns]), strict=True):
            if near and case.row not in found:
                found.add(case.row)
                yield self._hit(case, turn, near.place, near.rule, "", near.closeness)

    def _hit(
        self, case: Case, turn: str, index: int, rule: Rule, shared: str, closeness: float = 1.0
    ) -> Hit:
        question = self._questions[index]
        return Hit(
            row=case.row,
            rule=rule,
            benchmark=question.benchmark,
            question=question.id,
            shared=shared[:_SHOWN],
            closeness=round(closeness, 4),
            said=turn[:_SHOWN],
            asked=question.text[:_SHOWN],
        )


def _telling(calls: Sequence[str]) -> bool:
    """Whether calls hold values enough not to be equal by chance."""
    return sum(call.count('":') for call in calls) >= _VALUES


def by_rule(hits: Iterable[Hit]) -> dict[str, int]:
    """Hits by rule, in the order of the rules."""
    counts = Counter(hit.rule for hit in hits)
    return {rule: counts[rule] for rule in RULES if counts[rule]}
