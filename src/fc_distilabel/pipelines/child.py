"""The guard's side of the worker: start it, hear of failures, notice dead steps, end them all."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import psutil
from typing_extensions import Self

from fc_distilabel.errors import RunError
from fc_distilabel.pipelines.worker import Order
from fc_distilabel.runs.files import DATABASE, LOG
from fc_distilabel.runs.settings import RunSettings

GRACE_SECONDS = 2.0
KILL_SECONDS = 5.0


class Worker:
    """A context manager around the worker process; at its end no process of it is left."""

    def __init__(self, settings: RunSettings, out: Path, environment: Mapping[str, str]) -> None:
        """Set up without starting."""
        self._settings = settings
        self._out = out
        self._environment = environment
        self._scratch = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._reports = b""
        self._steps: dict[int, int] = {}
        """Process ids of the steps, and at how many looks each was there."""

    def __enter__(self) -> Self:
        """Start the worker in a session of its own."""
        with ExitStack() as stack:
            stack.push(self)  # a signal may come in the middle of it
            self._start()
            stack.pop_all()
        return self

    def _start(self) -> None:
        # The sockets of the steps live there, whose paths must be short.
        self._scratch = tempfile.mkdtemp(prefix="fcd-")
        with (self._out / LOG).open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "fc_distilabel.pipelines.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._variables(),
                start_new_session=True,
            )
        order = Order(
            settings=self._settings,
            store=str((self._out / DATABASE).resolve()),
            scratch=self._scratch,
            parent=os.getpid(),
        )
        assert self._process.stdin is not None  # it is a pipe
        self._process.stdin.write(order.model_dump_json().encode() + b"\n")
        self._process.stdin.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the whole process group, and remove what it left."""
        process, self._process = self._process, None
        if process is not None:
            _end_group(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _variables(self) -> dict[str, str]:
        return {
            **os.environ,
            **self._environment,
            "TMPDIR": self._scratch,
            "DISTILABEL_CACHE_DIR": str(Path(self._scratch, "cache")),
            "HF_HOME": str(Path(self._scratch, "hf")),
            "HF_HUB_OFFLINE": "1",
            # `-m` would otherwise import modules that lie in the working directory.
            "PYTHONSAFEPATH": "1",
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def status(self) -> int | None:
        """The exit status, None while it runs."""
        assert self._process is not None, "the worker is not started"
        return self._process.poll()

    def listen(self, seconds: float) -> None:
        """Wait for a report of failure that long.

        Raises `RunError` with the first one.
        """
        assert self._process is not None and self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        if not select.select([pipe], [], [], seconds)[0]:
            return
        read = os.read(pipe, 65536)
        if not read:  # the pipe is closed: the worker and all steps are gone
            time.sleep(seconds)
        self._reports += read
        line, newline, self._reports = self._reports.partition(b"\n")
        if newline:
            self.check_steps()  # others fail because of one that died: that is the cause to name
            report = json.loads(line)
            raise RunError(f"{report['step']} failed: {report['error']} ({LOG} has more)")
        self._reports = line

    def check_steps(self) -> None:
        """Notice a step's process that is gone.

        Raises `RunError` naming it.
        """
        present = self._forks()
        gone = [pid for pid, looks in self._steps.items() if looks > 1 and pid not in present]
        if gone and self.status is None:
            raise RunError(f"the process of a step (id {gone[0]}) died: killed, or out of memory")
        self._steps = {pid: self._steps.get(pid, 0) + 1 for pid in present}

    def _forks(self) -> set[int]:
        """The worker's children that are copies of it, as steps are; helper programs are not."""
        assert self._process is not None
        try:
            worker = psutil.Process(self._process.pid)
            command = worker.cmdline()
            return {child.pid for child in worker.children() if _is_copy(child, command)}
        except psutil.NoSuchProcess:
            return set()


def _is_copy(child: psutil.Process, command: list[str]) -> bool:
    try:
        return child.cmdline() == command and child.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End all processes of the worker's group: asked first, then killed."""
    group = process.pid
    if process.poll() is None:
        _signal_group(group, signal.SIGTERM)
        _wait(process, GRACE_SECONDS)
    _signal_group(group, signal.SIGKILL)
    _wait(process, KILL_SECONDS)
    deadline = time.monotonic() + KILL_SECONDS
    while _signal_group(group, 0) and time.monotonic() < deadline and _alive(group):
        time.sleep(0.05)


def _signal_group(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # nobody left; on macOS, only zombies
        return False
    return True


def _alive(group: int) -> bool:
    """Whether a process of the group is more than a zombie that nobody collects."""
    return any(
        process.info["status"] != psutil.STATUS_ZOMBIE and _group_of(process.pid) == group
        for process in psutil.process_iter(["status"])
    )


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except (ProcessLookupError, PermissionError):
        return 0


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
