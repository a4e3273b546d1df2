"""How long a push of 2,000 rows takes, a second one, and a pull, against a server of its own.

    python tests/benchmarks/push.py [--rows 2000]

Prints one JSON object. Rows are those of the tests: small ones, of all kinds and both languages.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import argillas
import reviews
from fc_distilabel.feedback.datasets import settle_dataset
from fc_distilabel.feedback.gathering import gather
from fc_distilabel.feedback.harvest import Counting
from fc_distilabel.feedback.push import push_rows
from fc_distilabel.feedback.server import open_server


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2000)
    rows = reviews.rows(parser.parse_args().rows)
    with tempfile.TemporaryDirectory() as folder:
        server = argillas.start(Path(folder, "home"))
        try:
            print(json.dumps(measured(server, rows, Path(folder))))
        finally:
            server.stop()


def measured(server: argillas.Server, rows: list[reviews.Row], folder: Path) -> dict[str, object]:
    """Seconds of each part, and what a push added."""
    figures: dict[str, object] = {"rows": len(rows)}
    with open_server(server.url, server.api_key) as argilla:
        dataset = settle_dataset(argilla, "bench", "", "en")
        for name in ("first", "second"):
            start = time.perf_counter()
            done = push_rows(argilla, dataset, rows)
            figures[f"{name}_push_seconds"] = round(time.perf_counter() - start, 2)
            figures[f"{name}_push_added"] = done.added
        start = time.perf_counter()
        gather(argilla, dataset, folder, Counting())
        figures["pull_seconds"] = round(time.perf_counter() - start, 2)
    return figures


if __name__ == "__main__":
    main()
