"""What a plan's calls leave behind in the world: the end state that a conversation has to reach.

A call of a tool that changes something makes a record, known by the id that its result gives, and
tied to the record whose id the call took. Failed calls and those that only look make none.
"""

from collections.abc import Iterator

from fc_distilabel.apis.kinds import kind_of
from fc_distilabel.apis.naming import words_of
from fc_distilabel.apis.similar.tables import name_words as verbs
from fc_distilabel.apis.sources import PHONE_PATTERN, TIME_PATTERN
from fc_distilabel.schemas.places import call_and_keys, value_at
from fc_distilabel.synthesis.planning.setting import Plan, Setting
from fc_distilabel.synthesis.planning.tables import name_words
from fc_distilabel.types import Json, Record, Tool, ToolCall, content_id
from fc_distilabel.verifiers.leaves import Leaf, leaves

_NO_ID = {TIME_PATTERN, *PHONE_PATTERN.values()}


def left_behind(setting: Setting, plan: Plan) -> tuple[Record, ...]:
    """The records that the calls make, in the order of the calls."""
    if plan.missing:
        return ()
    return tuple(_records(setting, plan))


def thing_of(name: str) -> str:
    """What a tool is about, by its name: `booking` for `createBooking`."""
    named = words_of(name)
    verb = next((word for word in named if word in verbs().kinds), "")
    return "_".join([word for word in named if word != verb] or named)


def is_id(leaf: Leaf) -> bool:
    """Whether a value of a result is an id or a code by which the thing can be named later."""
    if not set(words_of(leaf.name)).isdisjoint(name_words().not_ids.split()):
        return False
    if type(leaf.value) is int:
        return words_of(leaf.name)[-1:] == ["id"]
    if not isinstance(leaf.value, str) or not any(map(str.isdigit, leaf.value)):
        return False
    if {"enum", "format"} & leaf.schema.keys():
        return False
    pattern = leaf.schema.get("pattern")
    return pattern not in _NO_ID if pattern else kind_of(leaf.name, leaf.schema) == "code"


def _records(setting: Setting, plan: Plan) -> Iterator[Record]:
    made = dict(plan.makes)
    if not setting.reads:
        made[setting.needed.name] = thing_of(setting.needed.name)
    tools = {tool.name: tool for tool in plan.tools}
    for number, (call, result) in enumerate(zip(plan.calls, plan.results, strict=True)):
        if call.name in made and number not in plan.failed:
            yield Record(
                entity=made[call.name],
                id=_id(tools[call.name], call, result),
                call=number,
                of=_of(plan, number),
                fields=call.arguments | (result if isinstance(result, dict) else {}),
            )


def _id(tool: Tool, call: ToolCall, result: Json) -> str:
    """The id that the result gives and the call did not; else one made of what the record is."""
    given = {str(value) for value in call.arguments.values()}
    told = leaves(Leaf("", result, tool.returns, False, ""), tool.returns)
    own = (str(leaf.value) for leaf in told if is_id(leaf) and str(leaf.value) not in given)
    return next(own, content_id(call.name, call.arguments))


def _of(plan: Plan, number: int) -> str:
    """The id that the call took from an earlier result, or ``."""
    for path in plan.references:
        at, keys = call_and_keys(path)
        if at == number:
            return str(value_at(plan.calls[at].arguments, keys))
    return ""
