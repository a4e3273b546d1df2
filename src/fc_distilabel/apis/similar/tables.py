"""The words of similar tools: phrases per language, and the words that names are made of.

Names are English in every language, as code is; so what reads and makes names is one table.
"""

from functools import cache, cached_property
from importlib.resources import files

from pydantic import Field

from fc_distilabel.types import Json, Language, Noun


class Place(Noun):
    """A region or branch that a tool may be restricted to."""

    name: str
    suffix: str
    places: tuple[str, ...] = ()


class Measure(Noun):
    """Units of one quantity, each with its spellings; the first is how it is said."""

    measure: str
    units: dict[str, tuple[str, ...]]
    common: tuple[str, ...] = ()
    """Units that a request may well be in where none is stated."""


class Added(Noun):
    """A parameter or result of a similar tool's own."""

    name: str
    description: str = ""
    type: str = ""
    schema_: dict[str, Json] = Field(default_factory=dict)

    def as_schema(self) -> dict[str, Json]:
        """Its JSON Schema."""
        return self.schema_ or {"type": self.type, "description": self.description}


class Twin(Noun):
    """Another thing to do with the same records."""

    verb: str
    of: tuple[str, ...]
    """The classes of verbs to which it is another thing."""
    description: str
    result: Added


class Aspect(Noun):
    """Another subject under an overlapping name."""

    noun: str
    description: str
    decided_by: str
    parameter: Added


class Vendor(Noun):
    """Another provider, and whom alone it serves."""

    prefix: str
    clause: str
    decided_by: str
    parameter: Added


class Table(Noun):
    """Everything in one language."""

    phrases: dict[str, str]
    verbs: dict[str, str]
    """How verbs of names are said, where not as they are."""
    leading: tuple[str, ...]
    """What a description may begin with before it names its subject."""
    regions: tuple[Place, ...]
    home: tuple[str, ...]
    """Regions that requests in this language may well be about."""
    branches: tuple[Place, ...]
    units: tuple[Measure, ...]
    twins: tuple[Twin, ...]
    nouns: tuple[Aspect, ...]
    vendors: tuple[Vendor, ...]

    @cached_property
    def openings(self) -> list[str]:
        """What to take off the start of a description to get to its subject, the longest first."""
        return sorted({*self.leading, *self.verbs.values()}, key=len, reverse=True)

    def said(self, verb: str) -> str:
        """A verb of a name as a description says it; an unknown one as the table has it for any."""
        return self.verbs.get(verb) or self.verbs.get("", verb)

    def say(self, phrase: str, **parts: str) -> str:
        """A phrase with its parts put in, its first letter large."""
        text = self.phrases[phrase].format(**parts)
        return text[:1].upper() + text[1:]


class NameWords(Noun):
    """What the words of names mean."""

    verbs: dict[str, str]
    places: str
    amounts: str
    identity: str
    envelope: str
    """What results say besides what was asked for."""
    prepositions: str
    uncountable: str
    synonyms: dict[str, str]

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The class of each verb: read, create, update, cancel, act."""
        return {verb: kind for kind, verbs in self.verbs.items() for verb in verbs.split()}


@cache
def table(language: Language) -> Table:
    """The phrases of one language."""
    return Table.model_validate_json(_text(f"similar.{language}.json"))


@cache
def name_words() -> NameWords:
    """The words of names."""
    return NameWords.model_validate_json(_text("similar.names.json"))


def _text(name: str) -> str:
    return (files("fc_distilabel.apis") / "data" / name).read_text(encoding="utf-8")
