"""Toolset -> blueprint: everything that decides a conversation, fixed and verified beforehand.

No model takes part. Values come from the schema, from Faker and from the examples collected with
the toolset; the gold calls and the simulated results are validated under their schemas before a
token is spent on dialogue. Method after APIGen-MT (arXiv 2504.03601), with code in the place of the
committee of models.
"""

import random
import re
from collections.abc import Sequence
from functools import partial

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.engine import violations
from fc_distilabel.synthesis.data import everyday_tools, personas
from fc_distilabel.synthesis.fields import TIME_PATTERN
from fc_distilabel.synthesis.sampling import sample, say, short_label
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import Blueprint, Fact, Json, Kind, Tool, ToolCall, Toolset, content_id

OPTIONAL_SHARE = 0.5
"""How often a call gives an optional parameter."""
MULTIPLE_LOOKALIKES = 2
IRRELEVANT_TOOLS = 3
PARALLEL_CALLS = 2
FAILURES = re.compile(
    r"fail|refus|reject|declin|cancel|error|denied|invalid|unable|not |^no$"
    r"|失败|拒绝|取消|未|错误|无效|不|驳回",
    re.IGNORECASE,
)
DRAWS = 20
"""How often a second, different value is drawn before giving up."""


def plan_blueprint(
    toolset: Toolset, kind: Kind, seed_parts: tuple[Json, ...], others: Sequence[Tool] = ()
) -> Blueprint:
    """The blueprint of one conversation of `kind` over `toolset`.

    `others` are tools of other scenarios, which may serve as distractors.
    Raises `Dropped` where the toolset cannot carry the kind or a schema is broken.
    """
    random_ = rng(*seed_parts, "blueprint", kind)
    language = toolset.scenario.language
    count = PARALLEL_CALLS if kind == "parallel" else 1
    arguments = _arguments(toolset, count, random_)
    calls = tuple(
        ToolCall(id=f"call_{i}", name=toolset.needed.name, arguments=a)
        for i, a in enumerate(arguments)
    )
    results = tuple(_result(toolset, call, random_) for call in calls)
    _verify(toolset.needed, calls, results)
    relevant = kind != "irrelevant"
    return Blueprint(
        id=content_id(*seed_parts, kind, [c.arguments for c in calls], toolset.needed.name),
        kind=kind,
        scenario=toolset.scenario,
        persona=random_.choice(personas(language)),
        tools=_offered(toolset, kind, random_, others),
        facts=_facts(toolset.needed, calls, toolset),
        asked_calls=calls,
        missing=None if relevant else toolset.needed,
        results=results if relevant else (),
    )


def _arguments(toolset: Toolset, count: int, random_: random.Random) -> list[dict[str, Json]]:
    """Arguments of each call: the calls of one request differ in exactly one parameter."""
    schema = toolset.needed.parameters
    chosen = [
        name
        for name in schema["properties"]
        if name in schema["required"] or random_.random() < OPTIONAL_SHARE
    ]
    first: dict[str, Json] = {}
    for name in chosen:
        first[name] = _another(toolset, name, list(first.values()), random_)
    first |= _in_order(toolset, first)
    if count == 1:
        return [first]
    free = _free(toolset, chosen)
    for varying in sorted(random_.sample(free, len(free)), key=partial(_rank, toolset)):
        try:
            return _varied(toolset, first, varying, count, random_)
        except Dropped:
            continue
    raise Dropped("too few different values for parallel calls", ", ".join(free))


def _rank(toolset: Toolset, name: str) -> int:
    """Which parameter two calls differ in most naturally: what they are about, then a choice."""
    schema = toolset.needed.parameters["properties"][name]
    if schema.get("pattern", TIME_PATTERN) != TIME_PATTERN:
        return 0
    worded = schema["type"] == "string" and "format" not in schema
    return 1 if worded else 2


def _varied(
    toolset: Toolset, first: dict[str, Json], varying: str, count: int, random_: random.Random
) -> list[dict[str, Json]]:
    calls = [first]
    for _ in range(DRAWS):
        taken = [value for call in calls for value in call.values()]
        call = first | {varying: _another(toolset, varying, taken, random_)}
        if call == call | _in_order(toolset, call):
            calls.append(call)
        if len(calls) == count:
            return calls
    raise Dropped("too few different values", varying)


def _in_order(toolset: Toolset, arguments: dict[str, Json]) -> dict[str, Json]:
    """Dates (and times) in rising order: a stay does not end before it begins."""
    ordered: dict[str, Json] = {}
    for group in _moments(toolset, list(arguments)):
        ordered |= zip(group, sorted(arguments[name] for name in group), strict=True)
    return ordered


def _moments(toolset: Toolset, names: list[str]) -> list[list[str]]:
    """The parameters that hold dates, and those that hold times, in their own order."""
    schemas = toolset.needed.parameters["properties"]
    dates = [name for name in names if schemas[name].get("format") == "date"]
    times = [name for name in names if schemas[name].get("pattern") == TIME_PATTERN]
    return [dates, times]


def _free(toolset: Toolset, names: list[str]) -> list[str]:
    """Parameters that may differ between calls: not one of several dates, which have an order."""
    bound = {name for group in _moments(toolset, names) if len(group) > 1 for name in group}
    return [name for name in names if name not in bound] or names


def _another(toolset: Toolset, name: str, taken: list[Json], random_: random.Random) -> Json:
    """A value not used before: two equal values in one request cannot be told apart."""
    for _ in range(DRAWS):
        value = _draw(toolset, "parameters", name, random_)
        if value not in taken:
            return value
    raise Dropped("too few different values", name)


def _draw(toolset: Toolset, side: str, name: str, random_: random.Random) -> Json:
    schema = getattr(toolset.needed, side)["properties"][name]
    examples = toolset.examples.get(f"{side}/{name}", ())
    quoted = [e for e in examples if _in_evidence(e, toolset)]
    if side == "returns":
        schema = _succeeding(schema)
    return sample(schema, tuple(quoted or examples), random_)


def _succeeding(schema: dict[str, Json]) -> dict[str, Json]:
    """An enum without its values of failure: these kinds of dialogue all end well."""
    good = [v for v in schema.get("enum", ()) if not FAILURES.search(str(v))]
    return schema | {"enum": good} if good else schema


def _in_evidence(value: Json, toolset: Toolset) -> bool:
    """Values that the document itself names are preferred over a model's inventions."""
    return any(str(value) in e.text for e in toolset.scenario.evidence)


def _result(toolset: Toolset, call: ToolCall, random_: random.Random) -> dict[str, Json]:
    """A result valid under `returns`; a field that repeats an argument repeats its value."""
    properties = toolset.needed.returns["properties"]
    result = {}
    for name, schema in properties.items():
        given = call.arguments.get(name)
        repeats = given is not None and not violations(schema, given)
        result[name] = given if repeats else _draw(toolset, "returns", name, random_)
    return result


def _verify(tool: Tool, calls: tuple[ToolCall, ...], results: tuple[dict[str, Json], ...]) -> None:
    for call, result in zip(calls, results, strict=True):
        for found in (
            *violations(tool.parameters, call.arguments),
            *violations(tool.returns, result),
        ):
            raise Dropped("blueprint breaks its schema", found.message)


def _offered(
    toolset: Toolset, kind: Kind, random_: random.Random, others: Sequence[Tool]
) -> tuple[Tool, ...]:
    tools = [] if kind == "irrelevant" else [toolset.needed]
    if kind == "multiple":
        tools += random_.sample(toolset.similar, min(MULTIPLE_LOOKALIKES, len(toolset.similar)))
    if kind == "irrelevant":
        tools += _unrelated(toolset, random_, others)
    random_.shuffle(tools)
    return tuple(tools)


def _unrelated(toolset: Toolset, random_: random.Random, others: Sequence[Tool]) -> list[Tool]:
    """Tools that cannot do the request: no word of their names is shared with the needed one."""
    words = set(toolset.needed.name.split("_"))
    everyday = everyday_tools(toolset.scenario.language)
    unlike = [t for t in (*others, *everyday) if not words & set(t.name.split("_"))]
    distinct = {tool.name: tool for tool in unlike}
    return random_.sample(list(distinct.values()), min(IRRELEVANT_TOOLS, len(distinct)))


def _facts(tool: Tool, calls: tuple[ToolCall, ...], toolset: Toolset) -> tuple[Fact, ...]:
    """What the user must say; a value that all calls share is said once, at the first call."""
    properties = tool.parameters["properties"]
    facts = []
    for name, schema in properties.items():
        said: list[Json] = []
        for i, call in enumerate(calls):
            value = call.arguments.get(name)
            if value is not None and value not in said:
                said.append(value)
                words = say(value, schema, toolset.scenario.language)
                label = short_label(schema)
                facts.append(Fact(path=f"{i}/{name}", label=label, value=value, said=words))
    return tuple(facts)
