"""Tools that others made -> drafts, so that the same mutations work on them.

Nobody says what their parameters mean, so that is told from names, schemas and examples. What comes
out is taken only if it is as sound as what went in.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from fc_distilabel.apis.choosing import preferred
from fc_distilabel.apis.domains import FieldType
from fc_distilabel.apis.drafts import EXTRA, MUTATIONS, Draft, Material, Site, places
from fc_distilabel.apis.evolving import evolve
from fc_distilabel.apis.instances import UnsatisfiableError, instance_of
from fc_distilabel.apis.kinds import kind_of
from fc_distilabel.apis.ledger import Ledger
from fc_distilabel.apis.similar.tables import name_words
from fc_distilabel.apis.stock import ANYWHERE, FEW, PLAIN
from fc_distilabel.apis.words import words
from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.lint import lint_tool
from fc_distilabel.schemas.walk import Schema, at
from fc_distilabel.types import Json, Language, Tool

Examples = Mapping[str, Sequence[Json]]


def evolved(
    tool: Tool,
    ledger: Ledger,
    random_: random.Random,
    language: Language = "en",
    examples: Examples | None = None,
    extras: int | None = None,
) -> Draft:
    """The tool with what the run owes, entered into the ledger, with its lineage.

    A tool that cannot be changed soundly comes back as it was. `examples` are values by the name of
    the parameter; `extras` is how many parameters may join in at most.
    """
    start = draft_of(tool, language, examples or {})
    names = PLAIN if extras is not None and extras <= FEW else ANYWHERE
    found = _spare(start, names, random_)
    spare = preferred(found, ledger, list(start.materials.values()))[:extras]
    draft = _relaxed(evolve(replace(start, spare=tuple(spare)), ledger, random_), random_)
    if not _is_sound(draft.tool, tool, random_):
        draft = start
    ledger.add(draft.tool)
    return draft


def _relaxed(draft: Draft, random_: random.Random) -> Draft:
    """The draft in which nobody has to say how a request is handled."""
    for place, name in list(places(draft)):
        material = draft.materials.get(name)
        if material is not None and material.is_extra:
            draft = MUTATIONS["relax"].at(Site(draft, place, name, random_)) or draft
    return draft


def draft_of(tool: Tool, language: Language, examples: Examples) -> Draft:
    """The tool as a draft, with the meaning of its parameters as far as they tell it."""
    bare = Draft(tool, language, {})
    found: dict[str, Material] = {}
    for place, name in places(bare):
        schema = at(tool.parameters, place)["properties"][name]
        field = _field(name, schema, examples.get(name, ()))
        found.setdefault(name, Material(field=field))
    return Draft(tool, language, found)


def _field(name: str, schema: Schema, examples: Sequence[Json]) -> FieldType:
    kind = kind_of(name, schema)
    if kind == "city" and examples:
        kind = "text"  # which cities are served is not for code to list
    label = str(schema.get("description") or name.replace("_", " "))
    numbers = [value for value in examples if isinstance(value, int | float)]
    if kind in ("integer", "amount") and numbers:
        values: tuple[Json, ...] = (min(0, *numbers), 2 * max(1, *numbers))
    else:
        # A few examples of a text are not all that there is: they make no list to choose from.
        values = tuple(schema.get("enum", () if kind == "text" else examples))
    return FieldType(name=name, label=label, kind=kind, values=values)


def _spare(draft: Draft, names: Collection[str], random_: random.Random) -> list[Material]:
    """Parameters that any tool may have, those for its sort of work if its name tells it."""
    verb = draft.tool.name.partition("_")[0]
    kind = name_words().kinds.get(verb, "act")
    access = "read" if kind == "read" else "write"
    known = words(draft.language).extras
    extras = [e for e in known if e.field.name in names and (kind == "act" or access in e.access)]
    random_.shuffle(extras)
    return [Material(field=e.field, theme=EXTRA) for e in extras]


def _is_sound(tool: Tool, before: Tool, random_: random.Random) -> bool:
    """Whether a tool has no more flaws than before, and can be called."""
    try:
        instance_of(tool.parameters, random_)
    except (UnsatisfiableError, SchemaError):
        return False
    return len(lint_tool(tool)) <= len(lint_tool(before))
