"""Scenario -> toolset: the function that answers it, with a schema for arguments and for results.

The model words the function in a flat shorthand (name, kind, examples); code turns the shorthand
into closed JSON Schemas and adds look-alikes (`lookalikes`). An unusable field is left out; a
function with too few usable fields is asked for again.
"""

import random

from fc_distilabel.schemas.lint import lint_tool
from fc_distilabel.synthesis.asking import Asker, first_complaint
from fc_distilabel.synthesis.data import toolset_examples
from fc_distilabel.synthesis.fields import (
    CODED_KINDS,
    WORDED_KINDS,
    Field,
    build_field,
    reply_schema,
)
from fc_distilabel.synthesis.lookalikes import make_lookalikes
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.wording import closed_object, copies_prompt, in_language, text_field
from fc_distilabel.types import Json, Language, Scenario, Tool, Toolset

MIN_PARAMETERS = 1
MIN_RESULT_FIELDS = 1


async def synthesize_toolset(asker: Asker, scenario: Scenario) -> Toolset:
    """The toolset of one scenario.

    Raises `Dropped` when the model gives no function that code can use.
    """
    random_ = rng(*asker.seed_parts, "fields")
    example = random_.choice(toolset_examples(scenario.language))
    built: list[Toolset] = []

    def check(reply: dict[str, Json]) -> str:
        toolset = _build(reply, scenario, random_)
        if isinstance(toolset, str):
            return toolset
        built.append(toolset)
        return ""

    await asker.json(
        "toolset",
        REPLY_SCHEMA,
        check,
        max_tokens=640,
        temperature=0.5,
        goal=scenario.user_goal,
        domain=scenario.domain,
        evidence=scenario.evidence[0].text,
        example=example,
        kinds=(*WORDED_KINDS, *CODED_KINDS),
    )
    return built[-1]


REPLY_SCHEMA = closed_object(
    {
        "name": {"type": "string", "pattern": "^[a-z]{2,12}(_[a-z0-9]{1,14}){1,4}$"},
        "subject": text_field(40, 2),
        "description": text_field(140, 4),
        "parameters": reply_schema(2, 4),
        "result": reply_schema(2, 3),
    }
)


def _build(reply: dict[str, Json], scenario: Scenario, random_: random.Random) -> Toolset | str:
    """The toolset, or what is wrong with the reply."""
    language = scenario.language
    parameters = _fields(reply["parameters"], language, random_)
    returned = [f for f in _fields(reply["result"], language, random_)]
    if complaint := _complaint(reply, parameters, returned, language):
        return complaint
    needed = Tool(
        name=reply["name"],
        description=reply["description"].strip(),
        parameters=_object(parameters, _required(parameters, random_)),
        returns=_object(returned, [f.name for f in returned]),
    )
    if violations := lint_tool(needed):
        return violations[0].message
    examples = {f"parameters/{f.name}": f.examples for f in parameters if f.examples}
    examples |= {f"returns/{f.name}": f.examples for f in returned if f.examples}
    return Toolset(
        scenario=scenario,
        needed=needed,
        similar=make_lookalikes(needed, reply["subject"].strip(), language),
        examples=examples,
    )


def _fields(said: list[dict[str, Json]], language: Language, random_: random.Random) -> list[Field]:
    """The usable fields, the first of each name and of each description."""
    kept: list[Field] = []
    for entry in said:
        field = build_field(entry, language, random_)
        twins = {f.name for f in kept} | {f.schema["description"] for f in kept}
        if field and not twins & {field.name, field.schema["description"]}:
            kept.append(field)
    return kept


def _complaint(
    reply: dict[str, Json], parameters: list[Field], returned: list[Field], language: Language
) -> str:
    words = (reply["description"], reply["subject"])
    wrong = next((w for w in words if not in_language(w, language)), "")
    copied = next((w for w in words if copies_prompt(w)), "")
    return first_complaint(
        [
            f"wrong language: {wrong}" if wrong else "",
            f"not about this request: {copied}" if copied else "",
            "the parameters need a fitting kind, and different realistic examples"
            if len(parameters) < MIN_PARAMETERS
            else "",
            "the result fields need a fitting kind, and different realistic examples"
            if len(returned) < MIN_RESULT_FIELDS
            else "",
        ]
    )


def _required(parameters: list[Field], random_: random.Random) -> list[str]:
    """With three parameters or more, half of the tools have an optional last one."""
    names = [f.name for f in parameters]
    optional = len(names) >= 3 and random_.random() < 0.5
    return names[:-1] if optional else names


def _object(fields: list[Field], required: list[str]) -> dict[str, Json]:
    return closed_object({f.name: f.schema for f in fields}) | {"required": required}
