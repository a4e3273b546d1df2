"""A conversation cut into the user's turns, each with what the assistant did upon it.

This is how a blueprint plans a conversation (`Blueprint.turns`), read off the finished messages.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile
from typing import NamedTuple

from fc_distilabel.types import Exchange, Message, ToolCall, Trajectory


class Round(NamedTuple):
    """One message of calls and the results right after it."""

    at: int
    """Index of the message."""
    first: int
    """Number of its first call among all calls of the conversation."""
    calls: tuple[ToolCall, ...]
    results: tuple[tuple[int, Message], ...]
    """The tools' messages after it, with their indices."""


class Held(NamedTuple):
    """One turn of the user's, and the messages up to the next."""

    at: int
    """Index of the user's message."""
    said: str
    rounds: tuple[Round, ...]
    words: tuple[int, ...]
    """Indices of the assistant's messages in words, without calls."""

    @property
    def end(self) -> int | None:
        """Index of the words that the assistant's turn ends with."""
        last = self.words[-1] if self.words else -1
        return None if any(round_.at > last for round_ in self.rounds) or last < 0 else last


def held(messages: Sequence[Message]) -> list[Held]:
    """The user's turns in order; what stands before the first belongs to none."""
    starts = [index for index, message in enumerate(messages) if message.role == "user"]
    made = [0, *accumulate(len(message.tool_calls) for message in messages)]
    found = list[Held]()
    for start, end in zip(starts, [*starts[1:], len(messages)], strict=False):
        inner = range(start + 1, end)
        rounds = tuple(
            Round(at, made[at], messages[at].tool_calls, tuple(_results(messages, at + 1)))
            for at in inner
            if messages[at].tool_calls
        )
        words = tuple(at for at in inner if _is_words(messages[at]))
        found.append(Held(start, messages[start].content, rounds, words))
    return found


def _results(messages: Sequence[Message], at: int) -> Iterator[tuple[int, Message]]:
    """The tools' messages from here on without a break."""
    numbered = enumerate(messages[at:], at)
    return takewhile(lambda pair: pair[1].role == "tool", numbered)


def _is_words(message: Message) -> bool:
    return message.role == "assistant" and not message.tool_calls and bool(message.content.strip())


def planned(trajectory: Trajectory) -> dict[int, Exchange]:
    """What the blueprint plans for each message of the assistant's in words, by its index."""
    if trajectory.blueprint is None:
        return {}
    pairs = zip(held(trajectory.messages), trajectory.blueprint.turns, strict=False)
    return {index: exchange for turn, exchange in pairs for index in turn.words}
