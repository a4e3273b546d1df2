"""Following a dataset: the files of a pull are written anew as people submit.

The server's webhooks tell of a change and not of the answers, which must be fetched anyway; so it
is asked for the time of its last change, which is one row of its database, and for the records only
when that has moved.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from fc_distilabel.errors import RunError
from fc_distilabel.feedback.datasets import Dataset
from fc_distilabel.feedback.gathering import Gathered, gather
from fc_distilabel.feedback.harvest import Counting
from fc_distilabel.feedback.pull import feedback_lines, read_feedback
from fc_distilabel.feedback.server import Server
from fc_distilabel.types import Json

ATTEMPTS = 2
"""Of a request: who follows for hours looks again soon anyway."""
Lines = dict[str, dict[str, Json]]
"""Lines of `feedback.jsonl` by the id of the row."""


def watch(
    server: Server,
    dataset: Dataset,
    out: Path,
    counting: Counting,
    every: float,
    say: Callable[[str], None],
) -> None:
    """Follow a dataset until Ctrl-C; a line is said for each record that changed."""
    server.attempts = ATTEMPTS
    last, lines = "", {line["id"]: line for line in read_feedback(out)}
    while True:
        try:
            # Asked before the records are read: what comes between is read again next time.
            now = server.get(f"datasets/{dataset.id}")["last_activity_at"]
            if now != last:
                gathered = gather(server, dataset, out, counting)
                new = {line["id"]: line for line in feedback_lines(gathered.pulled)}
                for line in (*gathered.notes, *changes(lines, new), *_returned(gathered)):
                    say(line)
                last, lines = now, new
        except RunError as error:
            say(f"{error}; trying again")
        time.sleep(every)


def changes(before: Mapping[str, Mapping[str, Json]], after: Lines) -> Iterator[str]:
    """What changed, a line a record."""
    for id_, line in after.items():
        old = before.get(id_, {})
        if line["votes"] == old.get("votes", []):
            continue
        votes = len(line["votes"])
        told = ", ".join(str(vote.get("verdict", "no verdict")) for vote in line["votes"])
        yield f"{id_}: {votes} {'vote' if votes == 1 else 'votes'} ({told}): {line['outcome']}"


def _returned(gathered: Gathered) -> Iterator[str]:
    if gathered.returned:
        yield f"{gathered.returned} corrections are not valid and went back as suggestions"
