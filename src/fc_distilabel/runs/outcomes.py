"""What became of each attempted row, and how a run's rows are chosen from its outcomes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from fc_distilabel.types import LANGUAGES, Drop, Language, Noun, Usage

ENDPOINT_FAILED = "endpoint failed"
ENDPOINT_UNUSABLE = "endpoint unusable"
"""Reasons of a drop that say nothing about the row: another try may keep it."""


class Outcome(Noun):
    """The end of one attempted row: kept, or dropped with its stage and reason."""

    passage_id: str
    attempt: int
    """Which of its passage's rows this is; with the passage it is the row's place in the run."""
    position: int
    """Rank of the passage among those of its language."""
    id: str
    language: Language
    kind: str
    document: str
    drop: Drop | None
    usage: tuple[Usage, ...]
    row: str
    """The full row as a line of JSON; empty where it was dropped."""

    @property
    def place(self) -> tuple[int, int, int]:
        """Where the row stands in the run's plan: languages in turn."""
        return (self.position, LANGUAGES.index(self.language), self.attempt)


def split_quota(
    rows: int, languages: Iterable[Language], available: dict[Language, int] | None = None
) -> dict[Language, int]:
    """Rows asked of each language: equal shares, the odd one to the first.

    `available` caps a language that has no more to give; the others take over what it cannot.
    """
    names = [language for language in LANGUAGES if language in set(languages)]
    caps = available or {}
    quota = dict.fromkeys(names, 0)
    left = rows
    while left and (open_ := [n for n in names if quota[n] < caps.get(n, rows)]):
        share, odd = divmod(left, len(open_))
        for index, name in enumerate(open_):
            more = min(share + (index < odd), caps.get(name, rows) - quota[name])
            quota[name] += more
            left -= more
    return quota


def choose_rows(outcomes: Iterable[Outcome], rows: int) -> tuple[list[Outcome], list[Outcome]]:
    """The kept outcomes that make up the run's rows, languages in turn; and the surplus.

    The first of each language in the order of the plan, so the same run gives the same file.
    """
    by_language: dict[Language, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.drop is None:
            by_language[outcome.language].append(outcome)
    quota = split_quota(rows, by_language, {name: len(by_language[name]) for name in by_language})
    chosen, surplus = [], []
    for language, found in by_language.items():
        found.sort(key=lambda outcome: outcome.place)
        chosen += [(rank, outcome) for rank, outcome in enumerate(found[: quota[language]])]
        surplus += found[quota[language] :]
    chosen.sort(key=lambda entry: (entry[0], LANGUAGES.index(entry[1].language)))
    return [outcome for _, outcome in chosen], _ordered(surplus)


def dropped_rows(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The dropped outcomes in the order of the plan."""
    return _ordered([outcome for outcome in outcomes if outcome.drop is not None])


def _ordered(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return sorted(outcomes, key=lambda outcome: outcome.place)
