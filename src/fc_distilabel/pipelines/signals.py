"""Signals as the guard takes them: the first asks to stop, later ones interrupt nothing."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked the run to stop; not an error, so that nobody catches it as one."""

    def __init__(self, number: int) -> None:
        """Name the signal."""
        super().__init__(number)
        self.number = number

    @property
    def exit_status(self) -> int:
        """What a shell reports of a process that the signal ended."""
        return 128 + self.number

    def __str__(self) -> str:
        return "interrupted" if self.number == signal.SIGINT else "terminated"


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP raise `Stopped` once; under `nohup`, SIGHUP stays ignored."""
    # Scripts start background jobs with SIGINT ignored too; who sends one there means to stop us.
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    heeded = [n for n in STOPS if n != signal.SIGHUP or not ignored]

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in heeded:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    with _restored(heeded):
        for number in heeded:
            signal.signal(number, stop)
        yield


@contextmanager
def ignoring_signals() -> Iterator[None]:
    """Files are written whole, however impatient somebody is."""
    with _restored(STOPS):
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)
        yield


@contextmanager
def _restored(numbers: "list[signal.Signals] | tuple[signal.Signals, ...]") -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
