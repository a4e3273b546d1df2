"""A tool under way: its schema, what its parameters mean, what it might take besides, its lineage.

A mutation looks at one *site*, a parameter inside the object that holds it, and answers with that
object changed (an `Edit`), or with None where it does not fit. All that a mutation must know to
keep a schema valid is therefore in one place, and the same mutation works at every depth.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from fc_distilabel.apis.domains import FieldKind, FieldType
from fc_distilabel.schemas.bounds import join_path
from fc_distilabel.schemas.walk import Keys, Schema, at
from fc_distilabel.types import Json, Language, Noun, Tool

MAX_LEVEL = 12
"""Objects and arrays inside each other, beyond which a draft is not changed any more."""
EXTRA = "options"
"""The theme of parameters that tools of any domain may have."""
HELD_KEYWORDS = frozenset(
    ("type", "properties", "required", "additionalProperties", "dependentRequired")
) | {"description", "title", "$defs", "$schema"}
"""Keywords of an object that a mutation knows how to keep in step; with others it is left alone."""


class Material(Noun):
    """What a parameter means, and the group that it belongs to."""

    field: FieldType
    theme: str = ""
    """Name of the thing that it is about, where that is not the tool's own; else ``."""
    theme_label: str = ""

    @property
    def name(self) -> str:
        """Name of the parameter."""
        return self.field.name

    @property
    def kind(self) -> FieldKind:
        """What kind of value it is."""
        return self.field.kind

    @property
    def is_extra(self) -> bool:
        """Whether it is about how to handle a request, not about what is wanted."""
        return self.theme == EXTRA


class Mutated(Noun):
    """One step of a tool's lineage."""

    mutation: str
    path: str
    """Parameter that was changed, as a path of names; items are `0`."""
    detail: str


@dataclass(frozen=True)
class Draft:
    """A tool under way."""

    tool: Tool
    language: Language
    materials: dict[str, Material]
    """What the parameters mean, by name; a name means one thing in the whole tool."""
    spare: tuple[Material, ...] = ()
    """What the tool might take besides, best first."""
    lineage: tuple[Mutated, ...] = ()


@dataclass(frozen=True)
class Site:
    """One parameter of a draft, and the object that holds it."""

    draft: Draft
    place: Keys
    """Where the object stands in the tool's parameters."""
    name: str
    random: random.Random

    @property
    def owner(self) -> Schema:
        """The object that holds the parameter."""
        found: Schema = at(self.draft.tool.parameters, self.place)
        return found

    @property
    def schema(self) -> Schema:
        """The parameter's own schema."""
        found: Schema = self.owner["properties"][self.name]
        return found

    @property
    def material(self) -> Material:
        """What the parameter means."""
        return self.draft.materials[self.name]

    @property
    def required(self) -> bool:
        """Whether its object requires it."""
        return self.name in self.owner.get("required", ())

    @property
    def path(self) -> str:
        """The path of names that leads to it."""
        return _path_of((*self.place, "properties", self.name))


@dataclass(frozen=True)
class Edit:
    """What a mutation makes of a site."""

    owner: Schema
    detail: str
    materials: tuple[Material, ...] = ()
    """The meaning of new names."""


Change: TypeAlias = Callable[[Site], Edit | None]


@dataclass(frozen=True)
class Mutation:
    """One typed change of a schema, made by code."""

    name: str
    change: Change = field(repr=False)
    keeps_meaning: bool
    """Whether every instance that was valid stays valid, and means the same."""

    def at(self, site: Site) -> Draft | None:
        """The draft with this change at a site; None where it does not fit."""
        edit = self.change(site)
        return None if edit is None else _edited(self.name, site, edit)


MUTATIONS: dict[str, Mutation] = {}
"""All mutations by name; a module of mutations adds its own on import."""


def mutation(name: str, *, keeps_meaning: bool = False) -> Callable[[Change], Change]:
    """Register a change as a mutation."""

    def register(change: Change) -> Change:
        MUTATIONS[name] = Mutation(name, change, keeps_meaning)
        return change

    return register


def places(draft: Draft) -> Iterator[tuple[Keys, str]]:
    """Every parameter that mutations may look at, with the place of the object that holds it.

    What stands behind references and alternatives, or under keywords that tie it to other parts of
    the schema, is left alone.
    """
    pending: list[tuple[Keys, Json, int]] = [((), draft.tool.parameters, 1)]
    while pending:
        place, schema, level = pending.pop()
        if not isinstance(schema, dict) or level > MAX_LEVEL or not _is_plain_holder(schema):
            continue
        for name, inner in schema.get("properties", {}).items():
            if isinstance(inner, dict):
                yield place, name
                pending.append(((*place, "properties", name), inner, level + 1))
        pending.append(((*place, "items"), schema.get("items"), level + 1))


def names_in(draft: Draft) -> set[str]:
    """Every name that a parameter of the draft has."""
    return {name for _, name in places(draft)} | set(draft.materials)


def put_property(owner: Schema, old: str, properties: dict[str, Json]) -> Schema:
    """The object with a property exchanged for others, which are required if it was."""
    listed: dict[str, Json] = {}
    for name, schema in owner["properties"].items():
        listed |= properties if name == old else {name: schema}
    required: list[str] = []
    for name in owner.get("required", ()):
        required += properties if name == old else [name]
    return owner | {"properties": listed, "required": required}


def is_tied(owner: Schema, name: str) -> bool:
    """Whether `dependentRequired` mentions the name, so that it cannot move or go."""
    rules: dict[str, list[str]] = owner.get("dependentRequired", {})
    return any(name == key or name in needed for key, needed in rules.items())


def _is_plain_holder(schema: Schema) -> bool:
    if "properties" in schema:
        return schema.keys() <= HELD_KEYWORDS
    return not schema.keys() & {"default", "const", "enum", "examples", "prefixItems"}


def _edited(name: str, site: Site, edit: Edit) -> Draft:
    draft = site.draft
    parameters = _put(draft.tool.parameters, site.place, edit.owner)
    added = {material.name: material for material in edit.materials}
    return replace(
        draft,
        tool=draft.tool.model_copy(update={"parameters": parameters}),
        materials=draft.materials | added,
        spare=tuple(material for material in draft.spare if material.name not in added),
        lineage=(*draft.lineage, Mutated(mutation=name, path=site.path, detail=edit.detail)),
    )


def _put(schema: Schema, place: Keys, part: Schema) -> Schema:
    """A copy of the schema with the part at a place exchanged."""
    for depth in range(len(place), 0, -1):
        holder = at(schema, place[: depth - 1])
        part = {**holder, str(place[depth - 1]): part}
    return part


def _path_of(keys: Keys) -> str:
    """`properties/a/items/properties/b` is `a/0/b`."""
    steps: list[str | int] = []
    index = 0
    while index < len(keys):
        named = keys[index] == "properties"
        steps.append(keys[index + 1] if named else 0)
        index += 2 if named else 1
    return join_path("", *steps)
