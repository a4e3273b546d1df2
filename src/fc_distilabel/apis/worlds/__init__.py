"""Simulated worlds: records made by code, tools that read and write them, plans that need both.

Everything is a value. `execute(world, call)` gives back a new world and a result, so a dialogue can
be replayed, two end states can be compared, and a world goes into a blueprint as JSON.
"""

from fc_distilabel.apis.worlds.execution import execute, inject
from fc_distilabel.apis.worlds.faults import Failure, Fault, failures
from fc_distilabel.apis.worlds.operations import Operation, operations, world_tools
from fc_distilabel.apis.worlds.plans import Plan, Run, draw_plan, expected_end, run_plan
from fc_distilabel.apis.worlds.world import Change, World, diff, make_world

__all__ = [
    "Change",
    "Failure",
    "Fault",
    "Operation",
    "Plan",
    "Run",
    "World",
    "diff",
    "draw_plan",
    "execute",
    "expected_end",
    "failures",
    "inject",
    "make_world",
    "operations",
    "run_plan",
    "world_tools",
]
