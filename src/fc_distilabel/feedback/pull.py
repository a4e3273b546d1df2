"""From a dataset that people answered to files that can be trained on.

    rows.jsonl       approved and corrected rows in full, as a run writes them: for `export`
    sft.jsonl        the same rows as TRL reads them
    dpo.jsonl        preference pairs, as in a run's preferences.jsonl
    kto.jsonl        single turns with a label: prompt, completion, label, tools
    feedback.jsonl   one line a record: its votes and what they came to
    undecided.jsonl  one line a question on which people must be asked again, and why
    agreement.json   how far people agree with each other, and the judge with them
    guidance.json    what the next run learns from it: `synthesize --feedback`
    rubric.json      the judge's rubric as people calibrated it, where enough of them answered

Equal answers give equal bytes.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from fc_distilabel.errors import InputError
from fc_distilabel.exporters.trl import to_trl
from fc_distilabel.feedback.agreement import agreement
from fc_distilabel.feedback.harvest import Counting, Gleaned, agreed_classes, glean
from fc_distilabel.feedback.judged import approved, lowest_score
from fc_distilabel.feedback.review.names import VERDICT
from fc_distilabel.feedback.votes import Answer, Reviewed, decide, values_of
from fc_distilabel.runs.files import ROWS, write_lines
from fc_distilabel.runs.guidance import GUIDANCE, RUBRIC
from fc_distilabel.runs.rows import row_line
from fc_distilabel.types import Json

SFT, DPO, KTO = "sft.jsonl", "dpo.jsonl", "kto.jsonl"
FEEDBACK, UNDECIDED, AGREEMENT = "feedback.jsonl", "undecided.jsonl", "agreement.json"
FILES = (ROWS, SFT, DPO, KTO, FEEDBACK, UNDECIDED, AGREEMENT, GUIDANCE)


class Pulled(NamedTuple):
    """What the answers to a dataset come to."""

    gleaned: tuple[tuple[Reviewed, Gleaned], ...]
    counting: Counting

    @property
    def outcomes(self) -> Counter[str]:
        """How many records came to what."""
        return Counter(gleaned.outcome for _, gleaned in self.gleaned)

    @property
    def rows(self) -> list[dict[str, Json]]:
        """The rows to learn from."""
        return [gleaned.row for _, gleaned in self.gleaned if gleaned.row is not None]

    def agreement(self) -> dict[str, dict[str, dict[str, Json]]]:
        """How far people and judges agree."""
        reviewed = [one for one, _ in self.gleaned]
        decided = {
            one.record: verdict.value
            for one in reviewed
            if (verdict := decide(values_of(one.votes, VERDICT), *self.counting)).value
        }
        return agreement(reviewed, decided)


def glean_all(reviewed: Sequence[Reviewed], counting: Counting) -> Pulled:
    """What all records come to."""
    return Pulled(tuple((one, glean(one, counting)) for one in reviewed), counting)


def write_pulled(out: Path, pulled: Pulled, figures: Mapping[str, Json]) -> None:
    """Write all files, each in place of an older one; raises `RunError` where the disk is full."""
    gleaned = [one for _, one in pulled.gleaned]
    write_lines(out / ROWS, map(row_line, pulled.rows))
    write_lines(out / SFT, (row_line(to_trl(row)) for row in pulled.rows))
    write_lines(out / DPO, (row_line(pair) for one in gleaned for pair in one.pairs))
    write_lines(out / KTO, (row_line(each) for one in gleaned for each in one.examples))
    write_lines(
        out / FEEDBACK, (row_line(_line(*pair, pulled.counting)) for pair in pulled.gleaned)
    )
    write_lines(out / UNDECIDED, map(row_line, _undecided(pulled)))
    write_lines(out / AGREEMENT, [_shown(figures)])
    _write_lessons(out, pulled)


def _write_lessons(out: Path, pulled: Pulled) -> None:
    """What the next run learns; scikit-learn, which calibrates, is imported only here."""
    from fc_distilabel.feedback.lessons import calibrated, decided, guidance

    records = decided(pulled.gleaned, pulled.counting.policy)
    write_lines(out / GUIDANCE, [_shown(guidance(records).model_dump(mode="json"))])
    rubrics = calibrated(records)
    if rubrics is None:
        (out / RUBRIC).unlink(missing_ok=True)
    else:
        told = {language: rubric.model_dump(mode="json") for language, rubric in rubrics.items()}
        write_lines(out / RUBRIC, [_shown(told)])


def _shown(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def read_feedback(out: Path) -> list[dict[str, Json]]:
    """The lines of the `feedback.jsonl` that an earlier pull wrote; none where there is none.

    Raises `InputError` where somebody changed the file into something else.
    """
    path = out / FEEDBACK
    if not path.is_file():
        return []
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        if not all(isinstance(line["votes"], list) and line["id"] for line in lines):
            raise ValueError("a line has no votes")
    except (KeyError, TypeError, ValueError) as error:
        what = f"{str(path)!r} is not what an earlier pull wrote ({error})"
        raise InputError(f"{what}: move it away, or name another --out") from error
    return lines


def feedback_lines(pulled: Pulled) -> Iterator[dict[str, Json]]:
    """The lines of `feedback.jsonl`."""
    return (_line(*pair, pulled.counting) for pair in pulled.gleaned)


def _line(reviewed: Reviewed, gleaned: Gleaned, counting: Counting) -> dict[str, Json]:
    row = reviewed.row
    return {
        "id": row["id"],
        "kind": row["kind"],
        "language": row["language"],
        "domain": row.get("domain", ""),
        "document": row.get("document", ""),
        "user_goal": row.get("user_goal", ""),
        "outcome": gleaned.outcome,
        "error_classes": agreed_classes(reviewed.votes, counting.policy),
        "undecided": [question for question, _ in gleaned.undecided],
        "judge": {"approved": approved(row), "lowest_score": lowest_score(row)},
        "votes": [_vote(answer) for answer in reviewed.votes],
        "drafts": sum(answer.status == "draft" for answer in reviewed.answers),
        "discarded": sum(answer.status == "discarded" for answer in reviewed.answers),
    }


def _vote(answer: Answer) -> dict[str, Json]:
    return {"annotator": answer.annotator, **dict(sorted(answer.values.items()))}


def _undecided(pulled: Pulled) -> Iterator[dict[str, Json]]:
    for reviewed, gleaned in pulled.gleaned:
        for question, why in gleaned.undecided:
            given = values_of(reviewed.votes, question)
            yield {"id": reviewed.row["id"], "question": question, "why": why, "answers": given}
