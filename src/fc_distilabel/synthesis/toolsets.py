"""Scenario -> toolset: the function that answers it, with a schema for arguments and for results.

The model words the function in a flat shorthand (name, kind, examples); code turns the shorthand
into closed JSON Schemas and adds look-alikes (`lookalikes`). An unusable field is left out; a
function with too few usable fields is asked for again.
"""

import random
import re
from collections.abc import Sequence

from fc_distilabel.calls.parse import parse_reply
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.schemas.lint import lint_tool
from fc_distilabel.synthesis.asking import HOTTER, TRIES, Asker
from fc_distilabel.synthesis.data import Action, ToolsetExample, actions, toolset_examples
from fc_distilabel.synthesis.fields import (
    CODED_KINDS,
    FLAG,
    RESULT_KINDS,
    WORDED_KINDS,
    Field,
    build_field,
    code_pattern,
    reply_schema,
)
from fc_distilabel.synthesis.lookalikes import edited_lookalikes, make_lookalikes
from fc_distilabel.synthesis.sampling import short_label
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.wording import copies_prompt, in_language, share_of_words, text_field
from fc_distilabel.types import Json, Language, Scenario, Tool, Toolset

OUTCOMES = re.compile(r"status|result|outcome|approved|response")
"""Names of what a function finds out; a small model asks the user for them."""
READING = ("look_up", "work_out", "check")
PERSONAL = ("person_name", "phone", "email", "street_address")
KEYED = "change"
"""The action that must be told which record is meant."""
MAX_SENTENCE = 180
ABOUT_GOAL = 0.3
"""Share of the goal's words that a description must repeat to be about it."""
_SELF = re.compile(
    r"^((user|customer|applicant|requester|requestor|contact|my)_?)+(name|id|number|phone|email|address)?$"
    r"|^(full_)?name$"
)
_TAKEN = re.compile(r"(?:[,，]\s*(?:including|包括|包含)|[,，]?\s*for example).*?([.。]?)$")
_FIGURE = re.compile(r"\d{3}")
_NO_RECORD = re.compile(r"_?(details?|information|info|data|status|settings?)$")
_DONE = re.compile("(信息|详情)?(修改|变更|更新|更正|取消|延长|转移)?(申请|办理|服务)?$")
"""What an object is called by besides its own name."""
_KEY = re.compile(r"(^|_)(id|number|no|code|reference|ref)$")
_OWNED = re.compile(r"\b[Mm]y\b|\b[Oo]ur\b")
MAX_SUBJECT = 40
COPIED = {"en": 40, "zh": 12}
"""Characters in a row that a description may share with the document: more is a sentence of it."""
SIMILAR = 5
"""Similar tools made by editing the needed one, beside those that do another job."""


async def synthesize_toolset(asker: Asker, scenario: Scenario, *, wide: bool = False) -> Toolset:
    """The toolset of one scenario; a `wide` function takes wishes that may be left out, too.

    Raises `Dropped` when the model gives no function that code can use.
    """
    # Shown its refused reply, a small model writes it again; another example helps it more.
    shown = rng(*asker.seed_parts, "example").sample(toolset_examples(scenario.language), 2)
    drop = Dropped("no function was asked for")
    for turn in range(TRIES):
        try:
            return await _asked(asker, scenario, wide, shown[turn % 2], turn)
        except Dropped as dropped:
            drop = dropped
    raise drop


async def _asked(
    asker: Asker, scenario: Scenario, wide: bool, example: ToolsetExample, turn: int
) -> Toolset:
    """What the model makes of it at one go."""
    action = next(a for a in actions(scenario.language) if a.name == scenario.action)
    kinds = _kinds(action, wide)
    schema = _reply_schema(action, kinds, wide)

    def build(text: str) -> Toolset:
        reply = parse_reply(text, schema)
        if wide and action.name in READING:
            reply = reply | {"parameters": [f for f in reply["parameters"] if not _tells_self(f)]}
        random_ = rng(*asker.seed_parts, "fields")
        return _build(reply, scenario, action, example, random_, least=2 if wide else 1)

    return await asker.ask(
        "toolset",
        schema,
        build,
        max_tokens=800 if wide else 560,
        temperature=0.5 + HOTTER * turn,
        draw=turn,
        tries=1,
        goal=scenario.user_goal,
        domain=scenario.domain,
        evidence=" ".join(evidence.text for evidence in scenario.evidence),
        example=example,
        kinds=kinds,
        results=not action.returns,
        wide=wide,
    )


def _kinds(action: Action, wide: bool) -> tuple[str, ...]:
    """The kinds that a parameter may have: who only wants to know says nothing of himself."""
    asks = wide and action.name in READING
    coded = [kind for kind in CODED_KINDS if not (asks and kind in PERSONAL)]
    return (*WORDED_KINDS, *coded, *((FLAG,) if wide else ()))


def _reply_schema(action: Action, kinds: Sequence[str], wide: bool) -> dict[str, Json]:
    verbs = "|".join(action.verbs)
    properties = {
        "name": {"type": "string", "pattern": f"^({verbs})(_[a-z0-9]{{2,14}}){{1,3}}$"},
        "subject": text_field(MAX_SUBJECT, 2),
        "description": text_field(MAX_SENTENCE, 4),
        "parameters": reply_schema(4, 5, kinds) if wide else reply_schema(2, 3, kinds),
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
    least: int,
) -> Toolset:
    """The toolset that a reply amounts to; raises `Dropped` where it amounts to none."""
    _require_wording(reply, scenario)
    own = [f for f in reply["parameters"] if not _borrowed(f, example)]
    found = [_words_of(f["name"]) for f in reply.get("result", ())]
    stated = [f for f in own if not (OUTCOMES.search(f["name"]) or _words_of(f["name"]) in found)]
    parameters = _fields(stated, scenario.language, random_)
    subject = _subject(reply["subject"].strip(), scenario.language)
    if action.name == KEYED and parameters:
        parameters = _keyed(parameters, reply["name"], subject, scenario.language)
    returned = [Field(name, schema, ()) for name, schema in action.returns.items()] or (
        _one_state(_fields(reply["result"], scenario.language, random_))
    )
    if len(parameters) < least or not returned:
        side = "result fields" if len(parameters) >= least else "parameters"
        raise Dropped("no usable fields", f"the {side} need fitting kinds and realistic examples")
    needed = Tool(
        name=reply["name"],
        description=_description(reply["description"].strip(), scenario),
        parameters=_object(parameters, _required(parameters, random_)),
        returns=_object(returned, [f.name for f in returned]),
    )
    for violation in lint_tool(needed):
        raise Dropped("tool definition is not valid", violation.message)
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


def _words_of(name: str) -> frozenset[str]:
    """The words of a name: `train_types` and `train_type_filter` are the same thing."""
    words = {word.removesuffix("s") for word in name.split("_")}
    return frozenset(words - {"filter", "preferred", "list"}) or frozenset(words)


def _tells_self(said: dict[str, Json]) -> bool:
    """Whether a parameter is about who asks."""
    return bool(_SELF.search(said["name"]))


def _keyed(parameters: list[Field], name: str, subject: str, language: Language) -> list[Field]:
    """The parameters, with one that says which record is meant, where none does."""
    if any(_KEY.search(field.name) for field in parameters):
        return parameters
    thing = _NO_RECORD.sub("", name.partition("_")[2]) or "record"
    said = _DONE.sub("", subject) or subject
    label = f"{said}编号" if language == "zh" else f"Number of the {thing.replace('_', ' ')}"
    schema = {"type": "string", "pattern": code_pattern(thing), "description": label}
    return [Field(f"{thing}_number", schema, ()), *parameters]


def _description(said: str, scenario: Scenario) -> str:
    """What the model says, or the goal itself where that is a piece of the document.

    What a function takes and gives is left to its schemas.
    """
    said = _TAKEN.sub(r"\1", said)
    size = COPIED[scenario.language]
    text = " ".join(evidence.text for evidence in scenario.evidence)
    pieces = (said[at : at + size] for at in range(max(1, len(said) - size + 1)))
    own = share_of_words(scenario.user_goal, said, scenario.language) >= ABOUT_GOAL
    if (
        own
        and not _FIGURE.search(said)
        and not any(len(piece) == size and piece in text for piece in pieces)
    ):
        return said
    goal = _OWNED.sub("the user's", scenario.user_goal)
    return f"{goal}{'。' if scenario.language == 'zh' else '.'}"


def _subject(said: str, language: Language) -> str:
    """The thing itself, without what is to be done to it."""
    begins = [begin for action in actions(language) for begin in action.request]
    for begin in sorted(begins, key=len, reverse=True):
        left = said.removeprefix(begin).strip()
        if left != said and len(left) > 1:
            return left
    return said


def _borrowed(field: dict[str, Json], example: ToolsetExample) -> bool:
    """Whether the field is the example's own: a small model copies what it was shown."""
    if example.words & set(field.get("examples", ())):
        return True
    name = field["name"]
    shown = any(name == own or name.endswith(f"_{own}") for own in example.names)
    return shown and field["kind"] != "date"


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
    """With three parameters, half of the tools have an optional last one; with more, the last two.

    What is wished for or not is never required.
    """
    names = [f.name for f in parameters]
    if len(names) > 3:
        return [f.name for f in parameters[:-2] if f.schema.get("type") != "boolean"]
    optional = len(names) >= 3 and random_.random() < 0.5
    return names[:-1] if optional else names


def _object(fields: list[Field], required: list[str]) -> dict[str, Json]:
    return closed_object({f.name: f.schema for f in fields}) | {"required": required}
