"""The user asks for what the tool does not allow: the assistant says so, and the user thinks again.

The value that is forbidden is said in the request, among the others; the one that the call has is
what the user then states in its place.
"""

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.places import place
from fc_distilabel.synthesis.planning.breaking import Broken, broken_values
from fc_distilabel.synthesis.planning.facts import fact_of, facts_of, said_later
from fc_distilabel.synthesis.planning.offered import other_jobs, with_distractors
from fc_distilabel.synthesis.planning.setting import Plan, Setting, numbered
from fc_distilabel.types import Exchange

SLIPS = 0.25
"""How often a slip of the pen is preferred to a wish that cannot be met."""


def invalid_value(setting: Setting) -> Plan:
    """One value breaks the schema; it is refused, corrected, and the call is made."""
    [arguments] = setting.arguments()
    broken = _one_of(setting, broken_values(setting, arguments))
    value = broken.value
    wrong = fact_of(value.leaf._replace(value=broken.wrong), 0, value.keys, setting.language)
    facts = said_later(facts_of(setting.toolset, [arguments]), [value.keys], 1)
    calls = numbered(setting.needed.name, [arguments])
    return Plan(
        # A look-alike may take the very value that the right tool refuses.
        tools=with_distractors(setting, [broken.tool], other_jobs(setting)),
        calls=calls,
        results=(setting.result(calls[0]),),
        facts=(wrong, *facts),
        exchanges=(
            Exchange(ends="refuse", about=(place(0, value.keys),)),
            Exchange(intent="correct", rounds=((0,),)),
        ),
    )


def _one_of(setting: Setting, broken: list[Broken]) -> Broken:
    """One of the ways to break a value, each value as likely as any other."""
    if not broken:
        raise Dropped("no value to break", setting.needed.name)
    slips = setting.happens(SLIPS)
    preferred = [each for each in broken if each.natural != slips] or broken
    places = sorted({each.value.keys for each in preferred})
    keys = setting.random.choice(places)
    return setting.random.choice([each for each in preferred if each.value.keys == keys])
