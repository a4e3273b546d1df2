"""What is wrong with a message that a model wrote in the user's name; rules yield `Flaw`s.

A message passes only if it says every value of its turn and none that is not due, speaks as the
person who asks and never as the one who answers, and is no copy. The words of a flaw go back to the
model with the next try.
"""

from collections.abc import Iterator, Sequence

from fc_distilabel.synthesis.data import MessageExample
from fc_distilabel.synthesis.user_checks.copies import copied
from fc_distilabel.synthesis.user_checks.draft import Draft, Flaw
from fc_distilabel.synthesis.user_checks.manner import out_of_manner
from fc_distilabel.synthesis.user_checks.roles import out_of_role
from fc_distilabel.synthesis.user_checks.values import (
    mistakable_values,
    overruled_values,
    wrong_values,
)
from fc_distilabel.synthesis.user_notes import Notes
from fc_distilabel.types import Message

__all__ = ["Flaw", "flaws"]

_RULES = (wrong_values, out_of_role, copied, out_of_manner, overruled_values, mistakable_values)
"""The gravest first: what it says, who speaks, whether it is new, how it is put, what holds."""


def flaws(
    text: str,
    notes: Notes,
    before: Sequence[Message] = (),
    shown: Sequence[MessageExample] = (),
) -> Iterator[Flaw]:
    """All that is wrong with a message; `before` was said before it, `shown` are examples."""
    if not text.strip():
        yield Flaw("empty", "write something")
        return
    draft = Draft(text.strip(), notes, tuple(before), tuple(shown))
    for rule in _RULES:
        yield from rule(draft)
