"""The arguments of a blueprint's calls: drawn from the schema, in values that a person would say.

What is said must be told apart from the rest, so no two values of a call are equal. What begins is
before what ends, by the names of the parameters: their order in a schema says nothing, since JSON
objects have none. The calls of one request differ in exactly one value.
"""

import random
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fc_distilabel.apis.instances import UnsatisfiableError, instance_of
from fc_distilabel.apis.kinds import kind_of
from fc_distilabel.apis.naming import plural
from fc_distilabel.apis.sources import TIME_PATTERN
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.places import keys_of, value_at, with_value
from fc_distilabel.types import Json, Side, Toolset
from fc_distilabel.verifiers.leaves import Leaf, leaves
from fc_distilabel.verifiers.normalize import words_of

DRAWS = 30
"""How often values are drawn before giving up."""
MAX_FACTS = 9
"""Values that one message can hold and still be a message."""
FEW_PARAMETERS = 4
OPTIONAL_SHARE, RARE_SHARE = 0.5, 0.2
"""How often an optional parameter is given: where there are few parameters, and where many."""
FEW = "too few different values"
_BEGINS = re.compile(
    r"\b(?:start|begin|from|check ?in|depart|open|pick ?up|first|outbound|since|after|earliest)"
    r"|开始|起|入住|出发|取|开门"
)
_ENDS = re.compile(
    r"\b(?:end|until|till|to\b|check ?out|return|arriv|clos|drop ?off|last|latest|before|due|expir)"
    r"|结束|止|截|退房|离|到达|归还|关门|到期"
)
_TRAVEL = re.compile(r"\b(?:arriv|depart)")
_STAY = re.compile(r"\b(?:hotel|room|guest|night|stay)")
"""Names of those who arrive before they depart: travellers depart first."""

Arguments = dict[str, Json]


class Value(NamedTuple):
    """One value inside arguments."""

    keys: tuple[str, ...]
    """Names and indices that lead to it."""
    leaf: Leaf

    @property
    def group(self) -> str:
        """What sort of moment the value is (`date`), as it has an order among its like, or ``."""
        schema = self.leaf.schema
        if schema.get("format") in ("date", "date-time"):
            return str(schema["format"])
        return "time" if schema.get("pattern") == TIME_PATTERN else ""


def values_of(toolset: Toolset, arguments: Arguments) -> list[Value]:
    """The values inside arguments, in the order of the schema."""
    return _values(_asked(toolset), arguments)


def _values(schema: dict[str, Json], whole: Json) -> list[Value]:
    found = leaves(Leaf("", whole, schema, False, ""), schema)
    return [Value(keys_of(leaf.path), leaf) for leaf in found]


def _asked(toolset: Toolset) -> dict[str, Json]:
    return toolset.asked or toolset.needed.parameters


def draw_arguments(
    toolset: Toolset, count: int, random_: random.Random, *, any_value: bool = False
) -> list[Arguments]:
    """Arguments of `count` calls; raises `Dropped` where the schema has too few values for them.

    The calls differ in what they are about if that can be, or with `any_value` in anything; in who
    asks only where there is nothing else.
    """
    first = _draw(toolset, random_)
    if count == 1:
        return [first]
    free = _free(values_of(toolset, first))
    mixed = random_.sample(free, len(free))
    for varying in sorted(mixed, key=is_personal if any_value else _rank):
        calls = list(_varied(toolset, first, varying, count, random_))
        if len(calls) == count:
            return calls
    raise Dropped(FEW, f"for {count} calls of {toolset.needed.name}")


def _draw(toolset: Toolset, random_: random.Random) -> Arguments:
    """Valid arguments with distinct values that can all be said."""
    why = Dropped(FEW, toolset.needed.name)
    for _ in range(DRAWS):
        drawn: Arguments = in_order(_asked(toolset), _instance(toolset, random_))
        said = [value.leaf.value for value in values_of(toolset, drawn)]
        flaw = _unsayable(said)
        if not flaw:
            return drawn
        why = Dropped(flaw, toolset.needed.name)
    raise why


def _instance(toolset: Toolset, random_: random.Random) -> Arguments:
    schema = _asked(toolset)
    chance = OPTIONAL_SHARE if len(schema.get("properties", ())) <= FEW_PARAMETERS else RARE_SHARE
    try:
        drawn: Arguments = instance_of(
            _spared(schema, chance, random_),
            random_,
            plausible(toolset, "parameters"),
            toolset.scenario.language,
            invent=False,
        )
    except UnsatisfiableError as error:
        raise Dropped("no sensible arguments", str(error)) from error
    return drawn


def _spared(schema: Json, chance: float, random_: random.Random) -> Json:
    """The schema without most of what may be left out: people state what matters to them.

    A flag that is off by default is hardly ever spoken of, so optional flags go altogether. What
    another parameter demands stays.
    """
    if not isinstance(schema, dict) or "properties" not in schema:
        return schema
    listed, rules = schema["properties"], schema.get("dependentRequired", {})
    kept = {name for name in listed if random_.random() < chance and not _is_flag(listed[name])}
    kept |= {*schema.get("required", ())}
    for name in [name for name in rules if name in kept]:
        kept |= {*rules[name]}
    inner = {name: _spared(listed[name], chance, random_) for name in listed if name in kept}
    return schema | {"properties": inner}


def _is_flag(schema: Json) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "boolean"


def plausible(toolset: Toolset, side: Side) -> dict[str, Sequence[Json]]:
    """The examples of a side by path; of each, those that the document itself names if any.

    What has become a list since has the examples of its items: `stops` those of `stop`.
    """
    found: dict[str, Sequence[Json]] = {
        path: [value for value in values if _in_evidence(value, toolset)] or values
        for path, values in toolset.examples_of(side).items()
    }
    lists = {plural(path.rpartition("/")[2]): values for path, values in found.items()}
    return lists | found


def _in_evidence(value: Json, toolset: Toolset) -> bool:
    return any(str(value) in e.text for e in toolset.scenario.evidence)


def _unsayable(values: list[Json]) -> str:
    """Why values cannot be told in one request, or ``."""
    if any(value is None or value == "" for value in values):
        return "a value that cannot be said"
    if len(values) > MAX_FACTS:
        return "too many values for one request"
    spelled = [str(value) for value in values if not isinstance(value, bool)]
    return FEW if len(set(spelled)) < len(spelled) else ""


def in_order(schema: dict[str, Json], whole: Json) -> Json:
    """A value with its dates (and times) in order: a stay does not end before it begins."""
    values = _values(schema, whole)
    stay = any(_STAY.search(words_of(name)) for name in schema.get("properties", ()))
    for group in ("date", "date-time", "time"):
        moments = [v for v in values if v.group == group and v.leaf.value is not None]
        moments.sort(key=lambda moment: _when(moment, stay))
        for value, moment in zip(moments, sorted(m.leaf.value for m in moments), strict=True):
            whole = with_value(whole, value.keys, moment)
    return whole


def _when(value: Value, stay: bool) -> int:
    """0 for what begins something, 2 for what ends it, 1 for other moments: told by the name."""
    for told in (words_of(value.leaf.name), value.leaf.description.casefold()):
        if stay and _TRAVEL.search(told):
            return 2 if "depart" in told else 0
        if _BEGINS.search(told) or _ENDS.search(told):
            return 0 if _BEGINS.search(told) else 2
    return 1


def _free(values: Sequence[Value]) -> list[Value]:
    """Values that may differ between calls: not one of several dates, which have an order."""
    groups = [value.group for value in values]
    free = [v for v in values if not v.group or groups.count(v.group) == 1]
    return [v for v in free or values if not isinstance(v.leaf.value, bool)]


def _rank(value: Value) -> int:
    """Which value two calls differ in most naturally: what they are about, then a choice."""
    schema = value.leaf.schema
    if is_personal(value):
        return 3
    if schema.get("pattern", TIME_PATTERN) != TIME_PATTERN:
        return 0
    return 1 if isinstance(value.leaf.value, str) and "format" not in schema else 2


def is_personal(value: Value) -> bool:
    """Whether the value is a person's name or how to reach the person, which stays as a rule."""
    return kind_of(value.leaf.name, value.leaf.schema) in ("person_name", "phone", "email")


def _varied(
    toolset: Toolset, first: Arguments, varying: Value, count: int, random_: random.Random
) -> Iterator[Arguments]:
    """Calls that differ from the first in one value only."""
    yield first
    taken = [str(value.leaf.value) for value in values_of(toolset, first)]
    for _ in range(DRAWS):
        if len(taken) == len(values_of(toolset, first)) + count - 1:
            return
        fresh = value_at(_instance(toolset, random_), varying.keys)
        call = with_value(first, varying.keys, fresh)
        if fresh is None or str(fresh) in taken or call != in_order(_asked(toolset), call):
            continue
        taken.append(str(fresh))
        yield call
