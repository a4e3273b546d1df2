"""Signals as the server takes them: while it loads they end it, later each only asks it to stop.

So a Ctrl-C is heeded at once where nothing is at stake, and interrupts nothing that is half-done.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked the server to stop before it was up; not an error, so nobody catches it."""


class Stop:
    """Whether somebody asked to stop, and by which signal."""

    def __init__(self) -> None:
        self.number: int | None = None
        self._loading = True
        self._tell: Callable[[], None] | None = None

    def ask(self, number: int, _frame: FrameType | None = None) -> None:
        """Note the first signal; end what loads, or pass the signal on to what runs."""
        first = self.number is None
        self.number = number if first else self.number
        if self._tell:
            self._tell()
        if self._loading and first:
            raise Stopped

    def loaded(self) -> None:
        """From here on nothing is interrupted."""
        self._loading = False
        self.check()

    def check(self) -> None:
        """Raise `Stopped` if somebody asked."""
        if self.number is not None:
            raise Stopped

    @contextmanager
    def telling(self, tell: Callable[[], None]) -> Iterator[None]:
        """Pass signals on to what runs; one that came just before, too."""
        self._tell = tell
        try:
            self.check()
            yield
        finally:
            self._tell = None


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Heed Ctrl-C, SIGTERM and a closed terminal; under `nohup`, SIGHUP stays ignored."""
    # Scripts start background jobs with SIGINT ignored too; who sends one there means to stop us.
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    heeded = [number for number in STOPS if number != signal.SIGHUP or not ignored]
    stop = Stop()
    before = {number: signal.signal(number, stop.ask) for number in heeded}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
