"""The user's turns: worded by a model, accepted by code; or put in note form by code.

The model sees who speaks, the last words of the assistant and what this turn says; never a tool,
an argument's name or a gold call. What it writes is accepted only if `user_checks` finds no flaw.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from fc_distilabel.prompts import render
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.data import MessageExample, message_examples
from fc_distilabel.synthesis.personas import describe
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.user_checks import flaws
from fc_distilabel.synthesis.user_notes import Notes, notes_of
from fc_distilabel.synthesis.wording import NOTE_VARIANTS, text_field
from fc_distilabel.types import Blueprint, Json, Language, Message

MoreExamples: TypeAlias = Callable[[Language, str], tuple[MessageExample, ...]]
"""Further examples of a form of message."""

TRIES = 2
"""Requests made for one message, the first one included; who wants more asks by another draw."""
MAX_OPENING = {"terse": 300, "plain": 400, "rambling": 700}
MAX_LATER = 300
MAX_TOKENS = 320
MAX_HEARD = 400
"""How much of the assistant's last message is shown to who answers it."""


def no_more(language: Language, form: str) -> tuple[MessageExample, ...]:
    """No examples beside those that the package has."""
    return ()


async def word_turn(
    asker: Asker,
    blueprint: Blueprint,
    turn: int,
    before: Sequence[Message],
    draw: int,
    more: MoreExamples = no_more,
) -> str:
    """What the user says in a turn, in the persona's words; `before` is the conversation so far.

    Raises `Dropped` when no try was accepted, `EndpointError` when the model cannot be reached.
    """
    notes = notes_of(blueprint, turn)
    form = _example_form(notes)
    examples = (*message_examples(notes.language, form), *more(notes.language, form))
    # Several examples, because a small model copies the one it always sees.
    example = rng(*asker.seed_parts, "example", turn, draw).choice(examples)

    most = MAX_LATER if turn else MAX_OPENING[blueprint.persona.verbosity]

    def complaint(reply: Json) -> str:
        found = next(flaws(reply["message"].strip(), notes, before, examples), None)
        if found:
            return found.words
        return "too long, write less" if len(reply["message"]) >= most else ""  # it was cut there

    reply = await asker.json(
        "user_later" if turn else "user_message",
        closed_object({"message": text_field(most)}),
        complaint,
        max_tokens=MAX_TOKENS,
        tries=TRIES,
        draw=f"{turn}/{draw}",
        who=describe(blueprint.persona, notes.language),
        persona=blueprint.persona,
        notes=notes.by_label,
        example=example,
        **(_later(notes, before) if turn else {"goal": notes.goal}),
    )
    text: str = reply["message"]
    return text.strip()


def _later(notes: Notes, before: Sequence[Message]) -> dict[str, Json]:
    heard = [m.content for m in before if m.role == "assistant" and m.content]
    last = " ".join(heard[-1].split())[:MAX_HEARD] if heard else ""
    return {"form": notes.form, "wish": notes.wish, "last": last}


def _example_form(notes: Notes) -> str:
    """Which sort of example comes nearest to what is to be written."""
    if notes.turn:
        more = notes.form == "supply" and len(notes.facts) > 1
        return "supply_more" if more else notes.form
    if notes.count > 1:
        return "parallel"
    if not notes.facts:
        return "bare"
    return notes.persona.manner


def note_turn(blueprint: Blueprint, turn: int) -> str:
    """The same in note form by code, as terse users write; equal blueprints, equal words.

    Raises `Dropped` where the goal itself gives away what is withheld from the opening.
    """
    notes = notes_of(blueprint, turn)
    first = rng(blueprint.id, "note form").randrange(NOTE_VARIANTS)
    return render(
        "note_later" if turn else "note_form",
        notes.language,
        variant=first + turn,  # so that the turns of one conversation differ
        notes=notes.by_label,
        **(_changes(notes) if turn else {"goal": notes.goal, "count": notes.count}),
    )


def _changes(notes: Notes) -> dict[str, Json]:
    """What is told besides the values, and the one value that may be told by itself."""
    [alone] = notes.facts if len(notes.facts) == 1 else [None]
    plain = alone is not None and not isinstance(alone.value, bool)
    return {
        "form": notes.form,
        "wish": notes.wish,
        "alone": alone.said if alone and plain else "",
    }
