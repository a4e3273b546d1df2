"""Schema -> value, and value -> how a person would say it."""

import datetime
import random
import re
from collections.abc import Sequence

from fc_distilabel.apis.instances import instance_of
from fc_distilabel.types import Json, Language

_EXPLANATION = re.compile(r"[（(，,。;；：:]|\.( |$)|, e\.g\.| such as | in YYYY")
_TITLE = re.compile(r"[A-Z][a-z]+( (of|for|to|in|and|the|per|[A-Z][a-z]+))+")
"""A label In Title Case."""

_YES_NO: dict[Language, tuple[str, str]] = {"en": ("yes", "no"), "zh": ("是", "否")}
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def sample(
    schema: dict[str, Json],
    examples: Sequence[Json],
    random_: random.Random,
    language: Language = "en",
) -> Json:
    """A value that is valid under `schema`, from its examples where there are any.

    Raises `UnsatisfiableError` where neither schema nor examples say what a value could be.
    """
    whole = {"properties": {"it": schema}, "required": ["it"]}
    return instance_of(whole, random_, {"it": examples}, language, invent=False)["it"]


def say(value: Json, schema: dict[str, Json], language: Language) -> str:
    """The value in words that a user would write; grounding maps it back."""
    if schema.get("format") == "date":
        return _say_date(datetime.date.fromisoformat(value), language)
    if isinstance(value, bool):
        return _YES_NO[language][not value]
    if "enum" in schema:
        return str(value).replace("_", " ")
    return str(value)


def short_label(schema: dict[str, Json], name: str = "") -> str:
    """What a value is, in a few words: the description up to its first explanation, or the name."""
    told = str(schema.get("description") or name.replace("_", " "))
    label = _EXPLANATION.split(told, maxsplit=1)[0].strip()
    label = label.removeprefix("The ").removeprefix("the ")
    if _TITLE.fullmatch(label):  # in mid-sentence it would read like an invented name
        label = label.capitalize()
    return label or told


def _say_date(date: datetime.date, language: Language) -> str:
    if language == "zh":
        return f"{date.year}年{date.month}月{date.day}日"
    return f"{_MONTHS[date.month - 1]} {date.day}, {date.year}"
