"""What is compared of a text: its tokens, and windows of 13 words.

One rule for both languages. A token is a run of letters or digits, in lower case; a Chinese
character is a token of its own, since no space parts Chinese words. A window is the shortest run of
tokens that comes to 13 words, where 20 Chinese characters count as 13 words (an English word takes
about one and a half characters): 13 English words, 20 Chinese characters, or what mixes them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from fc_distilabel.documents.blocks import HAN
from fc_distilabel.types import Json

_WORD, _CHARACTER = 20, 13
"""What tokens weigh: 13 words weigh as much as 20 characters."""
WINDOW = 13 * _WORD
"""The weight of a window."""
SHORT = 8 * _WORD
"""The weight from which a text that is shorter than a window is looked for as a whole."""
_TOKEN = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")
_HAN = re.compile(f"[{HAN}]")


def tokens(text: str) -> list[str]:
    """Words and Chinese characters, in lower case."""
    return _TOKEN.findall(text.lower())


def terms(text: str) -> list[str]:
    """Words, and pairs of neighbouring Chinese characters: what a vector of a text counts."""
    found = tokens(text)
    words = [token for token in found if not _HAN.match(token)]
    return words + [one + next_ for one, next_ in pairwise(found) if _both_han(one, next_)]


def weight(found: Sequence[str]) -> int:
    """What tokens weigh."""
    return sum(map(_weight, found))


def windows(found: Sequence[str], size: int = WINDOW) -> Iterator[tuple[str, ...]]:
    """Each shortest run of tokens that weighs `size`."""
    end = held = 0
    for start, first in enumerate(found):
        while end < len(found) and held < size:
            held += _weight(found[end])
            end += 1
        if held < size:
            return
        yield tuple(found[start:end])
        held -= _weight(first)


def user_turns(messages: Sequence[Mapping[str, Json]]) -> list[str]:
    """The words of each of the user's turns."""
    said = [m.get("content") for m in messages if m.get("role") == "user"]
    return [text for text in said if isinstance(text, str) and text.strip()]


def _weight(token: str) -> int:
    return _CHARACTER if _HAN.match(token) else _WORD


def _both_han(one: str, other: str) -> bool:
    return bool(_HAN.match(one) and _HAN.match(other))
