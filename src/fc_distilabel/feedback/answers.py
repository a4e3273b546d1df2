"""What the server sends of a record, as the row that was reviewed and people's answers to it.

An annotator is a hash keyed by the dataset's id. Ids of users are random and known to nobody but
the server, so no secret is needed to keep a name from being guessed; and equal answers give equal
files wherever they are written, while nobody can be followed from one dataset to the next.
"""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from fc_distilabel.errors import InputError
from fc_distilabel.feedback.records import FORMAT, SOURCE
from fc_distilabel.feedback.review import names
from fc_distilabel.feedback.turns import Compared
from fc_distilabel.feedback.votes import Answer, Reviewed
from fc_distilabel.types import Json

_KNOWN: dict[str, Callable[[Any], bool]] = {
    names.VERDICT: lambda value: value in names.VERDICTS,
    names.PREFERENCE: lambda value: value in names.PREFERENCES,
    names.ERROR_CLASSES: lambda value: isinstance(value, list) and set(value) <= {*names.CLASSES},
    names.NATURALNESS: lambda value: value in names.RATINGS,
    names.CORRECTED_CALL: lambda value: isinstance(value, str),
    names.COMMENT: lambda value: isinstance(value, str),
}
"""Whether an answer to each question is one that we can read."""


class Reader:
    """Reads the records of one dataset, and counts what it had to leave out."""

    def __init__(self, dataset: str, questions: Mapping[str, str]) -> None:
        """Know the dataset's id and the ids of its questions by name."""
        self._key = dataset.encode()
        self._questions = {id_: name for name, id_ in questions.items()}
        self.foreign = 0
        """Records that somebody else pushed, or whose row was edited away."""
        self.unknown: Counter[str] = Counter()
        """Answers that no question of ours has, as `question: answer`."""

    def read(self, item: Mapping[str, Any]) -> Reviewed | None:
        """One record; None where it carries no row of ours.

        Raises `InputError` for a record of a later version.
        """
        source = self._source(item)
        if source is None:
            self.foreign += 1
            return None
        answers = map(self._answer, item.get("responses") or ())
        return Reviewed(
            record=item["id"],
            row=source["row"],
            compared=Compared(*source["compared"]) if source["compared"] else None,
            answers=tuple(sorted(answers, key=lambda answer: answer.annotator)),
            suggested={
                self._questions[one["question_id"]]: one["value"]
                for one in item.get("suggestions") or ()
            },
        )

    def _source(self, item: Mapping[str, Any]) -> dict[str, Any] | None:
        field = item["fields"].get(names.TRAJECTORY)
        try:
            source = json.loads(field[SOURCE])
            version = int(source["format"])
        except (KeyError, TypeError, ValueError):
            return None
        if version > FORMAT:
            what = f"record {item['external_id']!r} has format {version}"
            raise InputError(f"{what}, but this version reads up to {FORMAT}: update fc-distilabel")
        return dict(source)

    def _answer(self, response: Mapping[str, Any]) -> Answer:
        values = response.get("values") or {}
        told = {name: value["value"] for name, value in values.items()}
        return Answer(
            annotator=self._hashed(str(response.get("user_id"))),
            status=response["status"],
            values={name: value for name, value in told.items() if self._is_known(name, value)},
        )

    def _hashed(self, user: str) -> str:
        return hmac.new(self._key, user.encode(), hashlib.sha256).hexdigest()[:16]

    def _is_known(self, name: str, value: Json) -> bool:
        if name not in _KNOWN or _KNOWN[name](value):
            return name in _KNOWN
        self.unknown[f"{name}: {value}"] += 1
        return False

    def notes(self) -> list[str]:
        """What was left out, in words."""
        told = [
            f"{count} answers were not counted, for no question of ours has them (somebody edited "
            f"the questions?): {answer}"
            for answer, count in sorted(self.unknown.items())
        ]
        if self.foreign:
            told.append(f"{self.foreign} records were left out: they carry no row of ours")
        return told
