"""How a step's process tells the guard of a run that it cannot go on.

distilabel turns an exception in a step into rows of None and goes on, and a generator that raises
leaves the pipeline waiting for ever. So a step's `load` and `process` run inside `reporting`: what
escapes is written, in one line, to a pipe that the guard reads, and the guard ends the run. A pipe
rather than a file, because the disk may be what is full. Outside a guarded run nothing is written.
"""

import json
import os
import traceback
from types import TracebackType

from typing_extensions import Self

from fc_distilabel.errors import FcDistilabelError

MAX_MESSAGE = 500
"""Characters, up to 6 bytes each: less than 4096 bytes go into a pipe in one piece."""

_channel: int | None = None


def report_to(descriptor: int) -> None:
    """Send reports of this process, and of those forked from it, to an open pipe."""
    global _channel
    _channel = descriptor


class reporting:  # noqa: N801 - used like a function: `with reporting(name):`
    """A context manager: what escapes it is reported as the failure of `place`, and goes on."""

    def __init__(self, place: str) -> None:
        """Name the step."""
        self._place = place

    def __enter__(self) -> Self:
        """Start to watch."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Report an error; a generator that is closed, or an interrupt, is none."""
        if isinstance(error, Exception) and _channel is not None:
            line = json.dumps({"step": self._place, "error": explain(error)[:MAX_MESSAGE]})
            os.write(_channel, line.encode() + b"\n")


def explain(error: Exception) -> str:
    """Our own errors in their own words; a stranger's with its type and where it was raised."""
    if isinstance(error, FcDistilabelError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{where}"
