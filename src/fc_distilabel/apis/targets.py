"""From what a user sets to a target that can be reached, and in words what was changed on the way.

Figures may contradict each other. Where a nearest setting exists it is taken and said out loud;
what no tool could be made for is refused.
"""

import json
from typing import Any

from pydantic import ValidationError

from fc_distilabel.apis.complexity import (
    DENOMINATORS,
    PRESETS,
    SHARES_OF_LEAVES,
    Complexity,
    Measured,
)
from fc_distilabel.errors import InputError
from fc_distilabel.schemas.bounds import show

TOLERANCE = 0.03
"""How far a measured share may lie from its target without a word."""
_FACETS = ("enum", "bounded", "pattern", "format")
_ONLY_OPTIONAL = ("default", "dependent")


def target_from(preset: int, override: str = "") -> Complexity:
    """A preset with figures changed by `name=value,...` or by a JSON object of them."""
    if preset not in PRESETS:
        allowed = ", ".join(map(str, PRESETS))
        raise InputError(f"preset is {preset}; allowed: {allowed}")
    figures = PRESETS[preset].model_dump() | _figures(override)
    try:
        return Complexity(**figures)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise InputError(f"{name} is {show(figures.get(name))}: {first['msg']}") from error


def nearest(target: Complexity) -> tuple[Complexity, tuple[str, ...]]:
    """The nearest target without a contradiction, and a note for each figure that was changed."""
    figures: dict[str, Any] = target.model_dump()
    notes: list[str] = []

    def change(name: str, value: float, why: str) -> None:
        if figures[name] != value:
            notes.append(f"{name}: {figures[name]:.3g} -> {value:.3g}, as {why}")
            figures[name] = value

    _scale(figures, SHARES_OF_LEAVES, "a leaf has one type", change)
    _scale(figures, _FACETS, "a parameter takes one of enum, bound, pattern, format", change)
    reach = int(figures["parameters"]) + 1
    if figures["max_depth"] > reach:
        told = f"{figures['parameters']:g} parameters a tool reach no deeper"
        change("max_depth", reach, told)
    if figures["depth"] == 0:
        change("max_depth", 1, "no tool may be deep (depth 0)")
    elif figures["max_depth"] < 2:
        change("max_depth", 2, "some tools shall be deep")
    if figures["depth"] == 0:
        change("array", 0, "an array makes its tool deep, and none may be (depth 0)")
    if figures["max_depth"] < 3:
        change("array_of_objects", 0, "a list of objects makes a tool 3 deep")
    if figures["array_of_objects"] > figures["array"]:
        change("array", figures["array_of_objects"], "lists of objects are arrays too")
    for name in _ONLY_OPTIONAL:
        if figures[name] > figures["optional"]:
            change(name, figures["optional"], "only optional parameters can have it")
    return Complexity(**figures), tuple(notes)


def missed(target: Complexity, reached: Measured) -> tuple[str, ...]:
    """A note for each share that lies off its target by more than the tolerance."""
    rows = ((name, getattr(target, name), getattr(reached, name)) for name in DENOMINATORS)
    notes = [
        f"{name}: {got:.1%} reached of {wanted:.1%}, the nearest that these tools allow"
        for name, wanted, got in rows
        if abs(wanted - got) > TOLERANCE
    ]
    if abs(reached.parameters - target.parameters) > 0.5:
        notes.append(f"parameters: {reached.parameters:.2f} reached of {target.parameters:g}")
    if reached.max_depth != target.max_depth:
        notes.append(f"max_depth: {reached.max_depth} reached of {target.max_depth}")
    return tuple(notes)


def side_by_side(target: Complexity, reached: Measured) -> list[tuple[str, float, float, bool]]:
    """Each figure with its target, what was measured, and whether it is a share."""
    return [
        (name, getattr(target, name), getattr(reached, name), name in DENOMINATORS)
        for name in Complexity.model_fields
    ]


def _figures(override: str) -> dict[str, Any]:
    if not override.strip():
        return {}
    pairs = _from_json(override) if override.lstrip().startswith("{") else _from_pairs(override)
    unknown = next((name for name in pairs if name not in Complexity.model_fields), None)
    if unknown is not None:
        allowed = ", ".join(Complexity.model_fields)
        raise InputError(f"unknown figure {show(unknown)}; allowed: {allowed}")
    return pairs


def _from_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{show(text)} is not JSON: {error}") from error
    assert isinstance(found, dict)  # it begins with a brace
    return found


def _from_pairs(text: str) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = pair.partition("=")
        try:
            pairs[name.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise InputError(f"{show(pair)} is not of the form name=number, such as depth=0.4")
    return pairs


def _scale(figures: dict[str, Any], names: tuple[str, ...], why: str, change: Any) -> None:
    """Shrink shares that exclude each other until they add up to 1."""
    total = sum(figures[name] for name in names)
    if total > 1 + 1e-9:
        for name in names:
            change(name, figures[name] / total, f"{why}, and these add up to {total:g}")
