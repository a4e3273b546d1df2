"""Toolsets about all domains that come with the package, as synthesis makes them.

A scripted model words functions from the fields of a domain's entities, so that hundreds of
toolsets of every sort come about without a model; `evolved` makes them as complex as a preset.
"""

import random
from functools import cache

from distilabel.pipeline import Pipeline

from fc_distilabel.apis.domains import Domain, EntityType, FieldType, domains
from fc_distilabel.errors import Dropped
from fc_distilabel.steps import ApiEvolver
from fc_distilabel.synthesis.data import actions
from fc_distilabel.synthesis.toolsets import synthesize_toolset
from fc_distilabel.types import Evidence, Json, Language, Scenario, Toolset, content_id
from talk import Scripted, asker, run

_NUMBERS = {"integer": "whole_number", "amount": "amount"}
_RESULTS = ("choice", "integer", "amount", "date", "code")
_GOAL = {"en": "{verb} the {thing}", "zh": "{verb}{thing}"}
_SAYS = {
    "en": "Anyone may ask the desk about the {thing}.",
    "zh": "任何人都可以到服务台咨询{thing}。",
}


@cache
def toolsets(language: Language, preset: int = 0, every: int = 1) -> tuple[Toolset, ...]:
    """Every so many of those for an action on an entity of a domain; `preset` as in a run."""
    wanted = [
        (domain, entity, action.name)
        for domain in domains(language)
        for entity in domain.entities
        for action in actions(language)
    ]
    made = [found for each in wanted[::every] if (found := _toolset(*each)) is not None]
    return tuple(evolved(made, preset) if preset else made)


def evolved(made: list[Toolset], preset: int) -> list[Toolset]:
    step = ApiEvolver(name="it", pipeline=Pipeline(name="t"), preset=preset)
    step.load()
    rows = next(step.process([{"toolset": toolset.to_json()} for toolset in made]))
    return [Toolset.model_validate_json(row["toolset"]) for row in rows]


def _toolset(domain: Domain, entity: EntityType, wanted: str) -> Toolset | None:
    language = domain.language
    action = next(a for a in actions(language) if a.name == wanted)
    chance = random.Random(content_id(domain.name, entity.name, wanted))
    scenario = _scenario(domain, entity, wanted, chance.choice(action.request))
    usable = [field for field in entity.fields if field.kind != "boolean"]
    stated = chance.sample(usable, min(3, len(usable)))
    told = [f for f in usable if f.kind in _RESULTS and f not in stated][:2]
    reply = {
        "name": f"{chance.choice(action.verbs)}_{entity.name}"[:40],
        "subject": entity.label[:36],
        "description": _GOAL[language].format(verb=action.request[0], thing=entity.label) + ".",
        "parameters": [_field(field, chance) for field in stated],
        "result": [_field(field, chance) for field in told] or [_reference(language)],
    }
    if action.returns:
        del reply["result"]
    model = Scripted(parameters=[reply])
    try:
        return run(synthesize_toolset(asker(model, language, "toolset"), scenario))
    except Dropped:
        return None


def _scenario(domain: Domain, entity: EntityType, action: str, verb: str) -> Scenario:
    language, thing = domain.language, entity.label
    return Scenario(
        id=content_id(domain.name, entity.name, action),
        passage_id=content_id(domain.name, entity.name),
        document=f"{domain.name}.md",
        domain=domain.label,
        language=language,
        action=action,
        user_goal=_GOAL[language].format(verb=verb, thing=thing),
        evidence=(Evidence(index=0, text=_SAYS[language].format(thing=thing)),),
    )


def _field(field: FieldType, chance: random.Random) -> dict[str, Json]:
    said = {"name": field.name, "description": field.label, "kind": field.kind}
    if field.kind in _NUMBERS:
        low, high = field.values[:2] or (1, 9)
        values = [str(low), str(high), str((low + high) // 2)]
        return said | {"kind": _NUMBERS[field.kind], "examples": values}
    if field.kind in ("text", "choice"):
        count = min(4, len(field.values))
        return said | {"examples": [str(v) for v in chance.sample(list(field.values), count)]}
    return said


def _reference(language: Language) -> dict[str, Json]:
    name = {"en": "Reference of the record", "zh": "记录编号"}[language]
    return {"name": "record_number", "description": name, "kind": "code"}
