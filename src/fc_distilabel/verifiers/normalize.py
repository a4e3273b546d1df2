"""One reading of a text: its words in one form and its facts in one spelling.

What only few values need (units, names, initials) is read when first asked for, and once.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from fc_distilabel.verifiers.facts.calendar import Scene, resolved
from fc_distilabel.verifiers.facts.mention import Mention, number_key
from fc_distilabel.verifiers.facts.names import named
from fc_distilabel.verifiers.facts.patterns import mentions
from fc_distilabel.verifiers.facts.pinyin import spoken
from fc_distilabel.verifiers.facts.quantities import (
    UNITS,
    Quantity,
    Unit,
    quantities,
    quantity_keys,
    spans,
)
from fc_distilabel.verifiers.facts.text import (
    HAN,
    bare,
    beginning,
    clean,
    flattened,
    fold,
    stands_in,
    stems,
    words_of,
)

__all__ = [
    "Mention",
    "Reading",
    "bare",
    "beginning",
    "clean",
    "fold",
    "mentions",
    "number_key",
    "read",
    "stands_in",
    "stems",
    "words_of",
]

_CAPITAL = re.compile(r"\b(?:([A-Z])[\w'-]*|(?:of|the|and|for|de)\b)")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Reading:
    """A text, read once: for matching words and for matching facts."""

    text: str
    """The text, cleaned; the JSON of a tool's result as lines of `key: value`."""

    @cached_property
    def folded(self) -> str:
        """Its words in lower case without punctuation."""
        return fold(self.text)

    @cached_property
    def stems(self) -> str:
        """Its words without plurals."""
        return stems(self.folded)

    @cached_property
    def bare(self) -> str:
        """Its words without plurals and without small words."""
        return bare(self.folded)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Its facts."""
        return mentions(self.text)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of its facts and of what they carry."""
        return frozenset[str]().union(*(m.keys | m.parts for m in self.mentions))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers with units."""
        return tuple(quantities(self.text, self.mentions))

    @cached_property
    def sizes(self) -> frozenset[str]:
        """The keys of its quantities, and of how long it is between its times and days."""
        return frozenset({*quantity_keys(self.quantities), *spans(self.mentions)})

    @cached_property
    def units(self) -> frozenset[Unit]:
        """The units it names, with and without a number."""
        words = {word for word in self.folded.split() if len(word) > 1}
        named = frozenset(unit for word in words for unit in UNITS.get(word, ()))
        return named | {quantity.unit for quantity in self.quantities}

    @cached_property
    def concepts(self) -> frozenset[str]:
        """The countries, languages, currencies and the like that it names."""
        return named(self.text)

    @cached_property
    def initials(self) -> str:
        """First letters of runs of capitalised words: `SD` for San Diego, runs set apart."""
        found, last = [], 0
        for match in _CAPITAL.finditer(self.text):
            if self.text[last : match.start()].strip(" "):
                found.append(" ")
            found.append(match[1] or "")
            last = match.end()
        return "".join(found)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Its Chinese words, as every two characters that stand together."""
        return frozenset(han_pairs(self.folded))

    @cached_property
    def spoken(self) -> tuple[tuple[str, frozenset[int]], ...]:
        """Its Chinese in Latin letters."""
        return spoken(self.text)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(set(self.folded.split()))

    def begins(self, word: str) -> bool:
        """Whether one of its words begins like this one: `immediate` and `immediately`."""
        if HAN.search(word):
            return word in self.folded
        start = beginning(word)
        at = bisect_left(self._sorted, start)
        return at < len(self._sorted) and self._sorted[at].startswith(start)

    def speaks(self) -> str:
        """The language that it is written in."""
        return "zh" if len(HAN.findall(self.text)) * 4 > len(self.text) else "en"


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Read a source, which may be the JSON text of a tool's result."""
    return Reading(clean(flattened(text)))


@lru_cache(maxsize=512)
def days_meant(reading: Reading, now: Scene) -> frozenset[str]:
    """The keys of days that a text means by their distance, such as `tomorrow`."""
    return resolved(reading.text, reading.mentions, reading.quantities, now)


def han_pairs(folded: str) -> Iterator[str]:
    """Every two Chinese characters that stand together, without the joining 的."""
    for run in _HAN_RUN.findall(folded.replace("的", "")):
        yield from (run[i : i + 2] for i in range(len(run) - 1))
