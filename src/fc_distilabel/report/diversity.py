"""How much requests differ from each other, in figures that can be held against other data sets.

All of them depend on how many texts are compared: the more there are, the more alike they must be.
So sets are compared at one size, on samples of that size: the mean of five draws. English words and
Chinese characters are the tokens; languages are measured apart, and compared with nothing of the
other.

- distinct-n: different runs of n tokens, of all runs of n tokens.
- self-BLEU-4: BLEU of a request with all others as its references, on average: weights equal, no
  smoothing, so a request that shares no four tokens with another scores 0.
- near: share of requests whose nearest other one has a TF-IDF cosine above 0.8.
- Vendi / n: the effective number of different requests (exponential of the entropy of the TF-IDF
  cosines' eigenvalues), of their number.
"""

import math
from collections import Counter
from collections.abc import Sequence
from statistics import mean
from typing import TYPE_CHECKING, TypeAlias

from fc_distilabel.report.texts import terms, tokens
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import Noun

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIZES = (10, 20, 50, 100, 200, 500)
"""Numbers of texts at which sets are measured."""
DRAWS = 5
NEAR = 0.8
ORDER = 4
"""Longest run of tokens in self-BLEU."""

Grams: TypeAlias = "Counter[tuple[str, ...]]"


class Diversity(Noun):
    """How much `n` texts differ."""

    n: int
    distinct_1: float
    distinct_2: float
    distinct_3: float
    self_bleu: float
    near: float
    vendi: float


FIGURES = tuple(name for name in Diversity.model_fields if name != "n")


def size_for(texts: int) -> int:
    """The largest size at which so many texts can be measured; 0 where they are too few."""
    return max((size for size in SIZES if size <= texts), default=0)


def diversity(texts: Sequence[str], n: int) -> Diversity:
    """The mean of a few samples of `n` texts, or of all where there are no more."""
    assert 1 < n <= len(texts), "there must be others to differ from"
    if len(texts) == n:
        return _measured(texts)
    draws = [_measured(rng("diversity", n, d).sample(texts, n)) for d in range(DRAWS)]
    means = {name: round(mean(getattr(d, name) for d in draws), 4) for name in FIGURES}
    return Diversity(n=n, **means)


def _measured(texts: Sequence[str]) -> Diversity:
    said = [tokens(text) for text in texts]
    near = cosines(texts)
    figures = {f"distinct_{n}": distinct(said, n) for n in (1, 2, 3)}
    figures |= {"self_bleu": self_bleu(said), "near": _near(near), "vendi": _vendi(near)}
    return Diversity(n=len(texts), **{name: round(value, 4) for name, value in figures.items()})


def distinct(said: Sequence[Sequence[str]], n: int) -> float:
    """Different runs of `n` tokens, of all."""
    grams = Counter(gram for found in said for gram in _grams(found, n).elements())
    return len(grams) / max(1, grams.total())


def self_bleu(said: Sequence[Sequence[str]]) -> float:
    """Mean BLEU of each text with all others as its references."""
    tops = [_Tops([_grams(found, n) for found in said]) for n in range(1, ORDER + 1)]
    lengths = Counter(map(len, said))
    return mean(_bleu(index, len(found), tops, lengths) for index, found in enumerate(said))


def _bleu(index: int, length: int, tops: Sequence["_Tops"], lengths: "Counter[int]") -> float:
    shares = [top.shared(index) for top in tops]
    if not all(shares):
        return 0.0
    others = [each for each, count in lengths.items() if count > (each == length)]
    nearest = min(others, key=lambda other: (abs(other - length), other))
    brevity = min(1.0, math.exp(1 - nearest / length))
    return brevity * math.exp(sum(map(math.log, shares)) / len(shares))


class _Tops:
    """The highest count of each gram in any text, and in any text but that one."""

    def __init__(self, counts: Sequence[Grams]) -> None:
        self._counts = counts
        self._tops: dict[tuple[str, ...], tuple[int, int, int]] = {}
        for index, grams in enumerate(counts):
            for gram, count in grams.items():
                self._tops[gram] = _better(self._tops.get(gram, (0, -1, 0)), count, index)

    def shared(self, index: int) -> float:
        """Share of a text's grams that another text has too."""
        grams = self._counts[index]
        kept = sum(min(count, self._elsewhere(gram, index)) for gram, count in grams.items())
        return kept / max(1, grams.total())

    def _elsewhere(self, gram: tuple[str, ...], index: int) -> int:
        first, whose, second = self._tops[gram]
        return second if whose == index else first


def _better(top: tuple[int, int, int], count: int, index: int) -> tuple[int, int, int]:
    first, whose, second = top
    return (count, index, first) if count > first else (first, whose, max(second, count))


def _grams(found: Sequence[str], n: int) -> Grams:
    return Counter(zip(*(found[start:] for start in range(n)), strict=False))


def cosines(texts: Sequence[str]) -> "NDArray[np.float64]":
    """The TF-IDF cosine of each text with each, as scikit-learn counts it.

    Not by scikit-learn, whose import takes longer than all the rest of a small run's report.
    """
    import numpy as np

    counts = [Counter(terms(text)) for text in texts]
    places = {term: place for place, term in enumerate(sorted(set().union(*counts)))}
    vectors = np.zeros((len(texts), max(1, len(places))))
    for number, found in enumerate(counts):
        for term, count in found.items():
            vectors[number, places[term]] = count
    vectors *= np.log((1 + len(texts)) / (1 + (vectors > 0).sum(axis=0))) + 1
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(lengths, lengths, 1)
    found_: NDArray[np.float64] = vectors @ vectors.T
    np.fill_diagonal(found_, 1)
    return found_


def _near(near: "NDArray[np.float64]") -> float:
    import numpy as np

    others = near - np.identity(len(near))
    return float((others.max(axis=1) > NEAR).mean())


def _vendi(near: "NDArray[np.float64]") -> float:
    import numpy as np

    values = np.linalg.eigvalsh(near / len(near))
    held = values[values > 1e-12]
    return float(np.exp(-(held * np.log(held)).sum()) / len(near))
