"""Whether a message is one that was there before: the example's, the user's, the assistant's."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from fc_distilabel.synthesis.user_checks.draft import Draft, Flaw, letters, without
from fc_distilabel.synthesis.user_notes import says, telling
from fc_distilabel.synthesis.wording import copies_prompt, sentences
from fc_distilabel.types import Language

ALIKE = 0.9
"""How alike two messages are, their values left out, if one is a copy."""
BY_CHANCE: dict[Language, int] = {"en": 16, "zh": 7}
"""Letters below which two sentences may be alike by chance (`Thanks a lot!`)."""
_THINGS = re.compile(r"\bcards?\b|\b(?:my|this|another) books?\b|证号|那张", re.IGNORECASE)
"""What the examples are about besides the words that all replies are searched for."""


def copied(draft: Draft) -> Iterator[Flaw]:
    """A message that says again what it should not."""
    same = any(letters(draft.text) == letters(example.message) for example in draft.shown)
    sources = " ".join(draft.sources).casefold()
    strange = [word for word in _THINGS.findall(draft.text) if word.casefold() not in sources]
    if same or strange or copies_prompt(draft.text, sources):
        yield Flaw("copy", "do not copy the example")
    if any(_repeats(draft, earlier) for earlier in draft.own):
        yield Flaw("copy", "do not write an earlier message again")
    if draft.notes.form in ("supply", "correct", "change") and len(_said_again(draft)) > 1:
        yield Flaw("copy", "say only what is new")
    if _echoes(draft):
        yield Flaw("role", "do not say again what the assistant said")


def _repeats(draft: Draft, earlier: str) -> bool:
    """Whether only values tell the message from an earlier one, or it holds all of that."""
    values = [fact.said for fact in draft.notes.blueprint.facts]
    one, other = (letters(without(text, values)) for text in (draft.text, earlier))
    if letters(draft.text) == letters(earlier):
        return True
    if min(len(one), len(other)) < BY_CHANCE[draft.language]:
        return False
    return other in one or SequenceMatcher(None, one, other, autojunk=False).ratio() > ALIKE


def _said_again(draft: Draft) -> set[str]:
    """The values of earlier turns that are said once more."""
    notes = draft.notes
    known = [f for f in notes.blueprint.facts if f.turn < notes.turn and f.said not in notes.said]
    return {fact.said for fact in known if telling(fact) and says(draft.text, fact.said)}


def _echoes(draft: Draft) -> bool:
    """Whether a whole sentence of the message is one that the assistant wrote.

    Who is asked for a value may well repeat the words around it; who asks for more states a result
    that nobody told him, where only the values differ.
    """
    notes = draft.notes
    asks = notes.form in ("again", "other", "change")
    values = [fact.said for fact in notes.blueprint.facts] if asks else []
    heard = [letters(without(m.content, values)) for m in draft.before if m.role == "assistant"]
    due = [letters(words) for words in (*notes.said, *notes.by_label)]
    parts = [letters(part) for part in sentences(without(draft.text, values))]
    return any(
        len(part) >= BY_CHANCE[draft.language]
        and any(part in text for text in heard)
        and not any(part in words for words in due)
        for part in parts
    )
