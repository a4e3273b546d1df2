"""Chinese names in Latin letters: `Zhang Wei` is 张伟, `Beijing` 北京."""

import re
from itertools import permutations

_RUN = re.compile(r"[\u3400-\u9fff]+")
_LONGEST = 20_000
"""Characters of a text that are read aloud."""


def spoken(text: str) -> tuple[tuple[str, frozenset[int]], ...]:
    """The runs of Chinese in a text as letters, and where syllables begin or end in them."""
    from pypinyin import lazy_pinyin  # its dictionary takes a while, and few texts need it

    found = []
    for run in _RUN.findall(text[:_LONGEST]):
        borders, letters = [0], ""
        for syllable in lazy_pinyin(run):
            letters += syllable
            borders.append(len(letters))
        found.append((letters, frozenset(borders)))
    return tuple(found)


def romanised(folded: str, runs: tuple[tuple[str, frozenset[int]], ...]) -> bool:
    """Whether folded words are read aloud in a text; a given name may come first."""
    words = folded.split()
    orders = permutations(words) if len(words) == 2 else [words]
    return any(
        _in(letters, borders, "".join(order)) for order in orders for letters, borders in runs
    )


def _in(letters: str, borders: frozenset[int], name: str) -> bool:
    at = letters.find(name)
    while at >= 0:
        if at in borders and at + len(name) in borders:
            return True
        at = letters.find(name, at + 1)
    return False
