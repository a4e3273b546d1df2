"""Toolset -> blueprint: everything that decides a conversation, fixed and verified beforehand.

No model takes part. Values come from the schema, from Faker and from the examples collected with
the toolset; the gold calls and the simulated results are validated under their schemas before a
token is spent on dialogue. Method after APIGen-MT (arXiv 2504.03601), with code in the place of the
committee of models.
"""

import random
from collections.abc import Sequence

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.bounds import join_path
from fc_distilabel.schemas.engine import violations
from fc_distilabel.synthesis.arguments import draw_arguments, value_at, values_of
from fc_distilabel.synthesis.data import everyday_tools, personas
from fc_distilabel.synthesis.results import draw_result
from fc_distilabel.synthesis.sampling import say, short_label
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import Blueprint, Fact, Json, Kind, Tool, ToolCall, Toolset, content_id

MULTIPLE_LOOKALIKES = 2
IRRELEVANT_TOOLS = 3
PARALLEL_CALLS = 2


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
    arguments = draw_arguments(toolset, count, random_)
    calls = tuple(
        ToolCall(id=f"call_{i}", name=toolset.needed.name, arguments=a)
        for i, a in enumerate(arguments)
    )
    results = tuple(draw_result(toolset, call, random_) for call in calls)
    _verify(toolset.needed, calls, results)
    relevant = kind != "irrelevant"
    tools = _offered(toolset, kind, random_, others)
    return Blueprint(
        id=content_id(*seed_parts, kind, [c.arguments for c in calls], toolset.needed.name),
        kind=kind,
        scenario=toolset.scenario,
        persona=random_.choice(personas(language)),
        tools=tools,
        facts=_facts(calls, toolset),
        asked_calls=calls,
        missing=None if relevant else toolset.needed,
        results=results if relevant else (),
        decided_by={
            t.name: toolset.decided_by[t.name] for t in tools if t.name in toolset.decided_by
        },
    )


def _verify(tool: Tool, calls: tuple[ToolCall, ...], results: tuple[Json, ...]) -> None:
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


def _facts(calls: tuple[ToolCall, ...], toolset: Toolset) -> tuple[Fact, ...]:
    """What the user must say; a value that all calls share is said once, at the first call."""
    facts = []
    for keys, leaf in values_of(toolset, calls[0].arguments):
        said: list[Json] = []
        for number, call in enumerate(calls):
            value = value_at(call.arguments, keys)
            if value not in said:
                said.append(value)
                words = say(value, leaf.schema, toolset.scenario.language)
                place = join_path(str(number), *keys)
                label = short_label(leaf.schema, leaf.name)
                facts.append(Fact(path=place, label=label, value=value, said=words))
    return tuple(facts)
