"""Kinds of one request and one answer: all is said at once, and calls go out together or not."""

from collections.abc import Sequence

from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.planning.facts import facts_of
from fc_distilabel.synthesis.planning.offered import (
    certainly_wrong,
    other_jobs,
    shuffled,
    unrelated,
)
from fc_distilabel.synthesis.planning.setting import Plan, Setting, numbered
from fc_distilabel.types import Exchange, Tool

MULTIPLE_LOOKALIKES = 2
IRRELEVANT_TOOLS = 3
OTHER_JOBS = 3
PARALLEL_CALLS = 2
BESIDE = 0.5
"""How often a tool of another subject stands beside those for other jobs."""


def single(setting: Setting) -> Plan:
    """One call of the only tool."""
    return _acting(setting, 1, [])


def multiple(setting: Setting) -> Plan:
    """One call of the right one among similar tools."""
    similar = certainly_wrong(setting)
    if not similar:
        raise Dropped("no similar tools", setting.needed.name)
    count = min(MULTIPLE_LOOKALIKES, len(similar))
    return _acting(setting, 1, setting.random.sample(similar, count))


def parallel(setting: Setting) -> Plan:
    """Calls of one tool that differ in one value."""
    return _acting(setting, PARALLEL_CALLS, [])


def _acting(setting: Setting, count: int, wrong: Sequence[Tool]) -> Plan:
    arguments = setting.arguments(count)
    calls = numbered(setting.needed.name, arguments)
    return Plan(
        tools=shuffled(setting, (setting.needed, *wrong)),
        calls=calls,
        results=tuple(setting.result(call) for call in calls),
        facts=facts_of(setting.toolset, arguments),
        exchanges=(Exchange(rounds=(tuple(range(count)),)),),
    )


def irrelevant(setting: Setting) -> Plan:
    """No tool on offer has anything to do with the request."""
    return _declining(setting, unrelated(setting, IRRELEVANT_TOOLS))


def missing_function(setting: Setting) -> Plan:
    """Tools for the same subject are on offer, and none that does what is asked for."""
    jobs = other_jobs(setting)
    if not jobs:
        raise Dropped("no tools for other jobs", setting.needed.name)
    tools = setting.random.sample(jobs, min(OTHER_JOBS, len(jobs)))
    beside = len(tools) == 1 or setting.happens(BESIDE)
    return _declining(setting, [*tools, *(unrelated(setting, 1) if beside else ())])


def _declining(setting: Setting, tools: Sequence[Tool]) -> Plan:
    arguments = setting.arguments()
    return Plan(
        tools=shuffled(setting, tools),
        calls=numbered(setting.needed.name, arguments),
        results=(),
        facts=facts_of(setting.toolset, arguments),
        exchanges=(Exchange(ends="decline"),),
        missing=setting.needed,
    )
