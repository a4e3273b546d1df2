"""How many passages to start, and when to stop: decided by outcomes alone, never by the clock.

Passages go out in batches. A batch is decided once all but the last `DEPTH - 1` batches before it
have ended, from what became of those and from nothing else; so the passages that a run works on,
and with them its rows and drops, are the same however fast or slow its steps were.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import TypeAlias

from fc_distilabel.runs.outcomes import split_quota
from fc_distilabel.runs.settings import EXPECTED_YIELD
from fc_distilabel.types import Language

DEPTH = 2
"""Batches under way at a time: while one is in the dialogue, the next is mined."""
PRIOR_ROWS = 12
"""How many attempted rows the expected yield counts for against what is seen."""

Batch: TypeAlias = dict[Language, range]
"""Positions of the passages of each language."""


@dataclass
class Schedule:
    """The state of the decision; feed it with `learn`, ask it with `next_batch`."""

    sizes: Mapping[Language, int]
    """Passages that there are."""
    rows: int
    per_passage: int
    batch_size: int
    under_way: list[Batch] = field(default_factory=list)
    """Batches handed out whose end is not known yet, oldest first."""
    _sent: dict[Language, int] = field(init=False)
    _ended: dict[Language, int] = field(init=False)
    _kept: dict[Language, int] = field(init=False)

    def __post_init__(self) -> None:
        self._sent = dict.fromkeys(self.sizes, 0)
        self._ended = dict.fromkeys(self.sizes, 0)
        self._kept = dict.fromkeys(self.sizes, 0)

    def next_batch(self) -> Batch | None:
        """The next passages; None when the oldest batch must end first or all is done."""
        if len(self.under_way) >= DEPTH:
            return None
        wanted = self._wanted()
        if not any(wanted.values()):
            return None
        batch = self._take(wanted)
        self.under_way.append(batch)
        return batch

    def learn(self, kept: Mapping[Language, int]) -> None:
        """Take in how many rows of the oldest batch were kept."""
        for language, positions in self.under_way.pop(0).items():
            self._ended[language] += len(positions)
            self._kept[language] += kept.get(language, 0)

    @property
    def missing(self) -> int:
        """Rows that are still to be kept, as far as is known."""
        return max(0, self.rows - sum(self._quota_met().values()))

    def _quota_met(self) -> dict[Language, int]:
        return {name: min(self._kept[name], quota) for name, quota in self._quota().items()}

    def _quota(self) -> dict[Language, int]:
        """Rows asked of each language; what an exhausted one cannot give, the others take over."""
        exhausted = {
            name: self._kept[name] for name, size in self.sizes.items() if self._ended[name] == size
        }
        return split_quota(self.rows, self.sizes, exhausted)

    def _wanted(self) -> dict[Language, int]:
        """Passages worth starting now, given what may still come of those under way."""
        quota = self._quota()
        wanted = {}
        for name, size in self.sizes.items():
            each = self.per_passage * self._yield(name)
            coming = (self._sent[name] - self._ended[name]) * each
            lacking = quota[name] - self._kept[name] - coming
            wanted[name] = min(max(0, ceil(lacking / each)), size - self._sent[name])
        return wanted

    def _yield(self, language: Language) -> float:
        """Share of attempted rows that is kept: the expected one, moved by what was seen."""
        seen = self._ended[language] * self.per_passage
        return (self._kept[language] + EXPECTED_YIELD * PRIOR_ROWS) / (seen + PRIOR_ROWS)

    def _take(self, wanted: dict[Language, int]) -> Batch:
        """Up to a batch of passages, the language that lags most first."""
        counts = dict.fromkeys(wanted, 0)
        for _ in range(self.batch_size):
            name = max(wanted, key=lambda n: wanted[n] - counts[n])
            if wanted[name] <= counts[name]:
                break
            counts[name] += 1
        batch = {n: range(self._sent[n], self._sent[n] + c) for n, c in counts.items() if c}
        for name, positions in batch.items():
            self._sent[name] += len(positions)
        return batch
