"""A message that a model wrote in the user's name, and what it is held against."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from fc_distilabel.synthesis.data import MessageExample
from fc_distilabel.synthesis.user_notes import Notes
from fc_distilabel.synthesis.wording import HAN
from fc_distilabel.types import Language, Message, canonical_json

COUNT_WORDS = "ID No. one two both each 1 2 一 两 两次 两个 两份 两张 两条 二"
"""Small words that count or label what is asked for; they are no invented values."""
_NOW = "today tonight 今天 今晚"
"""How a user speaks of the date that only the system message tells."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'-]+")
_HAN_A_WORD = 1.8


class Flaw(NamedTuple):
    """Something wrong with a message."""

    rule: str
    """What sort of thing, in a word."""
    words: str
    """The same for the model that tries again."""


@dataclass(frozen=True)
class Draft:
    """The message, what it was to say, and what was said before."""

    text: str
    notes: Notes
    before: tuple[Message, ...]
    shown: tuple[MessageExample, ...]
    """The examples that its writer may have seen."""

    @property
    def language(self) -> Language:
        """The language that it should be in."""
        return self.notes.language

    @cached_property
    def own(self) -> list[str]:
        """What the user said before."""
        return [m.content for m in self.before if m.role == "user"]

    @cached_property
    def heard(self) -> list[str]:
        """All that was said aloud before: not what the system message knows."""
        return [m.content for m in self.before if m.role != "system" and m.content]

    @cached_property
    def sources(self) -> list[str]:
        """All that it may take its values from."""
        return [*self.due, *self.heard]

    @cached_property
    def due(self) -> list[str]:
        """What its turn is to say, and words that invent nothing."""
        notes = self.notes
        dated = any(_DATE.match(str(fact.value)) for fact in notes.silent)
        counted = f"{COUNT_WORDS} {notes.count}"
        labels = [fact.label for fact in notes.facts]
        own = [notes.goal, notes.wish, counted, _NOW if dated else ""]
        return [*notes.said, *labels, *own]

    @cached_property
    def asked(self) -> list[str]:
        """The arguments of the calls upon its turn, whoever says them."""
        rounds = self.notes.blueprint.turns[self.notes.turn].rounds
        calls = self.notes.blueprint.asked_calls
        return [canonical_json(calls[n].arguments) for each in rounds for n in each]

    @cached_property
    def frame(self) -> str:
        """Its own words, the values left out."""
        return " ".join(without(self.text, self.notes.said).split())


def without(text: str, values: Sequence[str]) -> str:
    """The text with a gap where the values stand."""
    for value in sorted(filter(None, values), key=len, reverse=True):
        text = re.sub(re.escape(value), " ", text, flags=re.IGNORECASE)
    return text


def letters(text: str) -> str:
    """The text without spaces and marks, in one case."""
    return re.sub(r"[\W_]+", "", text).casefold()


def latin_words(text: str) -> list[str]:
    """Its words in Latin letters."""
    return _LATIN.findall(text)


def hans(text: str) -> int:
    """How many Chinese characters it has."""
    return len(_HAN.findall(text))


def length(text: str) -> float:
    """How many words it has; Chinese ones by the average length of a word."""
    return len(latin_words(text)) + hans(text) / _HAN_A_WORD
