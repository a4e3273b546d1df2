"""What a result tells, another tool goes on with: a confirmation is sent, a date noted down.

The further tool is ours whoever made the first one, so nothing of a user's own API is changed.
"""

from dataclasses import replace

from fc_distilabel.apis.naming import words_of, written_like
from fc_distilabel.apis.sources import TODAY
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.schemas.places import keys_of, place, scalars
from fc_distilabel.synthesis.arguments import FEW, Value, is_personal
from fc_distilabel.synthesis.planning.facts import fact_of, in_turn
from fc_distilabel.synthesis.planning.offered import is_over
from fc_distilabel.synthesis.planning.records import is_id, thing_of
from fc_distilabel.synthesis.planning.service import answer
from fc_distilabel.synthesis.planning.setting import Plan, Setting, numbered
from fc_distilabel.synthesis.planning.tables import (
    Companion,
    Stated,
    Takes,
    companions,
    name_words,
)
from fc_distilabel.synthesis.sampling import sample, short_label
from fc_distilabel.types import Json, Reference, Tool, Toolset
from fc_distilabel.verifiers.leaves import Leaf, leaves
from fc_distilabel.verifiers.normalize import stands_in

MAX_LABEL = 40
_DRAWS = 10
_TELLING = ("type", "pattern")
"""What of an id's schema the tool that takes it says too."""


def gone_on(setting: Setting, plan: Plan, *, turn: int, worded: bool) -> Plan | None:
    """The plan with a call that takes a value of its last result; None where that has none to take.

    With `worded` the user states a value for it, which tells what is wanted. The turns of the user
    are the caller's to extend.
    """
    action, over = setting.toolset.scenario.action, is_over(setting)
    known = [c for c in companions(setting.language) if action in c.after]
    fitting = [c for c in known if (c.value or not worded) and not (c.lasting and over)]
    heard = [setting.toolset.scenario.user_goal, *(fact.said for fact in plan.facts)]
    pairs = [
        (each, leaf)
        for each in fitting
        for leaf in _handed(plan, each)
        if not any(stands_in(str(leaf.value), text) for text in heard)
    ]
    if not pairs:
        return None
    companion, leaf = setting.random.choice(pairs)
    return _with_call(setting, plan, companion, leaf, turn)


def _with_call(setting: Setting, plan: Plan, companion: Companion, leaf: Leaf, turn: int) -> Plan:
    number = len(plan.calls)
    taken = companion.given or _as_id(leaf)
    shown = _shown(plan, companion) if companion.reads else None
    tool = _tool(setting, companion, taken, shown)
    stated = _stated(setting, plan, companion.value) if companion.value else None
    arguments = {taken.name: leaf.value} | ({stated.name: stated.value} if stated else {})
    [call] = numbered(tool.name, [arguments], number)
    alone = Toolset(scenario=setting.toolset.scenario, needed=tool, similar=())
    result = _just_made(tool, shown) if companion.reads else answer(alone, call)
    told = [fact_of(stated, number, [stated.name], setting.language, turn)] if stated else []
    reference = Reference(call=number - 1, path=leaf.path)
    return replace(
        plan,
        tools=(*plan.tools, tool),
        calls=(*plan.calls, call),
        results=(*plan.results, result),
        facts=in_turn((*plan.facts, *told)),
        references=plan.references | {place(number, [taken.name]): reference},
        makes=plan.makes | ({} if companion.reads else {tool.name: companion.job}),
    )


def _handed(plan: Plan, companion: Companion) -> list[Leaf]:
    """What the last result has for a tool, never one of several of a list.

    Of two dates or amounts nobody would know which is meant; an id goes by its own name.
    """
    tool = next(tool for tool in plan.tools if tool.name == plan.calls[-1].name)
    told = leaves(Leaf("", plan.results[-1], tool.returns, False, ""), tool.returns)
    found = [leaf for leaf in told if _takes(leaf, companion.takes)]
    if companion.given and len(found) > 1:
        return []
    return [leaf for leaf in found if not any(key.isdecimal() for key in keys_of(leaf.path))]


def _takes(leaf: Leaf, sort: Takes) -> bool:
    """Whether a value is of the sort that a tool goes on with."""
    match sort:
        case "date":
            return leaf.schema.get("format") == "date" and isinstance(leaf.value, str)
        case "money":
            number = type(leaf.value) in (int, float) and leaf.value > 0
            return number and not set(words_of(leaf.name)).isdisjoint(name_words().money.split())
    return is_id(leaf)


def _as_id(leaf: Leaf) -> Stated:
    """The parameter that takes an id, called as the result calls it."""
    label = short_label(leaf.schema, leaf.name)
    label = label if len(label) <= MAX_LABEL else leaf.name.replace("_", " ")
    schema = {key: leaf.schema[key] for key in _TELLING if key in leaf.schema}
    return Stated(name=leaf.name, schema_=schema | {"description": label})


def _shown(plan: Plan, companion: Companion) -> Leaf | None:
    """A short value of the call before, which whoever looks at the record sees again."""
    call = plan.calls[-1]
    tool = next(tool for tool in plan.tools if tool.name == call.name)
    given = leaves(Leaf("", call.arguments, tool.parameters, False, ""), tool.parameters)
    fitting = (
        leaf
        for leaf in given
        if leaf.name in call.arguments
        and place(len(plan.calls) - 1, [leaf.name]) not in plan.references
        and leaf.name not in companion.returns
        and isinstance(leaf.value, str)
        and len(leaf.value) <= MAX_LABEL
        and not is_personal(Value((leaf.name,), leaf))
    )
    return next(fitting, None)


def _just_made(tool: Tool, shown: Leaf | None) -> Json:
    """A record of a moment ago: at its first stage, of today, with what was stated."""
    told: dict[str, Json] = {
        name: TODAY.isoformat() if schema.get("format") == "date" else schema["enum"][0]
        for name, schema in tool.returns["properties"].items()
        if shown is None or name != shown.name
    }
    return told | ({shown.name: shown.value} if shown else {})


def _tool(setting: Setting, companion: Companion, taken: Stated, shown: Leaf | None) -> Tool:
    stated = [taken, *([companion.value] if companion.value else [])]
    seen = {shown.name: shown.schema} if shown else {}
    return Tool(
        name=_name(setting.needed.name, companion.name),
        description=companion.description.format(id=taken.schema_["description"]),
        parameters=closed_object({each.name: each.schema_ for each in stated}),
        returns=closed_object(companion.returns | seen),
    )


def _name(needed: str, template: str) -> str:
    """The companion's name about the same thing, written as the needed tool's."""
    return written_like(needed, template.format(thing=thing_of(needed)).split("_"))


def _stated(setting: Setting, plan: Plan, value: Stated) -> Leaf:
    """The value that the user states, other than all that was said and told."""
    said = {str(fact.value) for fact in plan.facts}
    said |= {str(told) for result in plan.results for _, told in scalars(result)}
    goal = setting.toolset.scenario.user_goal.casefold()
    for _ in range(_DRAWS):
        drawn: Json = sample(value.schema_, (), setting.random, setting.language)
        if str(drawn) not in said and not stands_in(str(drawn).casefold(), goal):
            return Leaf(value.name, drawn, value.schema_, False, value.name)
    raise Dropped(FEW, value.name)
