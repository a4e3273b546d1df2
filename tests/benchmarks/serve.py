"""What a server costs: seconds to start, memory, and many annotators at once.

    PYTHONPATH=src:tests python tests/benchmarks/serve.py [--postgres URL]

Prints a table: cold and warm start, resident memory idle and after the work, and 12 annotators who
answer 50 records each at the same time: errors, acknowledged answers that are missing, seconds.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import psutil

from annotators import annotate, kept_answers, make_annotators, make_dataset
from argillas import Server, start

ANNOTATORS, RECORDS = 12, 50


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--postgres", default="")
    given = options.parse_args()
    extra = ("--postgres", given.postgres) if given.postgres else ()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        cold, server = _timed_start(home, *extra)
        server.stop()
        warm, server = _timed_start(home, *extra)
        _show("cold start", f"{cold:.1f} s")
        _show("warm start", f"{warm:.1f} s")
        _show("memory, idle", _memory(server))
        _annotate(server)
        _show("memory, after", _memory(server))
        began = time.perf_counter()
        server.stop()
        _show("stop", f"{time.perf_counter() - began:.1f} s")


def _timed_start(home: Path, *extra: str) -> tuple[float, Server]:
    began = time.perf_counter()
    server = start(home, *extra)
    return time.perf_counter() - began, server


def _memory(server: Server) -> str:
    return f"{psutil.Process(server.process.pid).memory_info().rss / 1e6:.0f} MB"


def _annotate(server: Server) -> None:
    dataset, records = make_dataset(server, "benchmark", RECORDS)
    annotators = make_annotators(server, ANNOTATORS)
    began = time.perf_counter()
    answers, troubles = asyncio.run(annotate(server, annotators, records))
    seconds = time.perf_counter() - began
    lost = set(answers) - kept_answers(server, dataset)
    _show("submissions", f"{len(answers)} of {ANNOTATORS * RECORDS} in {seconds:.1f} s")
    _show("errors", f"{len(troubles)} {troubles[:1]}")
    _show("lost", str(len(lost)))


def _show(what: str, figure: str) -> None:
    print(f"{what:16}{figure}")


if __name__ == "__main__":
    main()
