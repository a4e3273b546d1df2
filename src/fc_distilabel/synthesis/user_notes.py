"""What a user has to say in one turn, and what must stay unsaid: read off the blueprint.

A turn states its own facts only. Those of later turns are withheld until then, and those that the
system message tells are never repeated. Beside the facts stands the wish: the scenario's goal in
the opening, and later the request that a tool of its own stands for.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.own_apis.wording import goal_of
from fc_distilabel.types import Blueprint, Fact, Intent, Language, Persona, Tool

Form: TypeAlias = Literal["opening", "supply", "correct", "change", "again", "other"]
"""What a turn does in words; a follow-up asks for the same `again`, or for something `other`."""


_BY_ID = re.compile(
    r",? (?:given|by|using|from) (?:the|its|an?|their|your|my) [\w ]{0,30}(?:codes?|ids?|numbers?"
    r"|references?|identifiers?)$"
    r"|^(?:凭|按|按照|根据|通过|使用)\S{1,12}?(?:编号|代码|号码|单号|编码|号|码|ID)，?",
    re.IGNORECASE,
)
"""How a description says what a tool goes by; a person just gives it, or has it from before."""


@dataclass(frozen=True)
class Notes:
    """One turn of the user's, before it has words."""

    blueprint: Blueprint
    turn: int
    intent: Intent
    facts: tuple[Fact, ...]
    """What is said in it."""
    later: tuple[Fact, ...]
    """What is said in later turns."""
    silent: tuple[Fact, ...]
    """What the system message tells."""

    @property
    def language(self) -> Language:
        """The language of the conversation."""
        return self.blueprint.scenario.language

    @property
    def persona(self) -> Persona:
        """Who speaks."""
        return self.blueprint.persona

    @property
    def said(self) -> list[str]:
        """The values to say, as this user says them."""
        return [fact.said for fact in self.facts]

    @property
    def goal(self) -> str:
        """What the whole conversation is about, without its last mark."""
        return self.blueprint.scenario.user_goal.rstrip(".。?？")

    @property
    def by_label(self) -> dict[str, list[str]]:
        """`{label: [what to say, ...]}`; more than one where calls of one turn differ."""
        notes: dict[str, list[str]] = {}
        for fact in self.facts:
            values = notes.setdefault(fact.label, [])
            if fact.said not in values:
                values.append(fact.said)
        return notes

    @property
    def form(self) -> Form:
        """What it does in words."""
        if self.turn == 0:
            return "opening"
        if self.intent == "request" or self.intent == "follow_up":
            return "other" if self.wish else "again"
        return self.intent

    @cached_property
    def wish(self) -> str:
        """What is asked for by this turn and by none before it; empty where nothing new is."""
        if self.turn == 0:
            return self.goal
        before = {name for turn in range(self.turn) for name in _tools_upon(self.blueprint, turn)}
        new = [name for name in _tools_upon(self.blueprint, self.turn) if name not in before]
        if self.intent in ("supply", "correct") or not new:
            return ""
        tool = _tool(self.blueprint, new[-1])
        _, wish = goal_of(tool, [tool.description], self.language)
        wish = _BY_ID.sub("", wish)
        return wish[:1].lower() + wish[1:] if wish[1:2].islower() else wish

    @property
    def count(self) -> int:
        """How many times the same is to be done at once upon this turn."""
        names = [call.name for call in self.blueprint.asked_calls]
        told = sorted({_call_of(fact) for fact in self.facts})
        rounds = self.blueprint.turns[self.turn].rounds or (told,)
        times = (n for each in rounds for n in Counter(names[i] for i in each).values())
        return max(times, default=1)


def notes_of(blueprint: Blueprint, turn: int) -> Notes:
    """What the user says in a turn.

    Raises `Dropped` where the goal itself gives away what is withheld from the opening.
    """
    told = [fact for fact in blueprint.facts if fact.told_by == "user"]
    notes = Notes(
        blueprint=blueprint,
        turn=turn,
        intent=blueprint.turns[turn].intent,
        facts=tuple(fact for fact in told if fact.turn == turn),
        later=tuple(fact for fact in told if fact.turn > turn),
        silent=tuple(fact for fact in blueprint.facts if fact.told_by == "system"),
    )
    for fact in notes.later if turn == 0 else ():
        if telling(fact) and fact.said not in notes.said and says(notes.goal, fact.said):
            raise Dropped("the goal says what is withheld", fact.said)
    return notes


def telling(fact: Fact) -> bool:
    """Whether hearing the value in a text gives the fact away; `yes` and 是 stand anywhere."""
    return not isinstance(fact.value, bool) and (len(fact.said) > 1 or fact.said.isdigit())


def says(text: str, value: str) -> bool:
    """Whether the value stands in the text, letter for letter, and not inside a longer one."""
    before = r"(?<![A-Za-z0-9])" if re.match("[A-Za-z0-9]", value) else ""
    before += r"(?<!\d[.,:])" if value[:1].isdigit() else ""
    after = r"(?!\d|[.,:]\d)" if value[-1:].isdigit() else ""
    after = r"(?:e?s)?(?![A-Za-z0-9])" if re.search("[A-Za-z]$", value) else after
    return bool(re.search(f"{before}{re.escape(value)}{after}", text, re.IGNORECASE))


def _call_of(fact: Fact) -> int:
    return int(fact.path.partition("/")[0])


def _tools_upon(blueprint: Blueprint, turn: int) -> list[str]:
    """Names of the tools that are called upon a turn, or that it tells arguments of."""
    rounds = [number for each in blueprint.turns[turn].rounds for number in each]
    told = [_call_of(fact) for fact in blueprint.facts if fact.turn == turn]
    return [blueprint.asked_calls[number].name for number in sorted({*rounds, *told})]


def _tool(blueprint: Blueprint, name: str) -> Tool:
    tools = (*blueprint.tools, *([blueprint.missing] if blueprint.missing else []))
    return next(tool for tool in tools if tool.name == name)
