"""How complex tools are: a number for each way in which a schema can be more than flat strings.

The same names serve as a target (`PRESETS`, or what a user sets) and as a measurement. They are
shares with exact denominators, chosen so that figures published of other sets come out:

- A *parameter* is a named property at any depth, containers included; `parameters` is their mean.
- A *leaf* is a value that holds no further values: a scalar parameter, or the scalar items of an
  array. Its type is the first one besides `null`.
- The *depth* of a tool is its levels of values: 1 when flat, one more for each object inside an
  object and for the items of an array (a list of objects has its fields at depth 3).

References and alternatives (`anyOf`, ...) count as if what they lead to stood in their place.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pydantic import Field

from fc_distilabel.apis.values import Value, inside, values_in
from fc_distilabel.types import Json, Noun, Tool

Share = Field(ge=0, le=1)

BOUNDS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
)
TYPES = {"strings": "string", "integers": "integer", "numbers": "number", "booleans": "boolean"}
"""The shares of leaves, each with the type that it counts."""


class Complexity(Noun):
    """How complex a set of tools is, or shall be."""

    parameters: float = Field(gt=0, le=40)
    """Parameters a tool, on average."""
    depth: float = Share
    """Tools of depth 2 or more, of all tools."""
    max_depth: int = Field(ge=1, le=12)
    """Depth of the deepest tool."""
    enum: float = Share
    """Parameters with `enum` or `const`, of all parameters."""
    bounded: float = Share
    """Parameters with a bound on number, length or items, of all parameters."""
    pattern: float = Share
    """Parameters with `pattern`, of all parameters."""
    format: float = Share
    """Parameters with `format`, of all parameters."""
    array: float = Share
    """Parameters that are arrays, of all parameters."""
    array_of_objects: float = Share
    """Parameters that are arrays of objects (so among `array`), of all parameters."""
    union: float = Share
    """Parameters that take two types or more besides null, or alternatives; of all parameters."""
    nullable: float = Share
    """Parameters that take null, of all parameters."""
    default: float = Share
    """Parameters with `default`, of all parameters."""
    dependent: float = Share
    """Parameters that demand others by `dependentRequired`, of all parameters."""
    optional: float = Share
    """Parameters that their object does not require, of all parameters."""
    strings: float = Share
    """Leaves that are strings, of all leaves."""
    integers: float = Share
    """Leaves that are integers, of all leaves."""
    numbers: float = Share
    """Leaves that are numbers, of all leaves."""
    booleans: float = Share
    """Leaves that are booleans, of all leaves."""


class Measured(Complexity):
    """What was measured; empty sets measure as zero."""

    parameters: float = Field(ge=0)
    max_depth: int = Field(ge=0)
    tools: int = Field(ge=0)
    constraints: float = Share
    """Parameters with a bound, a pattern or a format, of all parameters."""


SHARES_OF_TOOLS = ("depth",)
SHARES_OF_LEAVES = tuple(TYPES)
SHARES_OF_PARAMETERS = tuple(
    name
    for name in Complexity.model_fields
    if name not in ("parameters", "max_depth", *SHARES_OF_TOOLS, *SHARES_OF_LEAVES)
)
DENOMINATORS = (
    dict.fromkeys(SHARES_OF_TOOLS, "tools")
    | dict.fromkeys(SHARES_OF_PARAMETERS, "parameters")
    | dict.fromkeys(SHARES_OF_LEAVES, "leaves")
)
"""For each share, the count that it is a share of."""


def _preset(*rows: str) -> dict[int, Complexity]:
    """The presets as a table, a row a figure."""
    columns = [row.split() for row in rows]
    return {
        preset: Complexity(**{name: float(figures[preset - 1]) for name, *figures in columns})  # type: ignore[arg-type]
        for preset in range(1, 6)
    }


PRESETS = _preset(
    "parameters       4    5    6    8    12",
    "depth            0    .10  .30  .60  .90",
    "max_depth        1    2    3    4    6",
    "enum             0    .10  .18  .20  .22",
    "bounded          0    .03  .08  .10  .12",
    "pattern          0    .01  .03  .04  .05",
    "format           0    .02  .05  .06  .07",
    "array            0    .02  .05  .10  .18",
    "array_of_objects 0    0    .015 .03  .08",
    "union            0    0    .01  .02  .04",
    "nullable         0    .01  .03  .05  .08",
    "default          0    .05  .08  .10  .12",
    "dependent        0    0    .01  .02  .04",
    "optional         .25  .35  .45  .50  .50",
    "strings          1    .75  .53  .52  .50",
    "integers         0    .12  .20  .21  .21",
    "numbers          0    .06  .12  .12  .13",
    "booleans         0    .07  .15  .15  .16",
)
"""1: flat strings, as `searchRestaurants(location, cuisine, price, rating)`. 3: the default,
between real MCP servers and ACEBench. 5: beyond ACEBench."""


def measure(tools: Iterable[Tool]) -> Measured:
    """How complex the parameters of these tools are."""
    total: Counter[str] = Counter()
    deepest = 0
    for tool in tools:
        counts = counted(tool.parameters)
        deepest = max(deepest, counts.pop("max_depth"))
        total += counts
    return measured(total, deepest)


def measured(total: "Counter[str]", deepest: int) -> Measured:
    """The figures that counts amount to."""
    shares = {name: total[name] / max(1, total[base]) for name, base in DENOMINATORS.items()}
    return Measured(
        tools=total["tools"],
        parameters=total["parameters"] / max(1, total["tools"]),
        max_depth=deepest,
        constraints=total["constraints"] / max(1, total["parameters"]),
        **shares,
    )


def counted(parameters: dict[str, Json]) -> "Counter[str]":
    """What one tool adds to each count; `max_depth` is its own depth."""
    counts: Counter[str] = Counter(tools=1, max_depth=0)
    for value in values_in(parameters):
        counts["max_depth"] = max(counts["max_depth"], value.level)
        if value.name is not None:
            counts["parameters"] += 1
            counts.update(_features(parameters, value))
        if value.is_leaf:
            counts["leaves"] += 1
            counts.update(name for name, word in TYPES.items() if value.type == word)
    counts["depth"] = int(counts["max_depth"] >= 2)
    return counts


def depth_of(parameters: dict[str, Json]) -> int:
    """Levels of values."""
    return max((value.level for value in values_in(parameters)), default=0)


def _features(root: dict[str, Json], value: Value) -> list[str]:
    """The shares of parameters that a parameter counts for."""
    said = value.keywords
    constrained = bool(said & {*BOUNDS, "pattern", "format"})
    has: dict[str, Any] = {
        "enum": said & {"enum", "const"},
        "bounded": said.intersection(BOUNDS),
        "pattern": "pattern" in said,
        "format": "format" in said,
        "constraints": constrained,
        "array": "array" in value.types,
        "array_of_objects": "array" in value.types and _holds_objects(root, value),
        "union": value.alternatives >= 2,
        "nullable": "null" in value.types,
        "default": "default" in said,
        "dependent": value.demands,
        "optional": not value.required,
    }
    return [name for name, counts in has.items() if counts]


def _holds_objects(root: dict[str, Json], value: Value) -> bool:
    """Whether an item of it is an object with properties."""
    held = [item for item in inside(root, value) if item.name is None]
    return any(part.get("properties") for item in held for part in item.parts)
