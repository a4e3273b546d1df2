"""What a fake endpoint counts."""

import hashlib
import time
from collections import Counter
from dataclasses import dataclass

from fc_distilabel.testing.behaviour import Fault


@dataclass(frozen=True)
class Counters:
    """What came in and what went out, so far."""

    requests: int
    faults: dict[str, int]
    """How many requests met each fault; `ok` are those that were answered."""
    duplicates: int
    """Requests whose body came before, retries included."""
    paid_twice: int
    """Completions of a body that had one already."""
    in_flight: int
    peak_in_flight: int
    mean_in_flight: float
    """Over the window from the first request to the last answer."""
    seconds: float
    """Length of that window."""


class Meter:
    """Counts as requests come and go; used by the endpoint's own thread."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()
        self._paid: set[bytes] = set()
        self._faults: Counter[str] = Counter()
        self.requests = 0
        """How many came in."""
        self._in_flight = 0
        self._peak = 0
        self._began = 0.0
        self._changed = 0.0
        self._area = 0.0

    def came(self, body: bytes) -> int:
        """Count a request in; returns how often its body came before."""
        digest = _digest(body)
        before = self._seen[digest]
        self._seen[digest] += 1
        self.requests += 1
        self._change(1)
        return before

    def went(self, body: bytes, fault: Fault, answered: bool) -> None:
        """Count a request out."""
        if fault != "ok":
            self._faults[fault] += 1
        elif answered:
            self._faults["ok"] += 1
            self._paid.add(_digest(body))
        self._change(-1)

    def _change(self, by: int) -> None:
        now = time.monotonic()
        self._began = self._began or now
        self._area += self._in_flight * (now - self._changed)
        self._changed = now
        self._in_flight += by
        self._peak = max(self._peak, self._in_flight)

    def read(self) -> Counters:
        """The counts; the window ends with the last change."""
        seconds = self._changed - self._began
        return Counters(
            requests=self.requests,
            faults=dict(self._faults),
            duplicates=self.requests - len(self._seen),
            paid_twice=self._faults["ok"] - len(self._paid),
            in_flight=self._in_flight,
            peak_in_flight=self._peak,
            mean_in_flight=self._area / seconds if seconds else 0.0,
            seconds=seconds,
        )


def _digest(body: bytes) -> bytes:
    # Bodies are long, and a benchmark sends tens of thousands.
    return hashlib.blake2b(body, digest_size=16).digest()
