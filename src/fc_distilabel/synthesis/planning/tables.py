"""The words of planning: what code says in schemas and results, and tools that go with others."""

import re
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from pydantic import TypeAdapter

from fc_distilabel.types import Json, Language, Noun

Takes: TypeAlias = Literal["id", "date", "money"]


class Words(Noun):
    """Everything in one language."""

    context: dict[str, str]
    """What a value of each kind is called where the system message has it."""
    others: str
    """Pattern of the words of a label by which it is about somebody or somewhere else."""
    cancels: str
    """Pattern of the words by which something is cancelled."""
    at_most: str
    """A label with the most that is allowed."""
    id: str
    id_not_name: str
    """What the id of a thing is called, where a name stood before."""
    finds: dict[str, str]
    """What a tool does that finds an id, by the kind of name; `` for any."""
    only_name: str
    """Pattern of the words of a label that only say that a name is meant."""
    failures: dict[str, tuple[str, ...]]
    """What services say when they fail for a while, by code."""
    scales: tuple[tuple[str, ...], ...]
    """Values that belong together, so that who lacks one may well be asked for it."""

    def named(self, label: str) -> str:
        """What a label says that something is the name of; `` where it says only that."""
        return re.sub(self.only_name, "", label, flags=re.IGNORECASE).strip()


class NameWords(Noun):
    """What the words of parameters' names tell; names are English in every language."""

    scales: tuple[tuple[str, ...], ...]
    context_words: dict[str, str]
    """Words that a name consists of, if its value is what a system knows of its user."""
    context_groups: str
    """Words that the groups around such a name consist of."""
    name_words: str
    """Words that only say that a name is meant."""
    people: str
    """Words for people other than the user, of whom a function may be."""
    not_names: str
    """Words that name a text which is no thing's name."""
    money: str
    """Words that name an amount of money."""
    no_measures: str
    """Words that name a number which is no quantity: twice as much of it costs no more."""
    no_amounts: str
    """Words that name a number which does not grow with the quantity: a rate, a limit."""
    not_ids: str
    """Words that name a code which is no thing's own."""


class Stated(Noun):
    """A value that the user states for a further tool."""

    name: str
    schema_: dict[str, Json]


class Companion(Noun):
    """A tool that goes on with a value of another tool's result."""

    job: str
    takes: Takes = "id"
    """What sort of value it goes on with."""
    given: Stated | None = None
    """The parameter for that; None for an id, which is called as in the result."""
    after: tuple[str, ...]
    """The actions after whose results it makes sense."""
    name: str
    """`{thing}` in it stands for what the other tool is about."""
    description: str
    lasting: bool = False
    """Whether it makes no sense once the thing is cancelled."""
    reads: bool = False
    """Whether it only looks at what the call before has made."""
    value: Stated | None
    """What the user states for it; None where the id is all."""
    returns: dict[str, Json]


@cache
def words(language: Language) -> Words:
    """The words of one language."""
    return Words.model_validate(_load("words")[language])


@cache
def name_words() -> NameWords:
    """The words of names."""
    return NameWords.model_validate(_load("words")["any"])


@cache
def companions(language: Language) -> tuple[Companion, ...]:
    """The tools that go with others."""
    return TypeAdapter(tuple[Companion, ...]).validate_python(_load("companions")[language])


@cache
def _load(name: str) -> dict[str, Any]:
    text = (files(__package__) / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = TypeAdapter(dict[str, Any]).validate_json(text)
    return found
