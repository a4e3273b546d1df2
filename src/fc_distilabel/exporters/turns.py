"""Turns as formats without ids want them: results of one turn together, sides that alternate."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from fc_distilabel.errors import Dropped
from fc_distilabel.exporters.conversations import Conversation
from fc_distilabel.types import Message


def turns(conversation: Conversation) -> Iterator[tuple[Message, ...]]:
    """One message a turn; the results of one turn's calls are one turn together."""
    for role, group in groupby(conversation.messages, key=lambda message: message.role):
        if role == "tool":
            yield tuple(group)
        else:
            yield from ((message,) for message in group)


def alternating(conversation: Conversation) -> list[tuple[Message, ...]]:
    """The turns, where the user (or a result) and the assistant speak one after the other."""
    found = list(turns(conversation))
    for number, turn in enumerate(found):
        if (turn[0].role == "assistant") != (number % 2 == 1):
            heard = ", ".join(_roles(found))
            raise Dropped("sides that do not alternate", heard)
    return found


def _roles(found: Sequence[Sequence[Message]]) -> list[str]:
    return [turn[0].role for turn in found]
