"""Tools that others made -> drafts, so that the same mutations work on them.

Nobody says what their parameters mean, so that is told from names, schemas and examples. What comes
out is taken only if it is as sound as what went in.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fc_distilabel.apis.choosing import preferred
from fc_distilabel.apis.domains import FieldType
from fc_distilabel.apis.drafts import EXTRA, MUTATIONS, Draft, Material, Site, places
from fc_distilabel.apis.evolving import evolve
from fc_distilabel.apis.instances import UnsatisfiableError, instance_of
from fc_distilabel.apis.kinds import kind_of
from fc_distilabel.apis.ledger import Ledger
from fc_distilabel.apis.words import words
from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.lint import lint_tool
from fc_distilabel.schemas.walk import Schema, at
from fc_distilabel.types import Json, Language, Tool

Examples = Mapping[str, Sequence[Json]]

ANYWHERE = frozenset(
    "detail_level output_format reply_language channel priority notify_by reason visibility "
    "conflict_policy page page_size max_results retry_limit reminder_lead priority_level "
    "include_history include_related exact_match send_confirmation dry_run notify_owner is_urgent "
    "keep_draft agree_terms due_date callback_time contact_email copy_email contact_phone "
    "contact_name approved_by request_id case_reference remark label_text purpose sort_by "
    "sort_order record_state updated_since created_before cursor".split()
)
"""Extras about how any request is handled; of a price or a place nobody knows whether it fits."""


def evolved(
    tool: Tool,
    ledger: Ledger,
    random_: random.Random,
    language: Language = "en",
    examples: Examples | None = None,
) -> Draft:
    """The tool with what the run owes, entered into the ledger, with its lineage.

    A tool that cannot be changed soundly comes back as it was. `examples` are values by the name of
    the parameter.
    """
    start = draft_of(tool, language, examples or {})
    spare = preferred(_spare(start, language, random_), ledger, list(start.materials.values()))
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
    label = str(schema.get("description") or name.replace("_", " "))
    numbers = [value for value in examples if isinstance(value, int | float)]
    if kind in ("integer", "amount") and numbers:
        values: tuple[Json, ...] = (min(0, *numbers), 2 * max(1, *numbers))
    else:
        values = tuple(schema.get("enum", examples))
    return FieldType(name=name, label=label, kind=kind, values=values)


def _spare(draft: Draft, language: Language, random_: random.Random) -> list[Material]:
    """Parameters that any tool may have, those for its sort of work if its name tells it."""
    verb = draft.tool.name.partition("_")[0]
    known = [o.access for o in words(language).operations if verb in o.verbs]
    fitting = [e for e in words(language).extras if e.field.name in ANYWHERE]
    extras = [e for e in fitting if not known or known[0] in e.access]
    random_.shuffle(extras)
    return [Material(field=e.field, theme=EXTRA) for e in extras]


def _is_sound(tool: Tool, before: Tool, random_: random.Random) -> bool:
    """Whether a tool has no more flaws than before, and can be called."""
    try:
        instance_of(tool.parameters, random_)
    except (UnsatisfiableError, SchemaError):
        return False
    return len(lint_tool(tool)) <= len(lint_tool(before))
