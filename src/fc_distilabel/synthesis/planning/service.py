"""What answers the calls of a toolset: one small world, the same in all its conversations.

What the world says of a thing depends on the thing alone, so equal calls have equal results whoever
makes them and whenever, and an id that was found is found again. It is as large as what is asked of
it: a record comes into being when first looked at, from the toolset and what identifies it. Amounts
follow from the quantities in a call at a rate of this world, where both can be told apart.
"""

import math
from collections.abc import Iterator

from fc_distilabel.apis.instances import UnsatisfiableError
from fc_distilabel.apis.naming import words_of
from fc_distilabel.schemas.engine import violations
from fc_distilabel.schemas.places import keys_of, with_value, without_value
from fc_distilabel.synthesis.arguments import Arguments, Value, is_personal, plausible, values_of
from fc_distilabel.synthesis.planning.tables import name_words
from fc_distilabel.synthesis.results import draw_result
from fc_distilabel.synthesis.sampling import sample
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import Json, ToolCall, Toolset
from fc_distilabel.verifiers.leaves import Leaf, leaves

READS = ("look_up", "check", "work_out")
"""Actions that change nothing."""
DIGITS = 2
"""After the point of an amount."""


def answer(toolset: Toolset, call: ToolCall) -> Json:
    """The result of a call of the needed tool; raises `Dropped` where none makes sense."""
    about = _about(toolset, call.arguments)
    drawn = draw_result(toolset, call, rng(*_world(toolset), "result", about))
    return _reckoned(toolset, call.arguments, drawn)


def _world(toolset: Toolset) -> tuple[Json, ...]:
    return ("world", toolset.scenario.id, toolset.needed.name)


def _about(toolset: Toolset, arguments: Arguments) -> Arguments:
    """What a result depends on: who asks makes no difference to what is only looked up."""
    if toolset.scenario.action not in READS:
        return arguments
    values = values_of(toolset, arguments)
    asking = [value for value in values if is_personal(value)]
    return _without(arguments, asking) if len(asking) < len(values) else arguments


def _without(arguments: Arguments, values: list[Value]) -> Arguments:
    for value in reversed(values):  # of a list the last first: the others keep their indices
        arguments = without_value(arguments, value.keys)
    return arguments


def _reckoned(toolset: Toolset, arguments: Arguments, result: Json) -> Json:
    """The result with each amount in proportion to the quantities of the call."""
    measures = [(v, usual) for v in _measures(toolset, arguments) if (usual := _usual(toolset, v))]
    if not measures:
        return result
    times = math.prod(value.leaf.value / usual for value, usual in measures)
    rest = _without(_about(toolset, arguments), [value for value, _ in measures])
    for leaf in _amounts(toolset, result):
        amount = _amount(toolset, leaf, times, rest)
        if not violations(leaf.schema, amount):
            result = with_value(result, keys_of(leaf.path), amount)
    return result


def _measures(toolset: Toolset, arguments: Arguments) -> Iterator[Value]:
    """Numbers in a call that are quantities, and no year, room or rating."""
    for value in values_of(toolset, arguments):
        leaf = value.leaf
        if _is_number(leaf) and leaf.value > 0 and not _says(leaf, name_words().no_measures):
            yield value


def _amounts(toolset: Toolset, result: Json) -> list[Leaf]:
    """Amounts in a result that its call decides; of what is worked out, any number is one."""
    schema, table = toolset.needed.returns, name_words()
    told = leaves(Leaf("", result, schema, False, ""), schema)
    numbers = [n for n in told if _is_number(n) and not _says(n, table.no_amounts)]
    if toolset.scenario.action == "work_out":
        return numbers
    return [leaf for leaf in numbers if _says(leaf, table.money)]


def _is_number(leaf: Leaf) -> bool:
    return type(leaf.value) in (int, float) and not {"enum", "const"} & leaf.schema.keys()


def _says(leaf: Leaf, words: str) -> bool:
    """Whether one of those words is in the name of a value."""
    return not set(words_of(leaf.name)).isdisjoint(words.split())


def _usual(toolset: Toolset, value: Value) -> float:
    """The quantity to which the amounts that the toolset knows belong; 0 where nothing tells."""
    examples = plausible(toolset, "parameters")
    known = examples.get("/".join(value.keys)) or examples.get(value.keys[-1], ())
    numbers = sorted(v for v in known if type(v) in (int, float) and v > 0)
    if numbers:
        return float(numbers[len(numbers) // 2])
    schema = value.leaf.schema
    if {"minimum", "maximum"} <= schema.keys():
        return float(max(0, schema["minimum"] + schema["maximum"])) / 2
    return 0


def _amount(toolset: Toolset, leaf: Leaf, times: float, rest: Arguments) -> Json:
    """The amount at the rate that holds for the rest of the call, within the schema's bounds."""
    schema = leaf.schema
    random_ = rng(*_world(toolset), "rate", leaf.path, rest)
    examples = plausible(toolset, "returns").get(leaf.name, ())
    try:
        usual = sample(schema, examples, random_, toolset.scenario.language)
    except UnsatisfiableError:
        return leaf.value
    whole = type(leaf.value) is int
    amount = max(1, round(usual * times)) if whole else round(usual * times, DIGITS)
    return min(max(amount, schema.get("minimum", amount)), schema.get("maximum", amount))
