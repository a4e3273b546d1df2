"""A value of a call -> a value in its place that the tool's schema forbids, as people give such.

A tool of ours is tightened for it: its choices lose the one that is asked for, or a number gets a
bound, which its description then says. A schema of the user's own stays as it is, so there only its
own bounds, choices and patterns are broken.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from fc_distilabel.apis.similar.edits import Parameter, exchanged, parameters_of
from fc_distilabel.apis.sources import TIME_PATTERN
from fc_distilabel.schemas.bounds import join_path
from fc_distilabel.schemas.engine import violations
from fc_distilabel.schemas.places import with_value
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.synthesis.arguments import Arguments, Value, values_of
from fc_distilabel.synthesis.planning.setting import Setting
from fc_distilabel.synthesis.planning.tables import name_words, words
from fc_distilabel.types import Json, Tool

LEAST_CHOICES = 3
"""Choices that there must be for one of them to be taken away."""
_BEYOND = (1.2, 1.5, 2.0)
"""What is too much, as a multiple of the most that is allowed."""
_ROOM = 1.3
"""How much more than the right value a new bound allows at least."""
_ROUND = (1, 1.5, 2, 3, 5, 8, 10)


class Broken(NamedTuple):
    """A value that the tool forbids, where the call has one that it allows."""

    value: Value
    wrong: Json
    tool: Tool
    natural: bool
    """Whether somebody may well think that it is allowed; else it is a slip of the pen."""


def broken_values(setting: Setting, arguments: Arguments) -> list[Broken]:
    """All ways to break one value of a call, each sound: the call is valid, and not with it."""
    values = values_of(setting.toolset, arguments)
    said = {str(value.leaf.value).casefold() for value in values}
    goal = setting.toolset.scenario.user_goal.casefold()
    return [
        broken
        for value in values
        if not isinstance(value.leaf.value, bool)
        for broken in _breaks(setting, value)
        if str(broken.wrong).casefold() not in said
        and not any(str(v).casefold() in goal for v in (broken.wrong, value.leaf.value))
        and _breaks_only(broken, arguments)
    ]


def _breaks_only(broken: Broken, arguments: Arguments) -> bool:
    parameters = broken.tool.parameters
    wrong = with_value(arguments, broken.value.keys, broken.wrong)
    place = join_path("", *broken.value.keys)
    found = {violation.path for violation in violations(parameters, wrong)}
    return found == {place} and not violations(parameters, arguments)


def _breaks(setting: Setting, value: Value) -> Iterator[Broken]:
    schema = value.leaf.schema
    if "enum" in schema:
        yield from _off_scale(setting, value)
        yield from _taken_away(setting, value)
    elif isinstance(value.leaf.value, int | float):
        yield from _too_much(setting, value)
    elif schema.get("pattern", TIME_PATTERN) != TIME_PATTERN and value.leaf.value[-1:].isdigit():
        yield Broken(value, value.leaf.value[:-1], setting.needed, natural=False)


def _off_scale(setting: Setting, value: Value) -> Iterator[Broken]:
    """What stands beside the choices on a scale that everybody knows."""
    listed = {str(choice).casefold().replace("_", " ") for choice in value.leaf.schema["enum"]}
    for scale in (*words(setting.language).scales, *name_words().scales):
        others = [each for each in scale if each.casefold() not in listed]
        if len(scale) - len(others) == len(listed):
            yield from (Broken(value, each, setting.needed, natural=True) for each in others)


def _taken_away(setting: Setting, value: Value) -> Iterator[Broken]:
    """A choice that the tool has no longer."""
    parameter = _editable(setting, value)
    choices = [c for c in value.leaf.schema["enum"] if c is not None]
    if parameter is None or len(choices) < LEAST_CHOICES:
        return
    schema = parameter.schema
    for choice in choices:
        told = str(choice) in str(schema.get("description", ""))
        if choice != value.leaf.value and choice != schema.get("default") and not told:
            left = schema | {"enum": [c for c in schema["enum"] if c != choice]}
            yield Broken(value, choice, _with(setting.needed, parameter, left), natural=True)


def _too_much(setting: Setting, value: Value) -> Iterator[Broken]:
    """A number beyond the bound that there is, or that the tool is given."""
    schema, number = value.leaf.schema, value.leaf.value
    whole = isinstance(number, int) and schema.get("type") != "number"
    bound = schema.get("maximum", schema.get("exclusiveMaximum"))
    tool = setting.needed
    if bound is None:
        parameter = _editable(setting, value)
        if parameter is None or number <= 0:
            return
        bound = _rounded(number * _ROOM)
        tool = _with(tool, parameter, _bounded(setting, parameter.schema, bound))
    for factor in _BEYOND:
        beyond = _rounded(max(bound * factor, bound + 1)) if bound > 0 else bound + 1
        yield Broken(value, math.ceil(beyond) if whole else beyond, tool, natural=True)


def _bounded(setting: Setting, schema: Schema, bound: Json) -> Schema:
    """The schema with a bound, and its description with it."""
    label = str(schema.get("description", "")).rstrip(".。")
    told = words(setting.language).at_most.format(label=label, bound=bound)
    return schema | {"maximum": bound, "description": told}


def _rounded(number: float) -> Json:
    """The next round number, whole where it can be."""
    unit = 10.0 ** math.floor(math.log10(number))
    found = next(unit * step for step in _ROUND if unit * step >= number * (1 - 1e-9))
    return int(found) if found >= 1 and found == int(found) else round(found, 6)


def _editable(setting: Setting, value: Value) -> Parameter | None:
    """The parameter that a value is of, where its schema may be changed."""
    path = join_path("", *value.keys)
    listed = [] if setting.is_own else parameters_of(setting.needed.parameters)
    found = (p for p in listed if p.path == path and p.schema == value.leaf.schema)
    return next(found, None)


def _with(tool: Tool, parameter: Parameter, schema: Schema) -> Tool:
    changed = exchanged(tool.parameters, parameter, parameter.name, schema)
    return tool.model_copy(update={"parameters": changed})
