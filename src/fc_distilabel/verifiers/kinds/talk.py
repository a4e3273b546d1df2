"""A conversation beside its plan: which of the calls made is which of those that were due."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from fc_distilabel.types import (
    Blueprint,
    Exchange,
    Fact,
    Json,
    Message,
    Tool,
    ToolCall,
    Trajectory,
    Violation,
)
from fc_distilabel.verifiers.exchanges import Held, held
from fc_distilabel.verifiers.gold import spelled


class Due(NamedTuple):
    """A call of the blueprint and where it belongs."""

    which: int
    """Its index in the blueprint."""
    turn: int
    round: int
    call: ToolCall
    result: Json


class Made(NamedTuple):
    """A call of the conversation and where it stands."""

    number: int
    """Its place among all calls of the conversation."""
    turn: int
    round: int
    at: int
    """Index of its message."""
    call: ToolCall
    results: tuple[tuple[int, Message], ...]
    """What answers it, with indices."""


class Talk:
    """A trajectory that has a blueprint, read for its invariants."""

    def __init__(self, trajectory: Trajectory, blueprint: Blueprint) -> None:
        self.trajectory = trajectory
        self.blueprint = blueprint
        self.messages: Sequence[Message] = trajectory.messages
        self.held: Sequence[Held] = held(trajectory.messages)

    @cached_property
    def system(self) -> str:
        """What the system message says."""
        return "\n".join(m.content for m in self.messages if m.role == "system")

    @cached_property
    def made(self) -> list[Made]:
        """All calls in order."""
        return list(self._made())

    @cached_property
    def due(self) -> list[Due]:
        """The calls that the blueprint plans, in order."""
        gold = list(zip(self.blueprint.gold_calls, self.blueprint.results, strict=True))
        return [
            Due(index, turn, number, *gold[index])
            for turn, exchange in enumerate(self.blueprint.turns)
            for number, round_ in enumerate(exchange.rounds)
            for index in round_
        ]

    @cached_property
    def pairs(self) -> dict[int, tuple[Due, Made]]:
        """The due calls that were made, by their index; the closest likeness first."""
        return _paired(self.due, self.made)

    @cached_property
    def turns(self) -> list[tuple[Held, Exchange]]:
        """The user's turns as held and as planned, as far as there are both."""
        return list(zip(self.held, self.blueprint.turns, strict=False))

    @property
    def words(self) -> list[int]:
        """Indices of the assistant's messages in words."""
        return [index for held in self.held for index in held.words]

    def tool(self, call: int) -> Tool | None:
        """The offered tool of a call of the blueprint's."""
        calls = self.blueprint.asked_calls
        name = calls[call].name if 0 <= call < len(calls) else None
        return next((tool for tool in self.trajectory.tools if tool.name == name), None)

    def facts(self, path: str) -> list[Fact]:
        """What is said of a place, in the order of turns."""
        found = [fact for fact in self.blueprint.facts if fact.path == path]
        return sorted(found, key=lambda fact: fact.turn)

    def place(self, turn: int) -> str:
        """Path of the user's message of a turn; empty where there is none."""
        return f"messages/{self.held[turn].at}" if turn < len(self.held) else ""

    def _made(self) -> Iterator[Made]:
        for turn, held_ in enumerate(self.held):
            for place, round_ in enumerate(held_.rounds):
                for shift, call in enumerate(round_.calls):
                    results = tuple(r for r in round_.results if r[1].tool_call_id == call.id)
                    yield Made(round_.first + shift, turn, place, round_.at, call, results)


_Alike = Callable[[Due, Made], bool]


def _same(due: Due, made: Made) -> bool:
    return spelled(due.call) == spelled(made.call)


def _same_id(due: Due, made: Made) -> bool:
    return due.call.id == made.call.id


def _same_place(due: Due, made: Made) -> bool:
    return (due.turn, due.round) == (made.turn, made.round)


_LIKENESSES: tuple[_Alike, ...] = (
    lambda due, made: _same_id(due, made) and _same(due, made),
    lambda due, made: _same(due, made) and due.turn == made.turn,
    _same,
    lambda due, made: _same_id(due, made) and due.call.name == made.call.name,
    lambda due, made: _same_id(due, made) and due.turn == made.turn,
    lambda due, made: _same_place(due, made) and due.call.name == made.call.name,
)


def _paired(due: Sequence[Due], made: Sequence[Made]) -> dict[int, tuple[Due, Made]]:
    found: dict[int, tuple[Due, Made]] = {}
    free = list(made)
    for alike in _LIKENESSES:
        for one in due:
            other = next((m for m in free if one.which not in found and alike(one, m)), None)
            if other is not None:
                found[one.which] = (one, other)
                free.remove(other)
    return found


def flaw(rule: str, path: str, message: str, value: Json = None) -> Violation:
    """A violation of an invariant; all of them are errors."""
    return Violation(rule=f"kind-{rule}", path=path, message=message, value=value)
