"""The worker: the process that runs distilabel's pipeline for the guard, and dies with it.

Run as `python -m fc_distilabel.pipelines.worker` with its `Order` as the first line on standard
input. That pipe stays open for as long as the guard lives; at its end, or when its parent is
another process, the worker kills its whole process group, steps included: nobody would collect
their rows. Standard output is the pipe for reports of failures; all else goes to the log.
"""

import logging
import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import psutil
from pydantic import BaseModel, ConfigDict

from fc_distilabel.llms.slots import SLOTS_VARIABLE
from fc_distilabel.runs.failures import report_to, reporting
from fc_distilabel.runs.settings import RunSettings

PARENT_POLL_SECONDS = 1.0
KILL_SECONDS = 1.0
LONGEST_ORDER = 1 << 20


class Order(BaseModel):
    """What the guard asks of the worker."""

    model_config = ConfigDict(frozen=True)

    settings: RunSettings
    store: str
    scratch: str
    """A folder that is removed after the run: distilabel's cache, sockets, data sets."""
    parent: int


def main() -> None:
    """Read the order, then run the pipeline under watch."""
    order = Order.model_validate_json(_first_line())
    os.environ[SLOTS_VARIABLE] = os.path.join(order.scratch, "slots")
    _mind_output()
    threading.Thread(target=_leave_at_end_of_input, args=(order.scratch,), daemon=True).start()
    threading.Thread(target=_leave_with, args=(order.parent, order.scratch), daemon=True).start()
    if sys.platform.startswith("linux"):
        # Steps inherit the pipe for reports; newer Pythons would not fork on their own.
        multiprocessing.set_start_method("fork")
    with reporting("pipeline"):
        _run(order)


def _run(order: Order) -> None:
    from fc_distilabel.pipelines.models import build_llm
    from fc_distilabel.pipelines.synthesize import build_pipeline

    settings = order.settings
    pipeline = build_pipeline(
        settings,
        build_llm(settings),
        order.store,
        Path(order.scratch, "cache"),
        build_llm(settings, "assistant") if settings.assistant_llm else None,
        build_llm(settings, "judge") if "judge" in settings.llms else None,
    )
    with _log_handler() as handler:
        # Its cache returns old rows and hangs on a rerun; ours is the store.
        pipeline.run(use_cache=False, logging_handlers=[handler])


@contextmanager
def _log_handler() -> Iterator[logging.Handler]:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("[%(asctime)s] %(levelname)-8s %(message)s"))
    try:
        yield handler
    finally:
        handler.close()


def _first_line() -> bytes:
    # Unbuffered: a buffer's lock, held by the watching thread, would be held in forked steps too.
    line = bytearray()
    while not line.endswith(b"\n") and len(line) < LONGEST_ORDER:
        byte = os.read(0, 1)
        if not byte:
            sys.exit("the worker got no order")
        line += byte
    return bytes(line)


def _mind_output() -> None:
    """Keep standard output for reports; what is printed goes nowhere, what is logged to the log."""
    report_to(os.dup(1))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _leave_at_end_of_input(scratch: str) -> None:
    while os.read(0, 4096):
        pass
    _leave(scratch)


def _leave_with(parent: int, scratch: str) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    _leave(scratch)


def _leave(scratch: str) -> None:
    """Kill the process group, this process included."""
    # The steps first: they would write into the folder while it is being removed.
    steps = psutil.Process().children(recursive=True)
    for step in steps:
        with suppress(psutil.NoSuchProcess):
            step.kill()
    psutil.wait_procs(steps, KILL_SECONDS)
    group = os.getpgid(0)
    with suppress(OSError):  # no process to be had: the folder may then stay, this group may not
        if os.fork() == 0:
            _clear(group, scratch)
        time.sleep(KILL_SECONDS)
    os.killpg(group, signal.SIGKILL)


def _clear(group: int, scratch: str) -> NoReturn:
    """In a child of one thread: the pipeline's own would write into the folder again."""
    os.setsid()
    os.killpg(group, signal.SIGKILL)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
