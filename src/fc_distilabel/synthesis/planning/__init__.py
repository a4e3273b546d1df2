"""How each kind of dialogue is planned: one function a kind, from a setting to a plan."""

from collections.abc import Callable

from fc_distilabel.synthesis.planning.chains import dependent
from fc_distilabel.synthesis.planning.changed import change_of_mind
from fc_distilabel.synthesis.planning.failing import tool_error
from fc_distilabel.synthesis.planning.follow_ups import multi_turn
from fc_distilabel.synthesis.planning.invalid import invalid_value
from fc_distilabel.synthesis.planning.plain import (
    irrelevant,
    missing_function,
    multiple,
    parallel,
    single,
)
from fc_distilabel.synthesis.planning.setting import Plan, Setting
from fc_distilabel.synthesis.planning.withheld import missing_parameter
from fc_distilabel.types import Kind

__all__ = ["PLANNERS", "RELATIVES", "Plan", "Setting"]

PLANNERS: dict[Kind, Callable[[Setting], Plan]] = {
    "single": single,
    "multiple": multiple,
    "parallel": parallel,
    "dependent": dependent,
    "multi_turn": multi_turn,
    "missing_parameter": missing_parameter,
    "irrelevant": irrelevant,
    "missing_function": missing_function,
    "invalid_value": invalid_value,
    "tool_error": tool_error,
    "change_of_mind": change_of_mind,
}
"""What plans each kind; it raises `Dropped` where a toolset cannot carry it."""

RELATIVES: dict[Kind, tuple[Kind, ...]] = {
    "single": (),
    "multiple": ("single",),
    "parallel": ("multi_turn", "single"),
    "dependent": ("multi_turn", "missing_parameter", "single"),
    "multi_turn": ("change_of_mind", "missing_parameter", "single"),
    "missing_parameter": ("invalid_value", "multi_turn", "single"),
    "irrelevant": (),
    "missing_function": ("irrelevant",),
    "invalid_value": ("missing_parameter", "multi_turn", "single"),
    "tool_error": ("dependent", "multi_turn", "single"),
    "change_of_mind": ("multi_turn", "missing_parameter", "single"),
}
"""What is planned in a kind's place where a toolset cannot carry it, the nearest first.

A kind without a call gives way only to one without a call, so that their share of rows stays.
"""
