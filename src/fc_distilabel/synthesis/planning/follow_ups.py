"""The user asks on: the same for another value, or something with what was found."""

from collections.abc import Sequence
from dataclasses import replace

from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.planning.chains import opening
from fc_distilabel.synthesis.planning.companions import gone_on
from fc_distilabel.synthesis.planning.offered import lookalikes, other_jobs, with_distractors
from fc_distilabel.synthesis.planning.setting import Plan, Setting
from fc_distilabel.types import Exchange

THREE = 0.4
"""How often there are three turns where there can be."""
GOING_ON = 0.5
"""How often the last turn goes on with a result where it can."""


def multi_turn(setting: Setting) -> Plan:
    """Two or three turns, each with a call of its own."""
    turns = 3 if setting.happens(THREE) else 2
    onward = setting.happens(GOING_ON)
    for count, goes_on in _shapes(turns, onward):
        plan = _planned(setting, count, goes_on)
        if plan is not None:
            return plan
    raise Dropped("nothing to ask on", setting.needed.name)


def _shapes(turns: int, onward: bool) -> Sequence[tuple[int, bool]]:
    """Calls of the needed tool, and whether a further tool's follows: as drawn, or what can be."""
    if onward:
        return (turns - 1, True), (1, True), (turns, False), (2, False)
    return (turns, False), (2, False), (1, True)


def _planned(setting: Setting, count: int, goes_on: bool) -> Plan | None:
    try:
        arguments = setting.arguments(count, any_value=True)
    except Dropped:
        return None
    asked = opening(setting, *arguments)
    plan = gone_on(setting, asked, turn=count, worded=False) if goes_on else asked
    if plan is None:
        return None
    # The tools for other jobs have reminders and progress too.
    wrong = [*lookalikes(setting), *(() if goes_on else other_jobs(setting))]
    first, *others = (((number,),) for number in range(len(plan.calls)))
    later = (Exchange(intent="follow_up", rounds=each) for each in others)
    tools = with_distractors(setting, plan.tools, wrong)
    return replace(plan, tools=tools, exchanges=(Exchange(rounds=first), *later))
