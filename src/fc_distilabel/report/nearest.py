"""The question that a turn is nearest to, by its words and by its meaning."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fc_distilabel.report.texts import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

IN_WORDS = 0.8
"""Cosine of the TF-IDF vectors above which two texts are near."""
IN_MEANING = 0.8
"""Closeness (`apis.confusability`): of 1,651 cases of four other sets, none is so close to one of
BFCL's (tests/benchmarks/report.py)."""
_FEATURES = 2**18


class Near(NamedTuple):
    """The question that a turn is near to."""

    place: int
    """The index that the question was given with."""
    rule: Literal["near in words", "near in meaning"]
    closeness: float


class Nearest:
    """Questions as vectors, of their words and of their meaning."""

    def __init__(self, questions: Sequence[tuple[int, str]]) -> None:
        """Take questions with their index."""
        self._places = [index for index, _ in questions]
        self._texts = [text for _, text in questions]
        if questions:
            self._counted, self._weighed = _vectorizers()
            counts = self._counted.transform(self._texts)
            self._words = self._weighed.fit_transform(counts)
            self._meanings = _embeddings(self._texts)

    def of(self, turns: Sequence[str]) -> Iterable[Near | None]:
        """For each turn, the question that it is near to."""
        if not (turns and self._texts):
            return [None] * len(turns)
        words = self._weighed.transform(self._counted.transform(turns)) @ self._words.T
        meanings = _embeddings(turns) @ self._meanings.T
        return [
            self._by_words(words[n].toarray()[0]) or self._by_meaning(turn, meanings[n])
            for n, turn in enumerate(turns)
        ]

    def _by_words(self, cosines: "NDArray[np.float64]") -> Near | None:
        best = int(cosines.argmax())
        if cosines[best] <= IN_WORDS:
            return None
        return Near(self._places[best], "near in words", float(cosines[best]))

    def _by_meaning(self, turn: str, cosines: "NDArray[np.float32]") -> Near | None:
        from fc_distilabel.apis.confusability import closeness

        best = int(cosines.argmax())
        close = closeness(turn, self._texts[best])
        return Near(self._places[best], "near in meaning", close) if close >= IN_MEANING else None


def _vectorizers() -> tuple[Any, Any]:
    """Counts of terms by their hash, so that a word no question has still counts; and weights."""
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    counted = HashingVectorizer(
        analyzer=terms, n_features=_FEATURES, norm=None, alternate_sign=False
    )
    return counted, TfidfTransformer()


def _embeddings(texts: Sequence[str]) -> "NDArray[np.float32]":
    import numpy as np

    from fc_distilabel.apis.embeddings import MAX_TEXT, embedding

    return np.stack([embedding(text[:MAX_TEXT]) for text in texts])
