"""How a message is put: in its language, as a request, and as long as the person talks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fc_distilabel.synthesis.user_checks.draft import Draft, Flaw, hans, latin_words, length
from fc_distilabel.synthesis.wording import in_language, keeps_words

GOAL_SHARE, VAGUE_SHARE = 0.34, 0.1
"""How much of the goal's words an opening must keep, so that it still asks for the thing."""
WISH_SHARE = 0.1
"""The same of what a later turn asks for."""
FOREIGN_WORDS, MIXED_WORDS = 1, 6
"""English words of its own that a Chinese message may have: usually, and of a mixing speaker."""
WISHES = re.compile(
    r"\?|？|\b(please|could|can|would|want|need|like|help|wish|hoping|let's|looking|trying"
    r"|(get|give|show|tell) me|have to|has to|must|should)\b"
    r"|请|想|要|帮|麻烦|能否|能不能|希望|需|一下|给我|打算|可以|吗|求|劳",
    re.IGNORECASE,
)
"""How a person puts a request; a message without any only states something."""
AGAIN = re.compile(
    r"\b(and|also|too|again|another|same|next|now|about|more|else|instead|as well|then)\b"
    r"|也|再|还|同样|一样|照样|另|呢|接着|下一|那|又",
    re.IGNORECASE,
)
"""How a person asks for the same with another value, without putting the request again."""
_PART = re.compile(r"[.!?:,，。！？：；]")


class _Span(NamedTuple):
    """How many words of its own a message has, besides the wish."""

    least: int
    most: int
    more: int
    """How many for each value, which has to be introduced; its name at least."""


_OPENING = {"terse": _Span(0, 6, 3), "plain": _Span(0, 30, 6), "rambling": _Span(14, 84, 6)}
_LATER = {"terse": _Span(0, 6, 3), "plain": _Span(0, 18, 4), "rambling": _Span(0, 34, 4)}


def out_of_manner(draft: Draft) -> Iterator[Flaw]:
    """A message in two languages, without a request in it, or of another length."""
    if not (_is_english(draft) if draft.language == "en" else _is_chinese(draft)):
        yield Flaw("language", "write in one language only")
    if not (_is_about(draft) if draft.notes.turn else _asks(draft)):
        yield Flaw("unclear", "say clearly what you want done")
    notes = draft.notes
    least, most, more = (_LATER if notes.turn else _OPENING)[notes.persona.verbosity]
    names = sum(max(more, length(fact.label)) for fact in notes.facts)
    if length(draft.frame) > most + length(notes.wish) + names:
        yield Flaw("length", "too long, write less")
    if length(draft.frame) < least:
        yield Flaw("length", "too short, write as somebody who talks a lot")


def _is_english(draft: Draft) -> bool:
    return in_language(draft.text, "en", draft.notes.said)


def _is_chinese(draft: Draft) -> bool:
    """Few words of another language, or some where the speaker mixes them in."""
    known = {word.casefold() for source in draft.sources for word in latin_words(source)}
    foreign = [word for word in latin_words(draft.text) if word.casefold() not in known]
    mixes = draft.notes.persona.habit == "code_switching"
    # An answer may be nothing but its value, so one word by itself decides nothing.
    most = min(MIXED_WORDS if mixes else FOREIGN_WORDS, max(1, hans(draft.text) - 1))
    return len(foreign) <= most


def _asks(draft: Draft) -> bool:
    """Whether it puts the request as one, and still speaks of its thing."""
    goal = draft.notes.goal
    share = VAGUE_SHARE if draft.notes.persona.habit == "vague" else GOAL_SHARE
    return _requests(draft) and keeps_words(draft.text, goal, draft.language, share)


def _requests(draft: Draft) -> bool:
    wished = WISHES.search(draft.text) or _begins(draft.text, draft.notes.goal, draft.language)
    return bool(wished)


def _begins(text: str, goal: str, language: str) -> bool:
    """Whether a part of the message begins as the goal does: `Find a table` is a request too."""
    first = (goal[:1] if language == "zh" else goal.partition(" ")[0]).casefold()
    return any(part.strip().casefold().startswith(first) for part in _PART.split(text))


def _is_about(draft: Draft) -> bool:
    """Whether a later turn that asks for a thing speaks of it; a value alone is told, not asked."""
    if draft.notes.form == "again" and not (_requests(draft) or AGAIN.search(draft.text)):
        return False
    return keeps_words(draft.text, draft.notes.wish, draft.language, WISH_SHARE)
