"""What became of each attempted row, and how a run's rows are chosen from its outcomes."""

from collections import defaultdict
from collections.abc import Iterable

from fc_distilabel.types import LANGUAGES, Drop, Json, Language, Noun, Usage


class Outcome(Noun):
    """The end of one attempted row: kept, or dropped with its stage and reason."""

    id: str
    language: Language
    kind: str
    passage_id: str
    document: str
    drop: Drop | None
    usage: tuple[Usage, ...]
    row: dict[str, Json] | None
    """The full row where it was kept."""


def split_quota(
    rows: int, languages: Iterable[Language], available: dict[Language, int] | None = None
) -> dict[Language, int]:
    """Rows asked of each language: equal shares, the odd one to the first.

    `available` caps a language that has no more to give; the others take over what it cannot.
    """
    names = [language for language in LANGUAGES if language in set(languages)]
    caps = available or {}
    quota = dict.fromkeys(names, 0)
    for _ in range(rows):
        open_ = [n for n in names if n not in caps or quota[n] < caps[n]]
        if not open_:
            break
        quota[min(open_, key=lambda n: quota[n])] += 1
    return quota


def choose_rows(outcomes: Iterable[Outcome], rows: int) -> list[Outcome]:
    """The kept outcomes that make up the run's rows, languages in turn.

    Which rows are chosen depends on the order within each language only, never on how fast one
    language went against the other: so the same run gives the same file.
    """
    by_language: dict[Language, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.drop is None:
            by_language[outcome.language].append(outcome)
    kept = {language: len(found) for language, found in by_language.items()}
    quota = split_quota(rows, by_language, kept)
    chosen = [
        (rank, LANGUAGES.index(language), outcome)
        for language, found in by_language.items()
        for rank, outcome in enumerate(found[: quota[language]])
    ]
    return [outcome for _, _, outcome in sorted(chosen, key=lambda entry: entry[:2])]
