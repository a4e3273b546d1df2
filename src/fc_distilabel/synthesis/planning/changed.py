"""The user changes a wish: of a read, after its answer; of a write, before anything was done.

What was booked cannot be taken back by calling again, so there the change comes with the answer to
a question. Either way the last wish is the one that counts.
"""

from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.planning.facts import facts_of
from fc_distilabel.synthesis.planning.offered import lookalikes, other_jobs, with_distractors
from fc_distilabel.synthesis.planning.setting import Plan, Setting, numbered
from fc_distilabel.synthesis.planning.withheld import changed_with_supply
from fc_distilabel.types import Exchange


def change_of_mind(setting: Setting) -> Plan:
    """One value is another in the end; in the other form where there are too few for this one."""
    forms = [_changed_after, changed_with_supply]
    first, other = forms if setting.reads else reversed(forms)
    try:
        return first(setting)
    except Dropped:
        return other(setting)


def _changed_after(setting: Setting) -> Plan:
    """The answer is there, and the user wants it for another value."""
    arguments = setting.arguments(2, any_value=True)
    calls = numbered(setting.needed.name, arguments)
    wrong = [*lookalikes(setting), *other_jobs(setting)]
    return Plan(
        tools=with_distractors(setting, [setting.needed], wrong),
        calls=calls,
        results=tuple(setting.result(call) for call in calls),
        facts=facts_of(setting.toolset, arguments, (0, 1)),
        exchanges=(
            Exchange(rounds=((0,),)),
            Exchange(intent="change", rounds=((1,),)),
        ),
    )
