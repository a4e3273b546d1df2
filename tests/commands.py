"""Running the real command in tests, and finding whatever it left running."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
MARK = "FC_TEST_MARK"


@dataclass
class Command:
    """`fc-distilabel ...` in a process of its own; all processes that it starts carry its mark."""

    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def variables(self) -> dict[str, str]:
        paths = [str(ROOT / "src"), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "FC_"))}
        return {**kept, "PYTHONPATH": os.pathsep.join(paths), MARK: self.mark, **self.environment}

    def start(self, limit: Callable[[], None] | None = None) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "fc_distilabel", *self.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.variables(),
            preexec_fn=limit,
        )

    def run(self, limit: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
        with self.start(limit) as process:
            out, err = process.communicate(timeout=120)
        assert not self.left_running()
        return subprocess.CompletedProcess(self.arguments, process.returncode, out, err)

    def run_beside(self) -> "subprocess.CompletedProcess[str]":
        """The same command once more, while the first is at work."""
        return Command(self.arguments, self.environment).run()

    def left_running(self) -> list[str]:
        """Command lines of processes that carry the mark; given a moment to go."""
        deadline = time.monotonic() + 5
        while (found := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return [" ".join(process.cmdline()) for process in found]

    def processes(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            zombie = process.status() == psutil.STATUS_ZOMBIE
            return not zombie and process.environ().get(MARK) == self.mark
        except psutil.Error:
            return False

    def steps(self) -> list[psutil.Process]:
        """The processes of the steps and of the queues: children of the worker."""
        workers = [p for p in self.processes() if "fc_distilabel.pipelines.worker" in p.cmdline()]
        ids = {worker.pid for worker in workers}
        return [worker for worker in workers if worker.ppid() in ids]


def synthesize(*arguments: object, script: str = "good", **environment: object) -> Command:
    """`fc-distilabel synthesize` with a scripted model; without a report, which takes its time."""
    words = ("synthesize", "--no-report", *map(str, arguments))
    if "--llm" not in words:
        words += ("--llm", f"scripted:scripts:{script}")
    return Command(words, {name: str(value) for name, value in environment.items()})


def error_of(done: "subprocess.CompletedProcess[str]") -> str:
    """The one line that an error is told in."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0].removeprefix("error: ")


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def lines_in(path: Path) -> int:
    """Lines that a file has now; 0 where there is none."""
    return path.read_bytes().count(b"\n") if path.exists() else 0


def stop(process: "subprocess.Popen[str]", number: signal.Signals) -> int:
    """Send a signal and wait for the end; returns the exit status."""
    process.send_signal(number)
    process.communicate(timeout=60)
    return process.returncode
