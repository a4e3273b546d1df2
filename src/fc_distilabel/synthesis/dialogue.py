"""Blueprint -> trajectory: a persona asks, the assistant acts or asks back, until all is told.

The user's side is in `user_turn`; what the assistant chooses to do is in `decision`, its words are
in `assistant_turn`. Calls and results were fixed with the blueprint: where the assistant chooses
otherwise, its choice is kept as a candidate and the conversation goes on as it should.
"""

from dataclasses import dataclass

from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.assistant_turn import answer
from fc_distilabel.synthesis.decision import decide, require_meaning
from fc_distilabel.synthesis.talk import Talk, calls_of, opened
from fc_distilabel.synthesis.user_turn import MoreExamples, no_more, note_turn, word_turn
from fc_distilabel.types import Author, Blueprint, Candidate, Exchange, Message, Trajectory

MESSAGES = 3
"""How many messages are tried for one turn of the user's; the last is in note form, by code."""


@dataclass(frozen=True)
class Cast:
    """Who takes part: a line to a model for each side; both may lead to the same model."""

    user: Asker
    assistant: Asker
    draws: int = 1
    """How often the assistant's turn is sampled where something is to be decided."""
    approved: MoreExamples = no_more
    """Messages that people approved, beside the examples that the package has."""


async def hold_dialogue(cast: Cast, blueprint: Blueprint) -> Trajectory:
    """The conversation that `blueprint` decides.

    Raises `Dropped` when no message of the user's can be had that gives the gold calls.
    """
    talk = opened(blueprint, cast.user.seed_parts)
    for number, exchange in enumerate(blueprint.turns):
        await _user_turn(cast, talk, number, exchange)
        await _acting(cast, talk, exchange)
        talk.said(*await answer(cast.assistant, talk, number, cast.draws))
    return talk.trajectory()


async def _user_turn(cast: Cast, talk: Talk, number: int, exchange: Exchange) -> None:
    """The user's message, and what the assistant would do upon it.

    A message that code worded is in order by itself: it names each value by what it is.
    """
    for draw in range(MESSAGES - 1):
        try:
            text = await word_turn(
                cast.user, talk.blueprint, number, talk.messages, draw, cast.approved
            )
            candidates = await _understood(cast, talk, exchange, text, f"{number}/{draw}")
        except Dropped:
            continue
        return _heard(talk, text, "model", candidates)
    text = note_turn(talk.blueprint, number)
    candidates = await _understood(cast, talk, exchange, text, f"{number}/notes")
    return _heard(talk, text, "code", candidates)


def _heard(talk: Talk, text: str, author: Author, candidates: list[Candidate]) -> None:
    talk.said(Message(role="user", content=text), author)
    talk.also_written(candidates)


async def _understood(
    cast: Cast, talk: Talk, exchange: Exchange, text: str, draw: str
) -> list[Candidate]:
    """The assistant's choices upon a message; drops a message that does not mean what it should."""
    blueprint = talk.blueprint
    heard = Talk(blueprint, [*talk.messages, Message(role="user", content=text)])
    due = calls_of(blueprint, exchange)  # none where the right tool is not on offer
    if blueprint.missing:
        await require_meaning(cast.user, heard, blueprint.asked_calls, draw)
    candidates = await decide(cast.assistant, heard, due, cast.draws)
    if due and not any(c.right for c in candidates):
        await require_meaning(cast.user, heard, due, draw)
    return [c for c in candidates if not (c.right and c.calls)]


async def _acting(cast: Cast, talk: Talk, exchange: Exchange) -> None:
    """The rounds of calls; what the first one's candidates are is known from the user's turn."""
    for place, numbers in enumerate(exchange.rounds):
        if place:
            due = calls_of(talk.blueprint, exchange, place)
            candidates = await decide(cast.assistant, talk, due, cast.draws)
            talk.also_written(c for c in candidates if not c.right)
        talk.called(numbers)
