"""Mutations of the shape: parameters move into objects and arrays, divide, and join in."""

from fc_distilabel.apis.domains import FieldKind, FieldType
from fc_distilabel.apis.drafts import (
    Edit,
    Material,
    Site,
    is_tied,
    mutation,
    names_in,
    put_property,
)
from fc_distilabel.apis.words import capitalized, described, inside, theme_of, words
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Json, Language

MAX_GROUP = 4
_LISTABLE: tuple[FieldKind, ...] = (
    "choice",
    "text",
    "city",
    "person_name",
    "email",
    "code",
    "date",
)
_SPLITS: dict[FieldKind, tuple[str, str]] = {
    "date": ("start", "end"),
    "amount": ("low", "high"),
    "integer": ("low", "high"),
    "person_name": ("first_name", "last_name"),
}
_SPLIT_NAMES = {
    "start": "{}_from",
    "end": "{}_to",
    "low": "lowest_{}",
    "high": "highest_{}",
    "first_name": "first_{}",
    "last_name": "last_{}",
}


@mutation("nest")
def nest(site: Site) -> Edit | None:
    """Parameters that belong together move into an object of their own."""
    members = _members(site)
    if not members:
        return None
    group = _group(site, members)
    return _moved(site, members, group, group.name, _object(site, members, group.field.label))


@mutation("array_of_objects")
def into_array_of_objects(site: Site) -> Edit | None:
    """Parameters that belong together become the entries of a list; an object becomes its item."""
    if is_object(site.schema) and not is_tied(site.owner, site.name):
        group, members = site.material, [site.name]
        item = site.schema
    elif members := _members(site):
        group = _group(site, members)
        item = _object(site, members, group.field.label)
    else:
        return None
    name = _listed(group)
    if not name or name in names_in(site.draft):
        return None
    told = described(site.draft.language, group.field.label, phrase="array_of_objects")
    listed = {"type": "array", "items": item, "description": told}
    named = group.model_copy(update={"field": group.field.model_copy(update={"name": name})})
    return _moved(site, members, named, name, listed)


@mutation("array")
def into_array(site: Site) -> Edit | None:
    """A value that there may be several of becomes an array of such values."""
    schema, name = site.schema, plural(site.name)
    single = schema.get("type") == "string" and not schema.keys() & {"default", "const"}
    if not single or site.material.kind not in _LISTABLE or is_tied(site.owner, site.name):
        return None
    if name in names_in(site.draft) or is_key(site.material) or site.material.is_extra:
        return None
    item = {key: part for key, part in schema.items() if key not in ("description", "title")}
    field = site.material.field
    told = described(site.draft.language, field.label, field.unit, "array")
    listed = {"type": "array", "items": item, "description": told}
    material = Material(field=field.model_copy(update={"name": name}))
    return Edit(put_property(site.owner, site.name, {name: listed}), f"-> {name}", (material,))


@mutation("split")
def split(site: Site) -> Edit | None:
    """A period gets its two ends, a number its least and most, a name its two parts."""
    field, kind = site.material.field, site.schema.get("type")
    ends = _SPLITS.get(field.kind)
    scalar = kind in ("string", "integer", "number") and site.schema.keys().isdisjoint(
        ("default", "enum", "const")
    )
    if ends is None or not scalar or is_tied(site.owner, site.name) or is_key(site.material):
        return None
    if site.name.startswith(("lowest_", "highest_", "first_", "last_", "min_", "max_")):
        return None  # one end of something already
    parts = [_part(site, field, end) for end in ends]
    if names_in(site.draft) & {material.name for material in parts}:
        return None
    bare = {key: part for key, part in site.schema.items() if key not in ("description", "title")}
    listed = {m.name: bare | {"description": _told(site, m)} for m in parts}
    detail = f"-> {', '.join(listed)}"
    return Edit(put_property(site.owner, site.name, listed), detail, tuple(parts))


@mutation("add_optional", keeps_meaning=True)
def add_optional(site: Site) -> Edit | None:
    """The object takes one parameter more, which may be left out."""
    taken = names_in(site.draft)
    material = next((m for m in site.draft.spare if m.name not in taken), None)
    if material is None:
        return None
    added = {site.name: site.schema, material.name: plain_string(material, site.draft.language)}
    owner = site.owner | {"properties": {**site.owner["properties"], **added}}
    return Edit(owner, f"+ {material.name}", (material,))


def plain_string(material: Material, language: Language) -> Schema:
    """A parameter as flat APIs have it: a string, whatever it means."""
    field = material.field
    return {"type": "string", "description": described(language, field.label, field.unit)}


def is_object(schema: Schema) -> bool:
    """Whether a schema is that of an object with properties, and no more."""
    held = {"type", "properties", "required", "additionalProperties", "description"}
    closed = schema.get("additionalProperties") is False
    return schema.get("type") == "object" and closed and schema.keys() <= held


def plural(name: str) -> str:
    """The English plural of the last word of a name."""
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es"
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}s"


def _part(site: Site, field: FieldType, end: str) -> Material:
    label = words(site.draft.language).phrases[end].format(label=inside(field.label))
    kind: FieldKind = "text" if field.kind == "person_name" else field.kind
    name = _SPLIT_NAMES[end].format(field.name)
    changed = {"name": name, "label": label, "kind": kind}
    return site.material.model_copy(update={"field": field.model_copy(update=changed)})


def _told(site: Site, material: Material) -> str:
    return described(site.draft.language, material.field.label, material.field.unit)


def is_key(material: Material) -> bool:
    """Whether a parameter names the record that all is about: it stays where it is."""
    return material.kind == "code" and material.name.endswith("_id")


def _theme(material: Material) -> str:
    return material.theme or theme_of(material.kind)


def _listed(group: Material) -> str:
    """Name of a list of such groups; empty where there can be but one."""
    theme = words("en").themes.get(group.theme)
    return plural(group.theme or group.name) if theme is None else theme.listed


def _members(site: Site) -> list[str]:
    """The site's parameter and others beside it that belong to the same group, in order."""
    if is_key(site.material) or is_tied(site.owner, site.name):
        return []
    theme = _theme(site.material)
    kin = [
        name
        for name in site.owner["properties"]
        if name in site.draft.materials
        and _theme(site.draft.materials[name]) == theme
        and not is_tied(site.owner, name)
        and not is_key(site.draft.materials[name])
    ]
    start = max(0, kin.index(site.name) - MAX_GROUP + 1)
    members = kin[start : start + MAX_GROUP]
    return members if len(members) < len(site.owner["properties"]) or site.place == () else []


def _group(site: Site, members: list[str]) -> Material:
    """The name and the meaning of a group that does not stand in the draft yet."""
    taken = names_in(site.draft)
    theme = _theme(site.material)
    known = words(site.draft.language).themes
    if theme in known:
        names, label = known[theme].names, known[theme].label
    else:
        names, label = (theme,), site.material.theme_label or theme
    numbered = (f"{names[0]}_{number}" for number in range(2, len(taken) + 3))
    name = next(name for name in (*names, *numbered) if not {name, plural(name)} & taken)
    return Material(field=FieldType(name=name, label=label, kind="text"), theme=theme)


def _object(site: Site, members: list[str], label: str) -> Schema:
    required = [name for name in site.owner.get("required", ()) if name in members]
    return {
        "type": "object",
        "properties": {name: site.owner["properties"][name] for name in members},
        "required": required,
        "additionalProperties": False,
        "description": _told_of(site, label, members),
    }


def _told_of(site: Site, label: str, members: list[str]) -> str:
    """What a group is, and what is in it."""
    phrases, materials = words(site.draft.language).phrases, site.draft.materials
    scalars = [n for n in members if n in materials and not is_object(site.owner["properties"][n])]
    if not scalars:
        return capitalized(label)
    labels = [inside(materials[name].field.label) for name in scalars]
    told = phrases["and"].join(labels)
    return capitalized(phrases["members"].format(label=label, members=told))


def _moved(site: Site, members: list[str], group: Material, name: str, schema: Json) -> Edit:
    """The object with members taken out and the group in the place of the first of them."""
    owner = site.owner
    needed = any(member in owner.get("required", ()) for member in members)
    listed: dict[str, Json] = {}
    for old, inner in owner["properties"].items():
        listed |= {name: schema} if old == members[0] else {} if old in members else {old: inner}
    required = [old for old in owner.get("required", ()) if old not in members]
    changed = owner | {"properties": listed, "required": [*required, name] if needed else required}
    return Edit(changed, f"{', '.join(members)} -> {name}", (group,))
