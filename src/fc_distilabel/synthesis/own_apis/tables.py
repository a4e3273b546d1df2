"""What code knows by itself of other people's APIs: verbs, standard values, plain results."""

import re
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from fc_distilabel.apis.similar.tables import name_words
from fc_distilabel.types import Json, Language, Noun


class Known(Noun):
    """Values that a thing of that name may have, whichever API it belongs to."""

    words: str
    values: tuple[Json, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Its words, as they stand in names and labels."""
        return _pattern(self.words)


class Span(Noun):
    """Numbers that a thing of that name may be."""

    words: str
    low: int
    high: int

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Its words, as they stand in names."""
        return _pattern(self.words)


class Table(Noun):
    """Everything in one language."""

    verbs: str
    """Verbs that descriptions begin with, beside those that names do."""
    said: dict[str, str]
    """Verbs of an API, and what a person says instead."""
    get: str
    """The verb for a description that has none."""
    mine: dict[str, str]
    """Who is spoken of, and how the person says it."""
    results: dict[str, dict[str, Json]]
    """Result fields by action, for tools that declare none."""
    values: tuple[Known, ...]

    @cached_property
    def known_verbs(self) -> frozenset[str]:
        """All verbs that a description may begin with."""
        return frozenset((*self.verbs.split(), *name_words().kinds))


@cache
def table(language: Language) -> Table:
    """The table of one language."""
    return Table.model_validate(_all()[language])


@cache
def spans() -> tuple[Span, ...]:
    """The spans of numbers; names are English in every language."""
    return TypeAdapter(tuple[Span, ...]).validate_python(_all()["numbers"])


@cache
def _all() -> dict[str, Any]:
    text = (files(__package__) / "tables.json").read_text(encoding="utf-8")
    found: dict[str, Any] = TypeAdapter(dict[str, Any]).validate_json(text)
    return found


def _pattern(words: str) -> re.Pattern[str]:
    """Latin words stand by themselves; Han has no gaps between words."""
    latin = "|".join(word.replace("_", "[_ ]") for word in words.split("|") if word.isascii())
    han = "|".join(word for word in words.split("|") if not word.isascii())
    whole = rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])"
    return re.compile(f"{whole}|{han}" if han else whole)
