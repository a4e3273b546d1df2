"""How many requests may be under way to one endpoint, over all processes of a run.

A slot is one byte of a file, and to hold it is to have it locked: the system gives a dead process'
locks back by itself, and a lock costs one call of the system where nobody else wants it. (Locks of
bytes belong to a process, and forked ones do not inherit them.) Who finds no free slot looks again
every few milliseconds, and keeps a bell locked meanwhile, by which the others know to give slots
back rather than to hand them on among their own requests. Without a folder, or where the system
has no such locks, the bound holds within the process.
"""

import asyncio
import os
import threading
from collections import deque
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from types import TracebackType

from fc_distilabel.types import content_id

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

SLOTS_VARIABLE = "FC_DISTILABEL_SLOTS"
"""Environment variable: the folder that the processes of a run share."""
POLL_SECONDS = 0.005
_POLL_SECONDS_A_SLOT = 2e-5
"""A look costs a call of the system for every slot."""
_BELL = 1 << 20
"""Behind all slots."""

Slots = AbstractAsyncContextManager[None]

_by_loop: dict[asyncio.AbstractEventLoop, dict[tuple[str, int], Slots]] = {}
_files: dict[tuple[int, str], "_SlotFile"] = {}
_opening = threading.Lock()


def slots_of(url: str, count: int, folder: str = "") -> Slots:
    """The slots of an endpoint for the running event loop: `async with` them, any number at once.

    Args:
        url: The endpoint; all that is in flight to it counts.
        count: How many requests may be under way at once.
        folder: Where other processes look too; empty for this process alone.
    """
    path = str(Path(folder, content_id(url))) if folder and fcntl is not None else ""
    for loop in [loop for loop in _by_loop if loop.is_closed()]:
        del _by_loop[loop]
    mine = _by_loop.setdefault(asyncio.get_running_loop(), {})
    key = (path or url, count)
    if key not in mine:
        mine[key] = _SharedSlots(_file(path), count) if path else asyncio.Semaphore(count)
    return mine[key]


def _file(path: str) -> "_SlotFile":
    """One per process and path: to close a file twice opened would drop all of its locks."""
    key = (os.getpid(), path)
    with _opening:
        if key not in _files:
            _files[key] = _SlotFile(path)
        return _files[key]


class _SlotFile:
    """The slots that this process holds; used from any thread."""

    def __init__(self, path: str) -> None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._held: set[int] = set()
        self._lock = threading.Lock()

    def take(self, count: int) -> bool:
        """Take one of the first `count` slots, if one is free."""
        with self._lock:
            for slot in range(count):
                if slot not in self._held and self._locked(fcntl.LOCK_EX, slot):
                    self._held.add(slot)
                    return True
        return False

    def give(self) -> None:
        """Give a slot back."""
        with self._lock:
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, self._held.pop())

    def ring(self) -> bool:
        """Say that this process waits for a slot; False when that has to be said again."""
        return self._locked(fcntl.LOCK_SH, _BELL)

    def others_ring(self) -> bool:
        """Whether another process waits for a slot; this one's own bell is kept."""
        if not self._locked(fcntl.LOCK_EX, _BELL):
            return True
        fcntl.lockf(self._descriptor, fcntl.LOCK_SH, 1, _BELL)
        return False

    def be_quiet(self) -> None:
        """Say that this process does not wait any more."""
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, _BELL)

    def _locked(self, kind: int, byte: int) -> bool:
        with suppress(BlockingIOError, PermissionError):  # which of them hangs on the system
            fcntl.lockf(self._descriptor, kind | fcntl.LOCK_NB, 1, byte)
            return True
        return False


class _SharedSlots:
    """The slots of one event loop, handed out in the order in which they were asked for."""

    def __init__(self, file: _SlotFile, count: int) -> None:
        self._file = file
        self._count = count
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        """Wait for a slot."""
        if not self._waiting and self._file.take(self._count):
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._pass_on()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of it."""
        self._pass_on()

    def _pass_on(self) -> None:
        if self._next() is None or self._file.others_ring():
            self._file.give()
        else:
            self._grant()

    async def _look(self) -> None:
        try:
            while self._next() is not None:
                self._file.ring()
                while self._next() is not None and self._file.take(self._count):
                    self._grant()
                await asyncio.sleep(max(POLL_SECONDS, self._count * _POLL_SECONDS_A_SLOT))
        finally:
            self._looking = None
            self._file.be_quiet()

    def _next(self) -> "asyncio.Future[None] | None":
        """Who waits longest; those who gave up are forgotten."""
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft()
        return self._waiting[0] if self._waiting else None

    def _grant(self) -> None:
        self._waiting.popleft().set_result(None)
