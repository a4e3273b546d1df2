"""One fact in a text: what it is, where it stands, and the keys that other spellings share."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple


class Mention(NamedTuple):
    """One fact in a text."""

    kind: str
    text: str
    start: int
    keys: frozenset[str]
    """Sharing any one of them is saying the same."""
    parts: frozenset[str] = frozenset()
    """Smaller facts that this one carries as a source: the day and the month of a date."""
    fact: bool = True
    """False for what may support a value but asserts nothing: `one`, `the first`, a list number."""

    @property
    def end(self) -> int:
        """Where its text ends."""
        return self.start + len(self.text)


def number_key(value: int | float | Decimal | str) -> str:
    """The key of a number: `number:1250` for 1250, 1250.0 and `1,250.00`."""
    exact = Decimal(str(value).replace(",", "").replace("\u2212", "-"))
    return f"number:{exact.normalize() + 0:f}"


def mention(
    kind: str,
    match: re.Match[str],
    keys: Iterable[str],
    parts: Iterable[str] = (),
    *,
    fact: bool = True,
) -> Mention:
    """The mention that a pattern has found, without the punctuation around it."""
    text = match[0].strip().rstrip(".,;:!?")
    return Mention(kind, text, match.start(), frozenset(keys), frozenset(parts), fact)
