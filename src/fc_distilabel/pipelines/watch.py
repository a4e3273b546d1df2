"""The guard's watch over a run at work: until all rows are there, or will not come any more."""

import time
from typing import NoReturn

from fc_distilabel.errors import BudgetSpentError, RunError
from fc_distilabel.pipelines.child import Worker
from fc_distilabel.pipelines.display import Display
from fc_distilabel.runs.settings import RunSettings
from fc_distilabel.runs.store import Progress, RunStore

POLL_SECONDS = 0.25
LEAVE_SECONDS = 30.0
"""How long the worker may take to tidy up once all rows are there."""


def watch(store: RunStore, worker: Worker, display: Display, settings: RunSettings) -> None:
    """Wait until all rows are there.

    Raises `RunError` when they will not come: a step failed or died, or nothing moves any more.
    """
    clock = _StallClock(settings.stall_seconds)
    while worker.status is None:
        worker.listen(POLL_SECONDS)
        standing = store.progress()
        display.update(standing)
        if _all_there(store, settings):
            _let_leave(worker)
            break
        worker.check_steps()
        clock.look(standing)
    worker.listen(0)
    _require_complete(store, worker, settings)


def _all_there(store: RunStore, settings: RunSettings) -> bool:
    return store.all_handed_out() and store.missing(settings.per_passage) == 0


def _let_leave(worker: Worker) -> None:
    deadline = time.monotonic() + LEAVE_SECONDS
    while worker.status is None and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS / 5)


def _require_complete(store: RunStore, worker: Worker, settings: RunSettings) -> None:
    if unusable := store.unusable():
        _refuse_more(store, settings, unusable)
    if not store.all_handed_out():
        raise RunError(f"the pipeline ended early, with status {worker.status} (see run.log)")
    if missing := store.missing(settings.per_passage):
        raise RunError(f"{missing} rows went in and did not come out (see run.log)")


def _refuse_more(store: RunStore, settings: RunSettings, unusable: str) -> NoReturn:
    """Say why no further request could be made."""
    standing = store.progress()
    kept = min(sum(standing.kept.values()), settings.rows)
    if reached := settings.budget.reached(standing.spent):
        raise BudgetSpentError(
            f"the budget is spent: {reached}, in {standing.spent.requests:,} requests; "
            f"{kept} of {settings.rows} rows are kept, and the same command with a larger budget "
            "goes on from there"
        )
    raise RunError(
        f"the endpoint cannot be used any more: {unusable}; {kept} rows are kept, and the same "
        "command goes on from there"
    )


class _StallClock:
    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._seen: tuple[object, ...] = ()
        self._since = time.monotonic()

    def look(self, standing: Progress) -> None:
        seen = (standing.spent.requests, standing.handed_out, tuple(standing.attempted.items()))
        if seen != self._seen:
            self._seen, self._since = seen, time.monotonic()
        elif time.monotonic() - self._since > self._patience:
            raise RunError(
                f"nothing moved for {self._patience:g} s (--stall-seconds): "
                "the model or a step hangs"
            )
