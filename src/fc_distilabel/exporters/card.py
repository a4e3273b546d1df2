"""The dataset card of an export, in English and in Chinese, from what was counted.

It says what is in the files, how they were made and what they are not good for; a licence is for
the user to choose, and its absence is said aloud.
"""

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from fc_distilabel.exporters.units import Data
from fc_distilabel.exporters.writing import TEST, TRAIN, Tally
from fc_distilabel.types import Json

CARDS = {"en": "README.md", "zh": "README.zh.md"}
"""The card's file by language; the first is the one that hubs read."""


class Origin(NamedTuple):
    """Where the rows come from."""

    name: str
    """The file, or the folder of a run."""
    version: str = ""
    """Of fc-distilabel, where the source is a run; empty where it is any file."""
    model: str = ""
    documents: int = 0


class Card(NamedTuple):
    """What a card needs beyond the counts."""

    trainer: str
    data: Data
    origin: Origin
    licence: str = ""
    seed: int = 0
    command: str = ""


def card_text(language: str, card: Card, tally: Tally) -> str:
    """The card in a language."""
    words, second = _words(), int(language == "zh")
    parts = [("train", TRAIN, tally.train), ("test", TEST, tally.test)]
    limit = words["limits"].get(card.trainer)
    return (
        _environment()
        .get_template(f"{language}.md.jinja")
        .render(
            trainer=card.trainer,
            data=words["data"][card.data][second],
            origin=card.origin,
            licence=card.licence,
            seed=card.seed,
            command=card.command,
            parts=[part for part in parts if part[2]],
            languages=[one for one in tally.languages.most_common() if one[0]],
            kinds=[one for one in tally.kinds.most_common() if one[0]],
            labels=tally.labels.most_common(),
            columns=[
                (name, type_, words["columns"].get(name, ("", ""))[second])
                for name, type_ in tally.columns.items()
            ],
            refused=tally.refused.most_common(),
            repeated=tally.repeated,
            without=tally.without,
            limit=limit[second] if limit else "",
        )
    )


@cache
def _words() -> dict[str, Json]:
    text = (files(__package__) / "cards" / "words.json").read_text(encoding="utf-8")
    words: dict[str, Json] = json.loads(text)
    return words


@cache
def _environment() -> Environment:
    # Markdown, not HTML: names of kinds and reasons are ours, those of columns a trainer's.
    return Environment(
        loader=PackageLoader("fc_distilabel.exporters", "cards"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
