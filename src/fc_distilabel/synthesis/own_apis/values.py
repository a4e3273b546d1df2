"""Values for the fields of somebody's API: what its own definition names, and what anyone knows.

A schema's examples and defaults come first, then what the description names (`e.g. 'Berlin'`), then
values that a thing of that name has everywhere (currencies, countries). What is left is told by
formats, patterns and names, or not at all: a text of random letters is no value.
"""

import re
from collections.abc import Iterator, Sequence
from random import Random

from fc_distilabel.apis.kinds import kind_of
from fc_distilabel.apis.naming import words_of
from fc_distilabel.apis.sources import text_of_format, text_of_kind
from fc_distilabel.apis.texts import text_by_pattern
from fc_distilabel.schemas.engine import Validator
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.synthesis.own_apis.reading import is_credential
from fc_distilabel.synthesis.own_apis.tables import spans, table
from fc_distilabel.types import Json, Language

MAX_VALUES = 8
MAX_VALUE = 60
"""Characters of a value that a person would say in a request."""
MAX_WORDED = 40
"""Characters of a value that a model words."""
_READ = 400
_LABEL = 60
_QUOTED = re.compile(r"['\"`\u2018\u201c「]([^'\"`\u2019\u201d」\n]{1,60})['\"`\u2019\u201d」]")
_NAMED = re.compile(
    r"(?:\be\.?g\.?|\b(?:for example|for instance|such as|examples?|like)\b|例如|比如|譬如|如)"
    r"[,:：，]?\s?([^;()\n。；（）]{1,160})",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[,、，/|]|\bor\b|\band\b|或|和|等)\s*")
_NAME = re.compile(r"[\w+./-]{1,30}|[A-Z][\w'.-]{0,20}(?: [A-Z][\w'.-]{0,20}){1,3}")
_ISO_DATE = re.compile(r"\byyyy-mm-dd\b", re.IGNORECASE)
_OTHER_DATE = re.compile(r"\b(?:[dmy]{1,4}[-/. ]){2}[dmy]{1,4}\b|\byyyymmdd\b|timestamp", re.I)
_REFERENCES = frozenset(("id", "reference", "ref", "number", "no"))
_OWN_CODES = frozenset(
    "booking order confirmation voucher coupon promo discount invite ticket case claim".split()
)
_HEAD_ENDS = re.compile(
    r"[,.;:(，。；：（]| (?:of|for|to|from|that|which|in|by|you|used|with|where)\b"
)
_HEAD_TAIL = re.compile(r"(?: names?| value| string|名称|名字|名)$")
_TEXTS = re.compile("[A-Za-z0-9\u4e00-\u9fff]")


def hints(name: str, schema: Schema, language: Language) -> tuple[Json, ...]:
    """Values that fit the field by what is written; none for numbers and flags as a rule."""
    given = [*_listed(schema.get("examples")), schema.get("example"), schema.get("default")]
    found = [value for value in given if is_sayable(value)]
    if not found:
        found = [_typed(text, schema) for text in _described(schema)]
    if len(found) < 2 and schema.get("type") == "string":
        found += _known(name, schema, language)
    return tuple(dict.fromkeys(v for v in found if v is not None))[:MAX_VALUES]


def is_tellable(name: str, schema: Schema, language: Language) -> bool:
    """Whether the field can have a value that a person could say, known to code or worded."""
    if is_credential(name):
        return False
    if is_free(name, schema, language):
        return int(schema.get("minLength", 0)) <= MAX_WORDED
    if "pattern" in schema and not hints(name, schema, language):
        return text_by_pattern(schema["pattern"], Random(0)) is not None
    return True


def is_free(name: str, schema: Schema, language: Language) -> bool:
    """Whether the field is a text of which code knows nothing, so that it has to be worded."""
    said = {"enum", "const", "pattern"} & schema.keys()
    if said or schema.get("type") != "string" or hints(name, schema, language):
        return False
    if "format" in schema:
        return text_of_format(schema["format"], language, Random(0)) is None
    kind = kind_of(name, schema)
    if kind == "person_name" and len(words_of(name)) < 2:
        return True  # the name of a fruit is no person's
    if kind == "code" and not _is_own_code(name):
        return True
    natural = text_of_kind(kind, language, Random(0))
    return natural is None or bool(Validator(schema).violations(natural))


def narrowed(name: str, schema: Schema) -> Schema:
    """The field with what its name says beside its schema: that a text is a date, a year's span."""
    kind = schema.get("type")
    if kind == "string" and _is_date(name, schema):
        return {**schema, "format": "date"}
    if kind in ("integer", "number") and not {"minimum", "maximum", "enum"} & schema.keys():
        words = "_".join(words_of(name)[-1:])
        span = next((s for s in spans() if s.pattern.search(words)), None)
        low, high = (span.low, span.high) if span else (1, 100)
        return {**schema, "minimum": low, "maximum": high}
    return schema


def _is_date(name: str, schema: Schema) -> bool:
    told = str(schema.get("description", ""))[:_READ]
    if {"format", "pattern", "enum", "examples", "example"} & schema.keys():
        return False
    dated = kind_of(name, schema) == "date" and not _OTHER_DATE.search(_ISO_DATE.sub("", told))
    return dated or bool(_ISO_DATE.search(told))


def _listed(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else ()


def is_sayable(value: Json) -> bool:
    """Whether somebody could say the value in a request."""
    if isinstance(value, str):
        return bool(_TEXTS.search(value)) and len(value) <= MAX_VALUE and "\n" not in value
    return isinstance(value, int | float)


def _described(schema: Schema) -> Iterator[str]:
    """The values that a description names as examples."""
    for match in _NAMED.finditer(str(schema.get("description", ""))[:_READ]):
        quoted = _QUOTED.findall(match[1])
        if quoted:
            yield from (text for text in quoted if is_sayable(text))
            continue
        for item in _ITEM.split(match[1].strip(" .")):
            if not _NAME.fullmatch(item) or not is_sayable(item):
                break  # the sentence goes on: what follows is no list
            yield item.rstrip(".")


def _typed(text: str, schema: Schema) -> Json:
    """A value written in a description, as the schema wants it; None where it is none such."""
    kind = schema.get("type")
    if kind == "string":
        return text
    if kind not in ("integer", "number"):
        return None
    try:
        return int(text) if kind == "integer" else float(text)
    except ValueError:
        return None


def _known(name: str, schema: Schema, language: Language) -> Sequence[Json]:
    """What a thing of that name, or else of that label, has everywhere."""
    for text in ("_".join(words_of(name)), _head(str(schema.get("description", "")))):
        for known in table(language).values:
            found = list(known.pattern.finditer(text))
            if found and found[-1].end() == len(text):
                return known.values
    return ()


def _head(label: str) -> str:
    """What a label calls the thing: `the base currency` of `The base currency for the rates`."""
    text = _HEAD_ENDS.split(label[:_LABEL].lower(), maxsplit=1)[0]
    return _HEAD_TAIL.sub("", text.strip())


def _is_own_code(name: str) -> bool:
    """Whether a code is the service's own, so that any will do; an airport's is not."""
    *before, last = words_of(name) or [""]
    return last in _REFERENCES or (last == "code" and not _OWN_CODES.isdisjoint(before))
