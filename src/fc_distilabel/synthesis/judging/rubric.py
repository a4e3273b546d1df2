"""What a judge scores by: for each criterion its question and what 1, 3 and 5 look like.

The rubric is data, one for each language, so that it can be replaced by one that human labels have
calibrated.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, field_validator

from fc_distilabel.errors import InputError
from fc_distilabel.types import CRITERIA, Criterion, Language, Noun

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Standard(Noun):
    """One criterion, in words for a judge."""

    asks: Words
    """The question that a score answers."""
    poor: Words
    """What 1 looks like."""
    fair: Words
    """What 3 looks like."""
    good: Words
    """What 5 looks like."""


class Rubric(Noun):
    """All criteria in one language, and the score from which a turn is good enough."""

    pass_mark: Annotated[int, Field(ge=1, le=5)] = 3
    criteria: dict[Criterion, Standard]

    @field_validator("criteria")
    @classmethod
    def _complete(cls, criteria: dict[Criterion, Standard]) -> dict[Criterion, Standard]:
        missing = [name for name in CRITERIA if name not in criteria]
        if missing:
            raise ValueError(f"no standard for {', '.join(missing)}")
        return criteria


Rubrics = dict[Language, Rubric]
_FORM: TypeAdapter[Rubrics] = TypeAdapter(Annotated[Rubrics, Field(min_length=1)])


@cache
def shipped_rubrics() -> Rubrics:
    """The rubrics that come with the package."""
    return _FORM.validate_json((files(__package__) / "rubric.json").read_text(encoding="utf-8"))


def read_rubrics(path: str | Path) -> Rubrics:
    """The rubrics of a file in the form of the shipped one; a language left out keeps that one's.

    Raises:
        InputError: the file cannot be read, or has another form.
    """
    try:
        own = _FORM.validate_json(Path(path).read_bytes())
    except OSError as error:
        raise InputError(f"cannot read rubric {str(path)!r}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(map(str, first["loc"])) or "its root"
        raise InputError(f"rubric {str(path)!r} at {place}: {first['msg']}") from error
    return shipped_rubrics() | own
