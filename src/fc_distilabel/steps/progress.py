"""How far a step is, where displays can see it: rows come out of a step all at once, at its end."""

import time

from fc_distilabel.runs.store import ROWS_OF, RunStore

NOTE_SECONDS = 0.5


class StepProgress:
    """Counts a step's rows, and notes the counts in the run's store now and then.

    The note is called `rows of <step>` and holds `{"came": ..., "finished": ...}`, over all batches
    of this try.
    """

    def __init__(self, step: str, store: RunStore | None) -> None:
        """Count for `step`; without a store nobody is told."""
        self._name = f"{ROWS_OF}{step}"
        self._store = store
        self._came = 0
        self._finished = 0
        self._noted_at = 0.0

    def came(self, rows: int) -> None:
        """Rows came in."""
        self._came += rows
        self.note()

    def finished(self) -> None:
        """A row is finished, kept or not; noted only if the last note is old."""
        self._finished += 1
        if time.monotonic() - self._noted_at > NOTE_SECONDS:
            self.note()

    def note(self) -> None:
        """Note the counts as they stand."""
        self._noted_at = time.monotonic()
        if self._store is not None:
            self._store.note(self._name, {"came": self._came, "finished": self._finished})
