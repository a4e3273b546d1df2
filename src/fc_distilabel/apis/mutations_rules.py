"""Mutations of what goes without saying: what may be left out, be null, or demands another."""

from fc_distilabel.apis.drafts import Edit, Site, is_tied, mutation, put_property
from fc_distilabel.apis.mutations_shape import is_key
from fc_distilabel.apis.mutations_types import faceted, number_range
from fc_distilabel.apis.words import words
from fc_distilabel.types import Json

_WORDS_FOR_DAYS = ["today", "tomorrow", "next_week"]
_OTHER_TYPE = {"integer": "string", "number": "string"}


@mutation("relax", keeps_meaning=True)
def relax(site: Site) -> Edit | None:
    """A required parameter may be left out."""
    if not site.required or is_tied(site.owner, site.name):
        return None
    required = [name for name in site.owner["required"] if name != site.name]
    return Edit(site.owner | {"required": required}, "required -> optional")


@mutation("require")
def require(site: Site) -> Edit | None:
    """A parameter that could be left out must be there."""
    if site.required or is_tied(site.owner, site.name) or "default" in site.schema:
        return None
    required = [*site.owner.get("required", ()), site.name]
    return Edit(site.owner | {"required": required}, "optional -> required")


@mutation("default", keeps_meaning=True)
def add_default(site: Site) -> Edit | None:
    """A parameter that may be left out says what holds then."""
    kind = site.schema.get("type")
    simple = kind in ("integer", "number", "boolean") or "enum" in site.schema
    if site.required or not simple or site.schema.keys() & {"default", "anyOf"}:
        return None
    value = False if kind == "boolean" else _first(site)
    return None if value is None else faceted(site, {"default": value}, f"{value}")


def _first(site: Site) -> Json:
    """The first choice, or the least of a range; nothing for the number of a record."""
    for keyword in ("enum", "minimum"):
        if keyword in site.schema:
            stands = site.schema[keyword]
            return stands[0] if isinstance(stands, list) else stands
    least = number_range(site.material.field)[0]
    known = site.material.kind in ("integer", "amount")
    whole = site.schema.get("type") == "number" or least == int(least)
    limits = {"exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"}
    return least if known and whole and not site.schema.keys() & limits else None


@mutation("nullable", keeps_meaning=True)
def nullable(site: Site) -> Edit | None:
    """A value may be null, which says that it is not known."""
    kind = site.schema.get("type")
    if is_key(site.material):
        return None
    if "anyOf" in site.schema and "type" not in site.schema:
        if {"type": "null"} in site.schema["anyOf"]:
            return None
        facets: dict[str, Json] = {"anyOf": [*site.schema["anyOf"], {"type": "null"}]}
    elif isinstance(kind, str) and kind != "null" and "const" not in site.schema:
        facets = {"type": [kind, "null"]}
        if "enum" in site.schema:
            facets["enum"] = [*site.schema["enum"], None]
    else:
        return None
    return _reworded(site, facets, _told(site, "nullable"), f"{kind or 'anyOf'} | null")


@mutation("union", keeps_meaning=True)
def union(site: Site) -> Edit | None:
    """A number may be written as a text as well; a date may be said by a word."""
    kind, schema = site.schema.get("type"), site.schema
    if "enum" in schema or "const" in schema or "anyOf" in schema or "default" in schema:
        return None
    if isinstance(kind, str) and kind in _OTHER_TYPE:
        other = _OTHER_TYPE[kind]
        return _reworded(site, {"type": [kind, other]}, _told(site, "union"), f"{kind} | {other}")
    if schema.keys() <= {"type", "format", "description"} and schema.get("format") == "date":
        options = [{"type": "string", "format": "date"}, {"enum": _WORDS_FOR_DAYS}]
        text = _told(site, "date_or_word")
        schema = {"anyOf": options, "description": text}
        return Edit(put_property(site.owner, site.name, {site.name: schema}), "date | word")
    return None


@mutation("dependent")
def add_dependent(site: Site) -> Edit | None:
    """A parameter that may be left out demands another one when it is there."""
    if site.required or site.name in site.owner.get("dependentRequired", {}):
        return None
    others = [
        name
        for name in site.owner["properties"]
        if name != site.name and name not in site.owner.get("required", ())
    ]
    if not others:
        return None
    other = site.random.choice(others)
    told = _reworded(site, {}, _told(site, "dependent", other=other), f"demands {other}")
    rules = {**site.owner.get("dependentRequired", {}), site.name: [other]}
    return Edit(told.owner | {"dependentRequired": rules}, told.detail)


@mutation("widen", keeps_meaning=True)
def widen(site: Site) -> Edit | None:
    """A bound becomes twice as wide."""
    wider = {
        keyword: site.schema[keyword] * 2
        for keyword in ("maximum", "maxLength", "maxItems")
        if isinstance(site.schema.get(keyword), int | float) and 0 < site.schema[keyword] < 2**30
    }
    said = ", ".join(f"{keyword} {value}" for keyword, value in wider.items())
    return faceted(site, wider, said) if wider else None


def _reworded(site: Site, facets: dict[str, Json], text: str, detail: str) -> Edit:
    """The site's schema with facets set, and a description that tells of them."""
    return faceted(site, facets | {"description": text}, detail)


def _told(site: Site, phrase: str, **others: str) -> str:
    """The site's description with a phrase more."""
    label = site.schema.get("description") or site.name
    return words(site.draft.language).phrases[phrase].format(label=label, **others)
