"""Domain -> a flat tool, worded by code: every parameter a string, as simple APIs have them.

The name comes from an operation and an entity type (`search_hotels`), the parameters from the
entity's fields. Result schemas are typed from the start, since they are what a world answers with.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fc_distilabel.apis.domains import Domain, EntityType, FieldType
from fc_distilabel.apis.drafts import EXTRA, Draft, Material
from fc_distilabel.apis.mutations_shape import plain_string
from fc_distilabel.apis.mutations_types import MAX_ENUM, natural_type
from fc_distilabel.apis.words import Operation, capitalized, described, words
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Json, Language, Tool

MAX_NAME = 64


@dataclass(frozen=True)
class Subject:
    """What a tool is about: an operation on the records of one type."""

    domain: Domain
    entity: EntityType
    operation: Operation

    @property
    def language(self) -> Language:
        """The language of the tool's words."""
        return self.domain.language


def subjects(domains: Iterable[Domain]) -> list[Subject]:
    """Every operation on every type of record."""
    return [
        Subject(domain, entity, operation)
        for domain in domains
        for entity in domain.entities
        for operation in words(domain.language).operations
        if _makes_sense(operation, entity)
    ]


def _makes_sense(operation: Operation, entity: EntityType) -> bool:
    """What is only looked up is not written; a booking can be cancelled and priced, a guest not."""
    deal = bool(entity.cancelled or entity.refers_to)
    if operation.name in ("cancel", "estimate"):
        return deal and entity.writable
    return entity.writable or operation.access == "read"


def base_draft(subject: Subject, chosen: Sequence[Material], random_: random.Random) -> Draft:
    """A flat tool that takes the ids its operation needs, and the chosen parameters.

    Those of the record itself are required, others are not.
    """
    keys = key_materials(subject)
    own = {field.name for field in _stated(subject)} if subject.operation.fields else set()
    taken = {material.name: material for material in (*keys, *chosen)}
    listed = {name: plain_string(material, subject.language) for name, material in taken.items()}
    needed = [m.name for m in keys] + [m.name for m in chosen if m.name in own]
    tool = Tool(
        name=_name(subject, random_),
        description=_description(subject),
        parameters=closed_object(listed) | {"required": needed or list(listed)[:1]},
        returns=result_schema(subject),
    )
    return Draft(tool, subject.language, taken)


def key_materials(subject: Subject) -> list[Material]:
    """The parameters that name the records which an operation is about."""
    entity = subject.entity
    one = entity.id_field
    names = {
        "none": {},
        "one": {one: "id"},
        "two": {f"first_{one}": "first_id", f"second_{one}": "second_id"},
    }[subject.operation.key]
    return [
        Material(field=FieldType(name=name, label=_id_label(subject, entity, phrase), kind="code"))
        for name, phrase in names.items()
    ]


def supply(subject: Subject, random_: random.Random) -> list[Material]:
    """All that the tool may take as parameters, what is nearest to it first."""
    own = [Material(field=field) for field in _stated(subject)]
    related = [
        Material(
            field=_of(other, field, subject.language), theme=other.name, theme_label=other.label
        )
        for other in _related(subject)
        for field in other.fields
    ]
    access = subject.operation.access
    extras = [_extra(e.field) for e in words(subject.language).extras if access in e.access]
    for group in (own, related, extras):
        random_.shuffle(group)
    nearest = [*own, *related] if subject.operation.fields else []
    keys = {material.name for material in key_materials(subject)}
    by_name: dict[str, Material] = {}
    for material in (*nearest, *extras):
        by_name.setdefault(material.name, material)
    return [material for name, material in by_name.items() if name not in keys]


def _extra(field: FieldType) -> Material:
    told = field.kind in ("choice", "boolean", "integer", "amount")
    return Material(field=field, theme=EXTRA if told else "")


def result_schema(subject: Subject) -> Schema:
    """The closed schema of what the operation gives back."""
    entity, phrases = subject.entity, words(subject.language).phrases
    record = closed_object(
        {entity.id_field: _text(_id_label(subject, entity))}
        | {
            name: _text(_id_label(subject, subject.domain.entity(other)))
            for name, other in entity.refers_to.items()
        }
        | {field.name: typed(field, subject.language) for field in entity.fields}
    )
    plural = _plural(subject)
    total = {"type": "integer", "minimum": 0, "description": phrases["total"].format(plural=plural)}
    status = {
        "enum": ["done", "pending", "rejected"],
        "description": capitalized(phrases["status"]),
    }
    made: dict[str, dict[str, Json]] = {
        "records": {
            "results": {
                "type": "array",
                "items": record,
                "description": phrases["results"].format(plural=plural),
            },
            "total": total,
        },
        "count": {"total": total},
        "status": {
            entity.id_field: _text(_id_label(subject, entity)),
            "status": status,
            "message": _text(phrases["message"]),
        },
        "comparison": {
            "better_id": _text(phrases["better"]),
            "differences": {
                "type": "array",
                "items": {"type": "string"},
                "description": phrases["differences"],
            },
        },
        "estimate": {
            "cost": {"type": "number", "minimum": 0, "description": phrases["cost"]},
            "currency": {"enum": ["USD", "EUR", "CNY"], "description": phrases["currency"]},
        },
    }
    kind = subject.operation.result
    return record if kind == "record" else closed_object(made[kind])


def typed(field: FieldType, language: Language) -> Schema:
    """A field as a record holds it, with its own type."""
    kind = natural_type(field.kind)
    facets: dict[str, Json] = {"type": kind}
    if field.kind == "choice" and len(field.values) >= 2:
        facets["enum"] = list(field.values[:MAX_ENUM])
    if field.kind in ("date", "email"):
        facets["format"] = field.kind
    return facets | {"description": described(language, field.label, field.unit)}


def _stated(subject: Subject) -> list[FieldType]:
    """The fields that a caller may state: all to search by, to write only what is left to them."""
    entity, writes = subject.entity, subject.operation.access == "write"
    references = [
        FieldType(name=name, label=_id_label(subject, subject.domain.entity(other)), kind="code")
        for name, other in entity.refers_to.items()
    ]
    return [*references, *(f for f in entity.fields if not (writes and f.given == "never"))]


def _id_label(subject: Subject, entity: EntityType, phrase: str = "id") -> str:
    return words(subject.language).phrases[phrase].format(label=entity.label)


def _related(subject: Subject) -> list[EntityType]:
    names = dict.fromkeys(subject.entity.refers_to.values())
    return [entity for entity in subject.domain.entities if entity.name in names]


def _of(entity: EntityType, field: FieldType, language: Language) -> FieldType:
    """A field of another record, by a name that says so: `hotel_name`."""
    name = field.name if field.name.startswith(entity.name) else f"{entity.name}_{field.name}"
    told = words(language).phrases["of"].format(group=field.label, label=entity.label)
    label = field.label if entity.label in field.label else told
    return field.model_copy(update={"name": name, "label": label})


def _plural(subject: Subject) -> str:
    """The records as the language speaks of several."""
    entity = subject.entity
    return entity.plural.replace("_", " ") if subject.language == "en" else entity.label


def _name(subject: Subject, random_: random.Random) -> str:
    operation, entity = subject.operation, subject.entity
    noun = entity.plural if operation.plural else entity.name
    parts = (random_.choice(operation.verbs), noun, operation.suffix)
    return "_".join(part for part in parts if part)[:MAX_NAME]


def _description(subject: Subject) -> str:
    text = subject.operation.description
    return text.format(label=subject.entity.label, plural=_plural(subject))


def _text(text: str) -> Schema:
    return {"type": "string", "description": capitalized(text)}
