"""Scenario -> toolset: the function that answers it, with a schema for arguments and for results.

The model words the function in a flat shorthand (name, kind, examples); code turns the shorthand
into closed JSON Schemas and adds look-alikes (`lookalikes`). An unusable field is left out; a
function with too few usable fields is asked for again.
"""

import random
import re

from fc_distilabel.calls.parse import parse_reply
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.schemas.lint import lint_tool
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.data import Action, ToolsetExample, actions, toolset_examples
from fc_distilabel.synthesis.fields import (
    CODED_KINDS,
    RESULT_KINDS,
    WORDED_KINDS,
    Field,
    build_field,
    reply_schema,
)
from fc_distilabel.synthesis.lookalikes import edited_lookalikes, make_lookalikes
from fc_distilabel.synthesis.sampling import short_label
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.wording import copies_prompt, in_language, text_field
from fc_distilabel.types import Json, Language, Scenario, Tool, Toolset

OUTCOMES = re.compile(r"status|result|outcome|approved|response")
"""Names of what a function finds out; a small model asks the user for them."""
MAX_SENTENCE = 180
MAX_SUBJECT = 40
SIMILAR = 5
"""Similar tools made by editing the needed one, beside those that do another job."""


async def synthesize_toolset(asker: Asker, scenario: Scenario) -> Toolset:
    """The toolset of one scenario.

    Raises `Dropped` when the model gives no function that code can use.
    """
    action = next(a for a in actions(scenario.language) if a.name == scenario.action)
    example = rng(*asker.seed_parts, "example").choice(toolset_examples(scenario.language))

    schema = _reply_schema(action)

    def build(text: str) -> Toolset:
        reply = parse_reply(text, schema)
        return _build(reply, scenario, action, example, rng(*asker.seed_parts, "fields"))

    return await asker.ask(
        "toolset",
        schema,
        build,
        max_tokens=560,
        temperature=0.5,
        goal=scenario.user_goal,
        domain=scenario.domain,
        evidence=scenario.evidence[0].text,
        example=example,
        kinds=(*WORDED_KINDS, *CODED_KINDS),
        results=not action.returns,
    )


def _reply_schema(action: Action) -> dict[str, Json]:
    verbs = "|".join(action.verbs)
    properties = {
        "name": {"type": "string", "pattern": f"^({verbs})(_[a-z0-9]{{2,14}}){{1,3}}$"},
        "subject": text_field(MAX_SUBJECT, 2),
        "description": text_field(MAX_SENTENCE, 4),
        "parameters": reply_schema(2, 3),
    }
    if not action.returns:
        properties["result"] = reply_schema(1, 2, RESULT_KINDS)
    return closed_object(properties)


def _build(
    reply: dict[str, Json],
    scenario: Scenario,
    action: Action,
    example: ToolsetExample,
    random_: random.Random,
) -> Toolset:
    """The toolset that a reply amounts to; raises `Dropped` where it amounts to none."""
    _require_wording(reply, scenario)
    own = [f for f in reply["parameters"] if not _borrowed(f, example)]
    stated = [f for f in own if not OUTCOMES.search(f["name"])]
    parameters = _fields(stated, scenario.language, random_)
    returned = [Field(name, schema, ()) for name, schema in action.returns.items()] or (
        _one_state(_fields(reply["result"], scenario.language, random_))
    )
    if not parameters or not returned:
        side = "result fields" if parameters else "parameters"
        raise Dropped("no usable fields", f"the {side} need fitting kinds and realistic examples")
    needed = Tool(
        name=reply["name"],
        description=reply["description"].strip(),
        parameters=_object(parameters, _required(parameters, random_)),
        returns=_object(returned, [f.name for f in returned]),
    )
    for violation in lint_tool(needed):
        raise Dropped("tool definition is not valid", violation.message)
    subject = reply["subject"].strip()
    jobs = make_lookalikes(needed, subject, scenario.language)
    edits = edited_lookalikes(needed, SIMILAR, jobs, scenario.language, random_)
    examples = {f"parameters/{f.name}": f.examples for f in parameters if f.examples}
    examples |= {f"returns/{f.name}": f.examples for f in returned if f.examples}
    return Toolset(
        scenario=scenario,
        needed=needed,
        similar=(*jobs, *(each.tool for each in edits)),
        decided_by={each.tool.name: each.decided_by for each in edits},
        examples=examples,
    )


def _require_wording(reply: dict[str, Json], scenario: Scenario) -> None:
    for name, bound in (("description", MAX_SENTENCE), ("subject", MAX_SUBJECT)):
        words = reply[name]
        if not in_language(words, scenario.language):
            raise Dropped("reply refused", f"wrong language: {words}")
        if copies_prompt(words, scenario.user_goal):
            raise Dropped("reply refused", f"not about this request: {words}")
        if len(words) >= bound:
            raise Dropped("reply refused", f"too long: {words}")


def _borrowed(field: dict[str, Json], example: ToolsetExample) -> bool:
    """Whether the field is the example's own: a small model copies what it was shown."""
    if example.words & set(field.get("examples", ())):
        return True
    return field["name"] in example.names and field["kind"] != "date"


def _fields(said: list[dict[str, Json]], language: Language, random_: random.Random) -> list[Field]:
    """The usable fields, the first of each name and of each label."""
    kept: list[Field] = []
    for entry in said:
        field = build_field(entry, language, random_)
        taken = {f.name for f in kept} | {short_label(f.schema) for f in kept}
        if field and not taken & {field.name, short_label(field.schema)}:
            kept.append(field)
    return kept


def _one_state(fields: list[Field]) -> list[Field]:
    """At most one field of named states: two, drawn apart, would contradict each other."""
    states = [f for f in fields if "enum" in f.schema]
    return [f for f in fields if f not in states[1:]]


def _required(parameters: list[Field], random_: random.Random) -> list[str]:
    """With three parameters, half of the tools have an optional last one."""
    names = [f.name for f in parameters]
    optional = len(names) >= 3 and random_.random() < 0.5
    return names[:-1] if optional else names


def _object(fields: list[Field], required: list[str]) -> dict[str, Json]:
    return closed_object({f.name: f.schema for f in fields}) | {"required": required}
