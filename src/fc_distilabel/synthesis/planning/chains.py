"""One request that takes several calls, each of which needs the result of the one before."""

from dataclasses import replace

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.places import place
from fc_distilabel.synthesis.arguments import Arguments
from fc_distilabel.synthesis.planning.companions import gone_on
from fc_distilabel.synthesis.planning.facts import facts_of
from fc_distilabel.synthesis.planning.offered import lookalikes, other_jobs, with_distractors
from fc_distilabel.synthesis.planning.resolvers import Resolver, resolvers
from fc_distilabel.synthesis.planning.service import answer
from fc_distilabel.synthesis.planning.setting import Plan, Setting, numbered
from fc_distilabel.types import Exchange, Fact, Reference, Tool, ToolCall, Toolset

BOTH = 0.3
"""How often an id is looked up first *and* the result is gone on with, where both can be."""


def dependent(setting: Setting) -> Plan:
    """An id is looked up before the call, or its result is gone on with, or both."""
    [arguments] = setting.arguments()
    found = resolvers(setting, arguments)
    direct = opening(setting, arguments)
    onward = gone_on(setting, direct, turn=0, worded=True)
    if not found and onward is None:
        raise Dropped("nothing depends on a result", setting.needed.name)
    if onward is not None and (not found or setting.happens(0.5)):
        # The tools for other jobs have reminders and progress too.
        return _in_rounds(setting, onward, lookalikes(setting))
    resolver = setting.random.choice(found)
    resolved = _resolved(setting, arguments, resolver)
    if onward is None or not setting.happens(BOTH):
        # Look-alikes take the name itself, and so would be easier to call.
        return _in_rounds(setting, resolved, other_jobs(setting))
    return _in_rounds(setting, gone_on(setting, resolved, turn=0, worded=True) or resolved, [])


def opening(setting: Setting, *arguments: Arguments) -> Plan:
    """The plan of calls of the needed tool, one after the other; the user's turns are lacking."""
    calls = numbered(setting.needed.name, arguments)
    return Plan(
        tools=(setting.needed,),
        calls=calls,
        results=tuple(setting.result(call) for call in calls),
        facts=facts_of(setting.toolset, arguments, range(len(arguments))),
        exchanges=(),
    )


def _in_rounds(setting: Setting, plan: Plan, wrong: list[Tool]) -> Plan:
    """The plan with all its calls upon one request, each in its own round."""
    rounds = tuple((number,) for number in range(len(plan.calls)))
    tools = with_distractors(setting, plan.tools, wrong)
    return replace(plan, tools=tools, exchanges=(Exchange(rounds=rounds),))


def _resolved(setting: Setting, arguments: Arguments, resolver: Resolver) -> Plan:
    """The plan of finding an id, and calling the needed tool with it."""
    finding, found = _found(setting, resolver)
    id_ = found[resolver.id_name]
    [call] = numbered(resolver.needed.name, [resolver.resolved(arguments, id_)], 1)
    # The result is that of the call by name: it may repeat the name.
    [by_name] = numbered(setting.needed.name, [arguments], 1)
    reference = Reference(call=0, path=resolver.id_name)
    return Plan(
        tools=(resolver.finder, resolver.needed),
        calls=(finding, call),
        results=(found, setting.result(by_name)),
        facts=_facts(setting, arguments, resolver),
        exchanges=(),
        references={place(1, resolver.keys): reference},
    )


def _found(setting: Setting, resolver: Resolver) -> tuple[ToolCall, dict[str, str]]:
    """The call that finds the id, and its result."""
    name = {resolver.name: resolver.value.leaf.value}
    [call] = numbered(resolver.finder.name, [name])
    alone = Toolset(scenario=setting.toolset.scenario, needed=resolver.finder, similar=())
    result: dict[str, str] = answer(alone, call)
    return call, result


def _facts(setting: Setting, arguments: Arguments, resolver: Resolver) -> tuple[Fact, ...]:
    """All that is said, the name for the first call and the rest for the second."""
    paths = {place(1, resolver.value.keys): place(0, [resolver.name])}
    facts = facts_of(setting.toolset, [arguments], first=1)
    return tuple(f.model_copy(update={"path": paths.get(f.path, f.path)}) for f in facts)
