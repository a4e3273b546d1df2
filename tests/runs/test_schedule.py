"""How many passages are started: enough, not many more, and whatever the clock says."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fc_distilabel.runs.schedule import DEPTH, Schedule
from fc_distilabel.types import Language

Keeps = Callable[[Language, int], int]


def simulate(schedule: Schedule, keeps: Keeps) -> tuple[dict[Language, int], list[int]]:
    """Passages started per language, and the sizes of the batches."""
    started: dict[Language, int] = dict.fromkeys(schedule.sizes, 0)
    batches = []
    while True:
        if batch := schedule.next_batch():
            assert len(schedule.under_way) <= DEPTH
            for language, positions in batch.items():
                assert positions.start == started[language]  # in order, none left out
                started[language] = positions.stop
            batches.append(sum(map(len, batch.values())))
        elif schedule.under_way:
            kept = {n: sum(keeps(n, i) for i in p) for n, p in schedule.under_way[0].items()}
            schedule.learn(kept)
        else:
            return started, batches


@given(
    english=st.integers(0, 30),
    chinese=st.integers(1, 30),
    rows=st.integers(1, 60),
    per_passage=st.integers(1, 4),
    batch_size=st.integers(1, 9),
    seed=st.randoms(use_true_random=False),
)
def test_it_ends_with_the_rows_or_with_the_documents(
    english: int, chinese: int, rows: int, per_passage: int, batch_size: int, seed: object
) -> None:
    """Either the rows are kept, shared as they should be, or no passage is left."""
    sizes: dict[Language, int] = {"zh": chinese} | ({"en": english} if english else {})
    keeps = {(n, i): seed.randint(0, per_passage) for n, s in sizes.items() for i in range(s)}  # type: ignore[attr-defined]
    schedule = Schedule(sizes, rows, per_passage, batch_size)
    started, batches = simulate(schedule, lambda n, i: keeps[n, i])
    kept = {n: sum(keeps[n, i] for i in range(started[n])) for n in sizes}
    assert all(1 <= size <= batch_size for size in batches)
    assert started == sizes or sum(kept.values()) >= rows
    for name in sizes:
        fair = rows // len(sizes)
        assert kept[name] >= fair or started[name] == sizes[name]
    assert schedule.missing == max(0, rows - sum(kept.values())) or started != sizes


def test_the_same_outcomes_start_the_same() -> None:
    """The schedule has no clock and no chance in it."""
    runs = [
        simulate(Schedule({"en": 40, "zh": 40}, 31, 3, 5), lambda n, i: (i * 7 + len(n)) % 4)
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


@pytest.mark.parametrize(("each", "most"), [(3, 14), (2, 18), (1, 34)])
def test_few_rows_too_many_are_started(each: int, most: int) -> None:
    """One at a time, as for the embedded model: 30 rows take little more than they must."""
    started, _ = simulate(Schedule({"en": 50, "zh": 50}, 30, 3, 1), lambda n, i: each)
    assert sum(started.values()) <= most


def test_a_language_without_rows_does_not_stop_the_other() -> None:
    """English that gives nothing is tried to its end; Chinese fills up."""
    started, _ = simulate(Schedule({"en": 5, "zh": 50}, 10, 3, 4), lambda n, i: 2 * (n == "zh"))
    assert started["en"] == 5
    assert started["zh"] >= 5
