"""What a model says of a parameter (`kind`, examples) -> the JSON Schema that code makes of it.

The model names a *kind of value*; code owns what that kind is: its type, format, pattern and
bounds, and where plausible values come from. So a schema is valid by construction, and a value
never depends on the model knowing what a date looks like.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from fc_distilabel.apis.sources import (
    PHONE_PATTERN,
    TIME_PATTERN,
    seeded_faker,
    street_address,
)
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.data import cities
from fc_distilabel.synthesis.wording import copies_prompt, in_language, text_field
from fc_distilabel.types import Json, Language

WORDED_KINDS = ("text", "choice", "whole_number", "amount")
"""Kinds whose values only the domain knows: the model gives examples."""
CODED_KINDS = ("date", "time", "person_name", "phone", "email", "city", "street_address", "code")
"""Kinds whose values code makes."""
FLAG = "yes_no"
"""The kind of a wish that is either there or not; only what may be left out can be one."""
RESULT_KINDS = ("choice", "whole_number", "amount", "date", "code")
"""Kinds of a result: text, a name or an address there would have to be true of the world; for a
time of day, small models mistake how long something takes."""

EXAMPLE_LENGTH = 28
MAX_DESCRIPTION = 60

_NAME = {"type": "string", "pattern": "^[a-z][a-z0-9_]{1,29}$"}
_SECRET = re.compile(r"api_?key|token|session_id|password|secret|auth_|_auth$|^auth$")
_PAST = re.compile(r"birth")
"""Names of dates that cannot lie ahead, as all the dates of a blueprint do."""
_EXPLAINED = re.compile(
    r"\s*[(（](?:e\.g|for example|such as|like|例如|比如|如|格式|选填|可选|必填|YYYY).*$"
    r"|[,，、;；]\s*(?:e\.g|for example|such as|例如|比如|如|格式|用于|用来|可以是|可选).*$"
    r"|[.。；;：:]$",
    re.IGNORECASE,
)
"""Where a description goes on to say what its schema says better."""
_NUMBER_LAST = re.compile(r"[ _#-]*\d+$")
_NUMBERED = re.compile(r"[ _#-]*(?:\d+|[A-Z]{1,3})$")
_KNOWN_RANGES: tuple[tuple[re.Pattern[str], tuple[int, int]], ...] = (
    (re.compile(r"percent|_rate$|progress"), (0, 100)),
    (re.compile(r"(^|_)month$"), (1, 12)),
    (re.compile(r"(^|_)year$"), (1900, 2100)),
    (re.compile(r"(^|_)hour$"), (0, 23)),
    (re.compile(r"(^|_)age$"), (0, 120)),
    (re.compile(r"rating|stars?$"), (1, 5)),
)
"""Numbers whose least and most everybody knows, by name."""
_ASIDE = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_EMPTY_WORDS = re.compile(
    r"^(message|response|error.*|note|notes|description|result|.*details?|.*info|.*information"
    r"|.*(link|url|guide|document|content|instructions|steps|summary|data))$"
)
_NO_CHOICE = re.compile(
    r"^(yes|no|true|false|unknown|null|none|other|success|failure|error|是|否|未知|无|其他)$"
    r"|\b(example|sample|placeholder|dummy|this is|another test)\b|示例|[:：]"
    r"|[{}\[\]\"<>]|https?://"
    r"|(?-i:(^| |[\u4e00-\u9fff])[A-Z]$)",
    re.IGNORECASE,
)
"""Values that cannot be said in a sentence, or that say nothing of the domain."""
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_CODE_NAME = re.compile(
    r"(id|number|no|num|code|reference|ref|serial|ticket|account|order|case|receipt|tracking)$"
)
_BY_NAME: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"email"), "email"),
    (re.compile(r"phone|mobile"), "phone"),
    (re.compile(r"(^|_)date$|^date_|_day$"), "date"),
    (re.compile(r"(^|_)time$"), "time"),
    (
        re.compile(r"(?<!room)(?<!seat)(?<!page)(?<!floor)(^|_)(id|number|no|reference|ref)$"),
        "code",
    ),
    (
        re.compile(
            r"^(full_name|person_name|guest_name|passenger_name|customer_name|applicant_name"
            r"|contact_name|employee_name|traveler_name|user_name|name)$"
        ),
        "person_name",
    ),
    (re.compile(r"(^|_)city$"), "city"),
    (re.compile(r"(^|_)(email_)?address$"), "street_address"),
)


@dataclass(frozen=True)
class Field:
    """One parameter or result field, made usable."""

    name: str
    schema: dict[str, Json]
    examples: tuple[Json, ...]
    """Plausible values where the schema alone does not give them; else empty."""


def reply_schema(
    minimum: int, maximum: int, kinds: Sequence[str] = (*WORDED_KINDS, *CODED_KINDS)
) -> dict[str, Json]:
    """The schema that a model's list of fields must follow."""
    common = {"name": _NAME, "description": text_field(MAX_DESCRIPTION, 2)}
    examples = {"type": "array", "items": text_field(EXAMPLE_LENGTH), "minItems": 3, "maxItems": 4}
    worded = closed_object(
        common
        | {"kind": {"enum": [kind for kind in kinds if kind in WORDED_KINDS]}, "examples": examples}
    )
    coded = closed_object(
        common | {"kind": {"enum": [kind for kind in kinds if kind not in WORDED_KINDS]}}
    )
    items = {"anyOf": [worded, coded]}
    return {"type": "array", "items": items, "minItems": minimum, "maxItems": maximum}


def build_field(said: dict[str, Json], language: Language, random_: random.Random) -> Field | None:
    """The field as code can use it, or None where it makes no sense (the caller leaves it out)."""
    name, description = said["name"], _EXPLAINED.sub("", said["description"]).strip()
    if (
        _SECRET.search(name)
        or _PAST.search(name)
        or _EMPTY_WORDS.search(name)
        or not in_language(description, language)
        or copies_prompt(description)
        or not description
    ):
        return None
    if len(description) >= MAX_DESCRIPTION:
        return None
    kind = _kind_by_name(name, said["kind"])
    if kind == "code" and not _CODE_NAME.search(name):
        return None  # `currency`, `location`: a code of ours would be no value of these
    built = _build(kind, said.get("examples", ()), name, language, random_)
    if built is None:
        return None
    schema, examples = built
    return Field(name=name, schema=schema | {"description": description}, examples=examples)


def _kind_by_name(name: str, kind: str) -> str:
    # A name such as `travel_date` is better evidence than the kind a small model picked.
    if kind in ("text", "whole_number"):
        for pattern, better in _BY_NAME:
            if pattern.search(name) and not (kind == "whole_number" and better == "time"):
                return better
    return kind


def _build(
    kind: str, said: tuple[str, ...], name: str, language: Language, random_: random.Random
) -> tuple[dict[str, Json], tuple[Json, ...]] | None:
    if kind in WORDED_KINDS:
        return _worded(kind, said, name, language)
    faker = seeded_faker(language, random_)
    string: dict[str, Json] = {"type": "string"}
    made: dict[str, tuple[dict[str, Json], tuple[Json, ...]]] = {
        FLAG: ({"type": "boolean"}, ()),
        "date": (string | {"format": "date"}, ()),
        "time": (string | {"pattern": TIME_PATTERN}, ()),
        "phone": (string | {"pattern": PHONE_PATTERN[language]}, ()),
        "email": (string | {"format": "email"}, tuple(faker.ascii_safe_email() for _ in range(4))),
        "person_name": (string, tuple(faker.name() for _ in range(4))),
        "city": (string, tuple(random_.sample(cities(language), 4))),
        "street_address": (string, tuple(street_address(language, faker) for _ in range(4))),
        "code": (string | {"pattern": code_pattern(name)}, ()),
    }
    return made[kind]


def _worded(
    kind: str, said: tuple[str, ...], name: str, language: Language
) -> tuple[dict[str, Json], tuple[Json, ...]] | None:
    examples = _clean_examples(said, language)
    numbers = [_number(e) for e in said]
    found = sorted({n for n in numbers if n is not None})
    if kind == "choice" and len(found) == len(said) and all(_NUMBER.fullmatch(e) for e in said):
        kind = "whole_number" if all(n == int(n) for n in found) else "amount"
    if kind in ("whole_number", "amount"):
        return _numeric(kind, found, name)
    if len(examples) < 2 or len({_NUMBERED.sub("", e) for e in examples}) == 1:
        return None
    if kind == "choice":
        return {"type": "string", "enum": _unnumbered(examples)}, ()
    return {"type": "string"}, examples


def _unnumbered(examples: Sequence[str]) -> list[str]:
    """The choices without the numbers that all of them carry at the end: `Express 12`."""
    bare = [_NUMBER_LAST.sub("", example) for example in examples]
    numbered = all(left not in ("", example) for left, example in zip(bare, examples, strict=True))
    return bare if numbered and len(set(bare)) == len(bare) else list(examples)


def _clean_examples(said: tuple[str, ...], language: Language) -> tuple[str, ...]:
    """Distinct whole examples: one that fills its length bound was probably cut off."""
    kept: list[str] = []
    for example in (" ".join(_ASIDE.sub("", e).split()) for e in said):
        foreign = language == "en" and not in_language(example, language)
        cut = len(example) >= EXAMPLE_LENGTH
        empty = not example or _NO_CHOICE.search(example) or copies_prompt(example)
        if (
            not empty
            and not cut
            and not foreign
            and example.lower() not in {k.lower() for k in kept}
        ):
            kept.append(example)
    return tuple(kept)


def _numeric(
    kind: str, found: list[float], name: str
) -> tuple[dict[str, Json], tuple[Json, ...]] | None:
    if not found or found[0] < 0 or found[-1] > 10**9:
        return None
    if kind == "whole_number":
        low, high = _range_of(name, int(found[0]), int(found[-1]))
        schema = {"type": "integer", "minimum": low, "maximum": high}
        return schema, (*(int(n) for n in found),)
    return {"type": "number", "minimum": 0}, tuple(
        int(n) if n == int(n) else round(n, 2) for n in found
    )


def _range_of(name: str, low: int, high: int) -> tuple[int, int]:
    """Least and most of a whole number: what everybody knows, or with room above the examples."""
    for pattern, (least, most) in _KNOWN_RANGES:
        if pattern.search(name) and least <= low and high <= most:
            return least, most
    return min(low, 1), _room(high)


def _room(high: int) -> int:
    """A round number that leaves room above the largest example: 1, 2 or 5 and zeros."""
    step = 10
    while 5 * step < 2 * high:
        step *= 10
    return next(times * step for times in (1, 2, 5) if times * step >= 2 * high)


def _number(text: str) -> float | None:
    match = _NUMBER.search(text)
    return float(match.group().replace(",", "")) if match else None


def code_pattern(name: str) -> str:
    """`booking_id` -> `^BO-[0-9]{4}$`: short, because small models drop digits of long codes."""
    return f"^{name[:2].upper()}-[0-9]{{4}}$" if name[:2].isalpha() else "^ID-[0-9]{4}$"
