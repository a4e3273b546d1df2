"""Which tools are on offer: the right ones, and such as are certain to be wrong.

Two sorts of similar tools are told apart. *Look-alikes* do the needed tool's job in another case,
and a fact of the request decides against them: so they may stand beside it as long as the user says
everything at once. Tools for *other jobs* are wrong whatever is still unsaid.
"""

import re
from collections.abc import Iterable, Sequence

from fc_distilabel.apis.naming import words_of
from fc_distilabel.apis.similar.tables import name_words
from fc_distilabel.synthesis.data import actions, everyday_tools
from fc_distilabel.synthesis.planning.setting import Setting
from fc_distilabel.synthesis.planning.tables import words
from fc_distilabel.types import Tool

DISTRACTED = 0.4
"""How often there are wrong tools beside the right ones where the kind does not ask for them."""
MOST = 2


def shuffled(setting: Setting, tools: Iterable[Tool]) -> tuple[Tool, ...]:
    """The tools in any order."""
    mixed = list(tools)
    setting.random.shuffle(mixed)
    return tuple(mixed)


def with_distractors(
    setting: Setting, right: Sequence[Tool], wrong: Sequence[Tool]
) -> tuple[Tool, ...]:
    """The right tools, now and then with one or two wrong ones."""
    names = {tool.name for tool in right}
    fitting = [tool for tool in wrong if tool.name not in names]
    if not fitting or not setting.happens(DISTRACTED):
        return shuffled(setting, right)
    count = min(setting.random.randint(1, MOST), len(fitting))
    return shuffled(setting, (*right, *setting.random.sample(fitting, count)))


def certainly_wrong(setting: Setting) -> list[Tool]:
    """The similar tools without those that may do the job by another verb.

    Somebody wants a booking cancelled, and a model has named the tool for it `change_booking`: then
    `cancel_booking` is no distractor.
    """
    own = _sort(setting.needed.name)
    others = _action_sorts(setting) - {own}
    return [tool for tool in setting.toolset.similar if _sort(tool.name) not in others]


def lookalikes(setting: Setting) -> list[Tool]:
    """Tools against which a fact of the whole request decides."""
    decided = setting.toolset.decided_by
    return [tool for tool in certainly_wrong(setting) if tool.name in decided]


def other_jobs(setting: Setting) -> list[Tool]:
    """Tools about the same subject that do something else: look up instead of cancel.

    What a tool does is told by its verb, and one whose verb tells nothing is none of them.
    """
    decided = setting.toolset.decided_by
    wanted = {_sort(setting.needed.name), *_action_sorts(setting), ""}
    others = [tool for tool in setting.toolset.similar if tool.name not in decided]
    return [tool for tool in others if _sort(tool.name) not in wanted]


def unrelated(setting: Setting, most: int) -> list[Tool]:
    """Tools that cannot do the request: no word of their names is shared with the needed one."""
    named = set(setting.needed.name.split("_"))
    known = (*setting.others, *everyday_tools(setting.language))
    distinct = {t.name: t for t in known if not named & set(t.name.split("_"))}
    return setting.random.sample(list(distinct.values()), min(most, len(distinct)))


def is_over(setting: Setting) -> bool:
    """Whether the request cancels the thing that it is about."""
    goal = setting.toolset.scenario.user_goal
    cancels = re.search(words(setting.language).cancels, goal, re.IGNORECASE)
    return cancels is not None or _sort(setting.needed.name) == "cancel"


def _sort(name: str) -> str:
    """The class of the first verb in a name (`read`, `cancel`), or ``."""
    kinds = name_words().kinds
    return next((kinds[word] for word in words_of(name) if word in kinds), "")


def _action_sorts(setting: Setting) -> set[str]:
    """The classes of the verbs that functions for the scenario's sort of request have."""
    wanted = setting.toolset.scenario.action
    found = [action for action in actions(setting.language) if action.name == wanted]
    return {_sort(verb) for action in found for verb in action.verbs} - {""}
