"""A pull as a whole: read everything, write the files, give invalid corrections back."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from fc_distilabel.errors import RunError
from fc_distilabel.feedback.answers import Reader
from fc_distilabel.feedback.datasets import Dataset
from fc_distilabel.feedback.harvest import Counting, Gleaned
from fc_distilabel.feedback.pull import FILES, Pulled, glean_all, read_feedback, write_pulled
from fc_distilabel.feedback.reading import read_reviewed
from fc_distilabel.feedback.records import VALIDATOR, Suggested, suggestion_payload
from fc_distilabel.feedback.review.names import CORRECTED_CALL
from fc_distilabel.feedback.server import Server
from fc_distilabel.feedback.votes import Reviewed
from fc_distilabel.runs.guidance import RUBRIC
from fc_distilabel.types import Json

BATCH = 100


class Gathered(NamedTuple):
    """What a pull found and did."""

    pulled: Pulled
    figures: dict[str, dict[str, dict[str, Json]]]
    """How far people and judges agree."""
    returned: int
    """Invalid corrections that were given back now; those of earlier pulls are there still."""
    notes: list[str]


def gather(
    server: Server,
    dataset: Dataset,
    out: Path | None,
    counting: Counting,
    note: Callable[[int, int], None] = lambda done, total: None,
) -> Gathered:
    """Read all answers, write the files where there is a place for them, give corrections back."""
    reader = Reader(dataset.id, dataset.questions)
    pulled = glean_all(read_reviewed(server, dataset, reader, note), counting)
    notes, figures = reader.notes(), pulled.agreement()
    if out is not None:
        notes += _kept_aside(out, pulled)
        write_pulled(out, pulled, figures)
    return Gathered(pulled, figures, give_back(server, dataset, pulled.gleaned), notes)


def give_back(server: Server, dataset: Dataset, gleaned: Sequence[tuple[Reviewed, Gleaned]]) -> int:
    """Invalid corrections as suggestions with what is wrong; nothing else of a record is touched.

    Returns how many were not there yet.
    """
    items = [
        {
            "id": reviewed.record,
            "suggestions": [
                suggestion_payload(
                    Suggested(CORRECTED_CALL, one.returned, VALIDATOR, 0.0), dataset.questions
                )
            ],
        }
        for reviewed, one in gleaned
        if one.returned and reviewed.suggested.get(CORRECTED_CALL) != one.returned
    ]
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        server.send("PUT", f"datasets/{dataset.id}/records/bulk", json={"items": batch})
    return len(items)


def _kept_aside(out: Path, pulled: Pulled) -> list[str]:
    """Keep the files of an earlier pull where they hold votes that the server no longer has.

    With a user, Argilla deletes all that the user answered.
    """
    before = {
        (line["id"], vote["annotator"]) for line in read_feedback(out) for vote in line["votes"]
    }
    now = {(one.row["id"], vote.annotator) for one, _ in pulled.gleaned for vote in one.votes}
    gone = before - now
    if not gone:
        return []
    target = next(t for number in range(1, 10_000) if not (t := out / f"old-{number}").exists())
    people = len({annotator for _, annotator in gone})
    try:
        target.mkdir()
        for name in (*FILES, RUBRIC):
            if (out / name).exists():
                (out / name).rename(target / name)
    except OSError as error:
        raise RunError(f"cannot write {str(target)!r}: {error.strerror}") from error
    return [
        f"{len(gone)} votes of {people} people that an earlier pull found are gone from the server "
        f"(a deleted user?); the files with them are in {str(target)!r}"
    ]
