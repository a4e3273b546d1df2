"""Conditions that no index answers: words like a word, and words near each other.

They are worked out first and put into the query as words or records that were found.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from fc_distilabel.argilla_server.search.documents import GAP, GAP_POSITIONS

MOST_EXPANSIONS = 10
"""Words that a fuzzy word stands for, the likest first: as Argilla asks of Elasticsearch."""
MOST_NEAR = 100
"""Words of a phrase with a slop; each of them is looked for around each other."""


def like(word: str, edits: int, others: Sequence[str]) -> list[str]:
    """Which of some words, given in order, are at most so many edits away; the likest first."""
    distances = _distances(word, others)
    near = [
        (1 - distance / max(1, min(len(word), len(other))), other)
        for distance, other in zip(distances, others, strict=True)
        if distance <= edits
    ]
    return [other for _, other in sorted(near, key=lambda one: (-one[0], one[1]))]


def _distances(word: str, others: Sequence[str]) -> list[int]:
    """Levenshtein's distance from a word to each of many, letter by letter for all at once."""
    if not others:
        return []
    longest = max(map(len, others))
    letters = np.array(others, dtype=f"<U{max(longest, 1)}").view(np.uint32)
    letters = letters.reshape(len(others), -1)
    lengths = np.array([len(other) for other in others])
    row = np.tile(np.arange(letters.shape[1] + 1, dtype=np.int16), (len(others), 1))
    for at, letter in enumerate(word, 1):
        changed = row[:, :-1] + (letters != ord(letter))
        best = np.minimum(changed, row[:, 1:] + 1)
        row = np.concatenate([np.full((len(others), 1), at, np.int16), best], axis=1)
        for column in range(1, row.shape[1]):
            np.minimum(row[:, column], row[:, column - 1] + 1, out=row[:, column])
    return [int(one) for one in row[np.arange(len(others)), lengths]]


def is_near(document: str, phrase: Sequence[str], slop: int) -> bool:
    """Whether the words stand in a document as in the phrase, but for so many moves of a word.

    As in Lucene: each word is shifted back by its place in the phrase, and the shifts of the words
    that are taken lie no further apart than the slop. A word that comes twice is there twice.
    """
    places: dict[str, list[int]] = {word: [] for word in phrase}
    gap = phrase[0].partition(":")[0] + ":" + GAP
    gaps = 0
    for position, word in enumerate(document.split()):
        if word in places:
            places[word].append(position + gaps)
        elif word == gap:
            gaps += GAP_POSITIONS
    wanted = Counter(phrase)
    if any(len(places[word]) < count for word, count in wanted.items()):
        return False
    shifted = sorted((place - at, at) for at, word in enumerate(phrase) for place in places[word])
    window, first = _Window(phrase), 0
    for shift, at in shifted:
        window.enter(shift, at)
        while shifted[first][0] < shift - slop:
            window.leave(*shifted[first])
            first += 1
        if window.holds(wanted):
            return True
    return False


class _Window:
    """The places of a phrase's words whose shifts lie close enough together."""

    def __init__(self, phrase: Sequence[str]) -> None:
        self._phrase = phrase
        self._slots: Counter[int] = Counter()
        self._places: Counter[int] = Counter()
        self._words: Counter[str] = Counter()

    def enter(self, shift: int, at: int) -> None:
        self._slots[at] += 1
        self._places[shift + at] += 1
        self._words[self._phrase[at]] += self._places[shift + at] == 1

    def leave(self, shift: int, at: int) -> None:
        self._slots[at] -= 1
        self._places[shift + at] -= 1
        self._words[self._phrase[at]] -= self._places[shift + at] == 0

    def holds(self, wanted: Mapping[str, int]) -> bool:
        """Whether each word of the phrase has a place, and one that comes twice has two."""
        slots = all(self._slots[at] for at in range(len(self._phrase)))
        return slots and all(self._words[word] >= count for word, count in wanted.items())
