"""Schema -> value, and value -> how a person would say it."""

import datetime
import random
import re

import rstr

from fc_distilabel.types import Json, Language

TODAY = datetime.date(2026, 3, 2)
"""A fixed present: rows must not depend on the day they were made."""

_EXPLANATION = re.compile(r"[（(，,。;；：:]|\.( |$)|, e\.g\.| such as | in YYYY")
_TITLE = re.compile(r"[A-Z][a-z]+( (of|for|to|in|and|the|per|[A-Z][a-z]+))+")
"""A label In Title Case."""

_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def sample(schema: dict[str, Json], examples: tuple[Json, ...], random_: random.Random) -> Json:
    """A value that is valid under `schema` (the scalar schemas that `fields` makes)."""
    if "enum" in schema:
        return random_.choice(schema["enum"])
    if schema.get("format") == "date":
        return (TODAY + datetime.timedelta(days=random_.randint(3, 200))).isoformat()
    if "pattern" in schema:
        return _by_pattern(schema["pattern"], random_)
    if examples:
        return random_.choice(examples)
    if schema["type"] == "integer":
        return random_.randint(schema.get("minimum", 0), schema.get("maximum", 100))
    raise ValueError(f"no source of values for {schema}")


def _by_pattern(pattern: str, random_: random.Random) -> str:
    if pattern.startswith("^([01]"):  # times of day: whole quarters, in waking hours
        return f"{random_.randint(8, 20):02d}:{random_.choice((0, 15, 30, 45)):02d}"
    return str(rstr.Rstr(random_).xeger(pattern))


def say(value: Json, schema: dict[str, Json], language: Language) -> str:
    """The value in words that a user would write; grounding maps it back."""
    if schema.get("format") == "date":
        return _say_date(datetime.date.fromisoformat(value), language)
    if "enum" in schema:
        return str(value).replace("_", " ")
    return str(value)


def short_label(schema: dict[str, Json]) -> str:
    """What a value is, in a few words: the description up to its first explanation."""
    label = _EXPLANATION.split(schema["description"], maxsplit=1)[0].strip()
    label = label.removeprefix("The ").removeprefix("the ")
    if _TITLE.fullmatch(label):  # in mid-sentence it would read like an invented name
        label = label.capitalize()
    return label or str(schema["description"])


def _say_date(date: datetime.date, language: Language) -> str:
    if language == "zh":
        return f"{date.year}年{date.month}月{date.day}日"
    return f"{_MONTHS[date.month - 1]} {date.day}, {date.year}"
