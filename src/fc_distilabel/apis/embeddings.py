"""Texts as vectors, to measure how close they are in meaning: on the machine, with no download.

The weights come inside the wheel of `wordllama`: vectors of the tokens of a language model, trained
so that their mean stands for a text. It is asked for only when something is measured. It looks for
the tokenizer in its wheel only when it is told where that is, and sets up logging for the whole
process when imported, which is undone here.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_TEXT = 4_000
"""Characters of a text that count: a definition's sense does not hang on its tenth page."""
CACHED = 20_000
_TINY = 1e-9


def cosine(one: str, other: str) -> float:
    """How close two texts are, from about 0 (nothing in common) to 1 (the same); may be below 0."""
    return float(embedding(one[:MAX_TEXT]) @ embedding(other[:MAX_TEXT]))


@lru_cache(maxsize=CACHED)
def embedding(text: str) -> "NDArray[np.float32]":
    """The vector of a text, of length 1; of length 0 for a text without tokens."""
    vector: NDArray[np.float32] = _model().embed([text])[0]
    return vector / max(float((vector @ vector) ** 0.5), _TINY)


@cache
def _model() -> Any:
    with _logging_left_alone():
        import wordllama
        from wordllama import WordLlama

        folder = Path(wordllama.__file__).parent
        return WordLlama.load(cache_dir=folder, disable_download=True)


@contextmanager
def _logging_left_alone() -> Iterator[None]:
    """Take back what an import does to the root logger."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
