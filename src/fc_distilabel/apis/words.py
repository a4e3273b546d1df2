"""The words that code has for tools, in both languages: verbs, groups, extras, phrases."""

from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from fc_distilabel.apis.domains import FieldKind, FieldType
from fc_distilabel.types import Language, Noun

Access: TypeAlias = Literal["read", "write"]
Key: TypeAlias = Literal["none", "one", "two"]
Result: TypeAlias = Literal["records", "record", "status", "comparison", "estimate", "count"]


class Operation(Noun):
    """Something that can be done to records of any type."""

    name: str
    verbs: tuple[str, ...]
    """How a function's name begins."""
    plural: bool
    """Whether the name goes on with the plural."""
    suffix: str = ""
    """How the name ends."""
    access: Access
    key: Key
    """How many records the caller names by their ids."""
    fields: bool
    """Whether fields of the record are parameters."""
    result: Result
    description: str


class Theme(Noun):
    """What a group of parameters is about."""

    names: tuple[str, ...]
    """Names for a group, tried in turn."""
    label: str
    listed: str
    """Name for a list of such groups; empty where there is but one of it."""


class Extra(Noun):
    """A parameter that tools of any domain may have."""

    field: FieldType
    access: tuple[Access, ...]


class Words(Noun):
    """Everything in one language."""

    operations: tuple[Operation, ...]
    themes: dict[str, Theme]
    phrases: dict[str, str]
    extras: tuple[Extra, ...]
    cities: tuple[str, ...]


_THEMES: dict[FieldKind, str] = {
    "person_name": "contact",
    "phone": "contact",
    "email": "contact",
    "city": "place",
    "street_address": "place",
    "date": "schedule",
    "time": "schedule",
    "amount": "terms",
    "boolean": "preferences",
    "choice": "preferences",
}


@cache
def words(language: Language) -> Words:
    """The words of one language."""
    folder = files(__package__) / "data"
    return Words.model_validate_json((folder / f"words.{language}.json").read_text("utf-8"))


def theme_of(kind: FieldKind) -> str:
    """The group in which a field of this kind belongs."""
    return _THEMES.get(kind, "details")


def capitalized(text: str) -> str:
    """The text with its first letter large, where it has one."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """The text as it stands within a sentence: an ordinary word begins small."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def described(language: Language, label: str, unit: str = "", phrase: str = "label") -> str:
    """A parameter's description: what it is, its unit, and what to know of it."""
    phrases = words(language).phrases
    told = phrases["unit"].format(label=label, unit=unit) if unit else label
    return capitalized(phrases[phrase].format(label=inside(told)))
