"""Toolset -> blueprint: everything that decides a conversation, fixed and verified beforehand.

No model takes part. Values come from the schema, from Faker and from the examples collected with
the toolset; the gold calls and the simulated results are validated under their schemas before a
token is spent on dialogue. What each kind of dialogue is made of is in `planning`. Method after
APIGen-MT (arXiv 2504.03601), with code in the place of the committee of models.
"""

from collections.abc import Sequence

from fc_distilabel.synthesis.personas import draw_persona
from fc_distilabel.synthesis.planning import PLANNERS, Plan, Setting
from fc_distilabel.synthesis.planning.context import SHARE, told_by_system
from fc_distilabel.synthesis.planning.records import left_behind
from fc_distilabel.synthesis.planning.soundness import require_sound
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import Blueprint, Fact, Json, Kind, Tool, Toolset, content_id

NO_CONTEXT: tuple[Kind, ...] = ("irrelevant", "missing_function")
"""Kinds in which the user says all: no assistant has a use for what the system knows."""


def plan_blueprint(
    toolset: Toolset, kind: Kind, seed_parts: tuple[Json, ...], others: Sequence[Tool] = ()
) -> Blueprint:
    """The blueprint of one conversation of `kind` over `toolset`.

    `others` are tools of other scenarios, which may serve as distractors.
    Raises `Dropped` where the toolset cannot carry the kind or a schema is broken.
    """
    random_ = rng(*seed_parts, "blueprint", kind)
    in_context = kind not in NO_CONTEXT and random_.random() < SHARE
    setting = Setting(toolset, random_, others, in_context)
    plan = PLANNERS[kind](setting)
    blueprint = Blueprint(
        id=content_id(*seed_parts, kind, [c.arguments for c in plan.calls], toolset.needed.name),
        kind=kind,
        scenario=toolset.scenario,
        persona=draw_persona(setting.language, random_),
        tools=plan.tools,
        facts=_facts(setting, plan),
        asked_calls=plan.calls,
        missing=plan.missing,
        results=plan.results,
        decided_by={
            t.name: toolset.decided_by[t.name] for t in plan.tools if t.name in toolset.decided_by
        },
        exchanges=plan.exchanges,
        references=plan.references,
        failed=plan.failed,
        end_state=left_behind(setting, plan),
    )
    require_sound(blueprint, setting.is_own)
    return blueprint


def _facts(setting: Setting, plan: Plan) -> tuple[Fact, ...]:
    """The plan's facts, one of them told by the system message now and then."""
    if not setting.in_context:
        return plan.facts
    [first, *_] = [c for c in plan.calls if c.name == setting.needed.name]
    return told_by_system(
        setting.toolset, first.arguments, plan.facts, plan.exchanges, setting.random
    )
