"""The words of the page in English and in Chinese, which `words.json` holds side by side."""

import json
from functools import cache
from importlib.resources import files

from fc_distilabel.types import LANGUAGES, Json

_LABEL = 22
"""Signs of a label beside a bar."""


def readable(text: str) -> str:
    """A text without the characters that control a page or turn its words around."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def label(text: str) -> str:
    """A text in one short line."""
    line = " ".join(readable(text).split())
    return line if len(line) <= _LABEL else f"{line[: _LABEL - 1]}…"


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._place = LANGUAGES.index("zh" if language == "zh" else "en")

    def __call__(self, key: str, **values: object) -> str:
        """A sentence or title, with values in their places."""
        text: str = _table()[key][self._place]
        return text.format(**values) if values else text

    def name(self, group: str, value: str) -> str:
        """What people call one of our own names; a name that is not ours stays as it is."""
        told = _table()[f"name.{group}"].get(value)
        return told[self._place] if told else value

    def listed(self, parts: list[str]) -> str:
        """Parts in a line."""
        return ("、" if self.language == "zh" else ", ").join(parts)


@cache
def _table() -> dict[str, Json]:
    table: dict[str, Json] = json.loads(
        (files("fc_distilabel.report") / "words.json").read_text("utf-8")
    )
    return table
