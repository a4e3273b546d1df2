"""Domains that an API can be about: entity types with their fields and how they refer to others.

They come with the package (`data/domains.*.json`) or are made from a toolset; either way code owns
what a kind of value is, so that schemas and worlds are valid by construction.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from pydantic import Field, TypeAdapter, model_validator
from typing_extensions import Self

from fc_distilabel.types import Json, Language, Noun

FieldKind: TypeAlias = Literal[
    "text",
    "choice",
    "integer",
    "amount",
    "boolean",
    "date",
    "time",
    "person_name",
    "phone",
    "email",
    "city",
    "street_address",
    "code",
]
RESERVED = ("status", "error", "total", "missing")
"""Keys of results that no entity may be called by."""
Given: TypeAlias = Literal["required", "optional", "never"]


class FieldType(Noun):
    """One property of an entity."""

    name: str
    """`snake_case`, in English whatever the language: it becomes a parameter's name."""
    label: str
    """What it is, in a few words of the domain's language."""
    kind: FieldKind
    values: tuple[Json, ...] = ()
    """The choices of a `choice`, typical values of a `text` or `city`, least and most of a number,
    and of a `date` in days from today."""
    unit: str = ""
    """Unit of a number, as a person says it (`USD`, `kg`, `晚`)."""
    pattern: str = ""
    """Regular expression of a `code`, where its form is known."""
    given: Given = "required"
    """Whether who makes a record must state it, may state it, or leaves it to the service."""


class EntityType(Noun):
    """A kind of thing that the domain keeps records of."""

    name: str
    """Singular, `snake_case`: `booking`."""
    plural: str
    label: str
    """The thing in a few words of the domain's language."""
    fields: tuple[FieldType, ...]
    refers_to: dict[str, str] = Field(default_factory=dict)
    """Further field, which holds the id of a record of another type: `{"hotel_id": "hotel"}`."""
    writable: bool = True
    """Whether users make and change records of it; a hotel, say, is only looked up."""
    cancelled: dict[str, str] = Field(default_factory=dict)
    """What cancelling a record sets (`{"status": "cancelled"}`); empty where it is deleted."""

    @property
    def id_field(self) -> str:
        """The field that holds a record's own id."""
        return f"{self.name}_id"


class Domain(Noun):
    """A field of business with its entity types."""

    name: str
    label: str
    language: Language
    entities: tuple[EntityType, ...]

    def __hash__(self) -> int:
        return hash((self.name, self.language, len(self.entities)))

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        flaws = list(_flaws(self))
        if flaws:
            raise ValueError(f"domain {self.name}: {'; '.join(flaws)}")
        return self

    def prefix(self, name: str) -> str:
        """What ids of that type begin with: a few capitals, different for every type."""
        taken: dict[str, str] = {}
        for entity in self.entities:
            letters = entity.name.replace("_", "").upper()
            initials = "".join(part[0] for part in entity.name.split("_")).upper()
            options = [initials, *(letters[:end] for end in range(2, len(letters) + 1))]
            taken[next(o for o in options if len(o) > 1 and o not in taken)] = entity.name
        return {entity: prefix for prefix, entity in taken.items()}[name]

    def entity(self, name: str) -> EntityType:
        """The entity type of that name; raises `KeyError` when there is none."""
        return {entity.name: entity for entity in self.entities}[name]


def _flaws(domain: Domain) -> Iterator[str]:
    """What would keep code from making records: clashing names, references to nothing or later."""
    known: set[str] = set()
    for entity in domain.entities:
        if {entity.name, entity.plural} & set(RESERVED):
            yield f"{entity.name} is called as the results of tools are: {', '.join(RESERVED)}"
        if entity.name in known:
            yield f"{entity.name} is there twice"
        if [other.plural for other in domain.entities].count(entity.plural) > 1:
            yield f"{entity.plural} is the plural of several"
        for field, target in entity.refers_to.items():
            if target not in known:
                yield f"{entity.name}.{field} refers to {target}, which is not listed before it"
        names = [entity.id_field, *entity.refers_to, *(field.name for field in entity.fields)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{entity.name}.{name} is there twice"
        choices = {field.name: field.values for field in entity.fields if field.kind == "choice"}
        for name, value in entity.cancelled.items():
            if value not in choices.get(name, ()):
                yield f"{entity.name}.{name} has no choice {value}"
        known.add(entity.name)


@cache
def domains(language: Language) -> tuple[Domain, ...]:
    """The domains that come with the package."""
    text = (files(__package__) / "data" / f"domains.{language}.json").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Domain, ...]).validate_json(text)
