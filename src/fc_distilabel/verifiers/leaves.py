"""The values inside a call's arguments, each with what its schema and its name say of it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from fc_distilabel.schemas.bounds import join_path
from fc_distilabel.types import Json
from fc_distilabel.verifiers.normalize import fold, words_of

_READ = 2000
_PROSE_DEFAULT = re.compile(
    r"\bdefaults?\b(?: value)?(?: is| to|s? to|:| =)? ?([^.;,)]{1,40})"
    r"|(?:默认|缺省)(?:值)?(?:为|是|:|：)? ?([^。，；,;)）]{1,40})",
    re.IGNORECASE,
)
_LISTED = re.compile(r"['\"\u2018\u201c`「]([^'\"\u2019\u201d`」\n]{1,60})['\"\u2019\u201d`」]")
_EXAMPLES = re.compile(
    r"(?:\be\.g\.|\b(?:such as|like|one of|can be|options?|values)\b|例如|比如|可选值|可选|包括|如)"
    r"[,:：是为]?([^.;()\n。；（）]{2,200})",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[,、，/|]|\bor\b|\band\b|或|和|等)\s*")
_RANGE = re.compile(r"(?<![\d.])(\d{1,6})\s?(?:-|\u2013|~|to|至|到)\s?(\d{1,6})(?!\d|\.\d)")
_LEAST = re.compile(r"\b(?:min|lowest|lower limit)|最低|最小|最少|下限")
_MOST = re.compile(r"\b(?:max|highest|upper limit)|最高|最大|最多|上限")
_NUMBERING = re.compile(r"\b(?:id|index|number|order|step|seq\w{0,8})$")
_EDGE = r"(?<![A-Za-z0-9_.-])"
_PHRASE = r"[^,;.()\n，；。（）、'\"]{2,60}"
_VERB = (
    r"for|if|when|means|indicates|denotes|represents?|(?:corresponds?|refers?)\s+to|stands\s+for|is"
    r"|to|=|:|-|\u2013|→|表示|代表|指|为|是"
)
_MEANS = rf"\s{{0,3}}['\"]?\s{{0,3}}(?:{_VERB})\s{{0,3}}"


class Leaf(NamedTuple):
    """One value inside the arguments, and what the schema says of it."""

    path: str
    value: Json
    schema: dict[str, Any]
    optional: bool
    name: str
    """The nearest property name."""
    among: tuple[Json, ...] = ()
    """The values of the array that it is in."""

    @property
    def told(self) -> str:
        """Name and description."""
        return f"{words_of(self.name)}\n{self.description}"

    @property
    def description(self) -> str:
        """The schema's description of it, as far as anyone reads."""
        return str(self.schema.get("description", ""))[:_READ]

    @property
    def listed(self) -> tuple[str, ...]:
        """The few values that it is one of: the enum's, or those that the description quotes."""
        enum = self.schema.get("enum", ())
        named = [*map(str, enum)] or [*_listed(self.description)]
        return tuple(named) if fold(str(self.value)) in map(fold, named) else ()


def leaves(leaf: Leaf, root: dict[str, Any]) -> Iterator[Leaf]:
    """All scalar values below, each with its part of the schema; empty containers carry nothing."""
    schema = _resolved(leaf.schema, root)
    if isinstance(leaf.value, dict):
        required = schema.get("required", ())
        for name, value in leaf.value.items():
            inner = _property(schema, name, root)
            path = join_path(leaf.path, name)
            yield from leaves(Leaf(path, value, inner, name not in required, name), root)
    elif isinstance(leaf.value, list):
        items = schema.get("items")
        part = {**({"description": leaf.description} if leaf.description else {})}
        part |= items if isinstance(items, dict) else {}
        among = tuple(leaf.value)
        for index, value in enumerate(leaf.value):
            path = join_path(leaf.path, index)
            yield from leaves(leaf._replace(path=path, value=value, schema=part, among=among), root)
    else:
        yield leaf._replace(schema=schema)


def given_by_schema(leaf: Leaf) -> str:
    """How the schema gives a value: as the `default`, the `only` one or `all` there are.

    A limit that is the schema's own bound limits nothing, and so leaves all there are.
    """
    schema, value = leaf.schema, leaf.value
    if leaf.optional and _is_default(schema, value):
        return "default"
    allowed = [schema["const"]] if "const" in schema else list(schema.get("enum", ()))
    if len(allowed) == 1 and _same(allowed[0], value):
        return "only"
    if allowed and all(one in leaf.among for one in allowed):
        return "all"
    return "all" if _limits_nothing(leaf) else "position" if _counts_items(leaf) else ""


def _limits_nothing(leaf: Leaf) -> bool:
    """`max_rating` of 5 where ratings are 1-5."""
    told = _RANGE.search(leaf.description)
    for key, word, group in (("minimum", _LEAST, 1), ("maximum", _MOST, 2)):
        bound = leaf.schema.get(key, float(told[group]) if told else None)
        if word.search(leaf.told) and bound is not None and _same(bound, leaf.value):
            return True
    return False


def _counts_items(leaf: Leaf) -> bool:
    """Whether a number only counts the items of a list, as `step` or `source_id` may do."""
    parts = leaf.path.split("/")
    place = int(parts[-2]) if len(parts) > 2 and parts[-2].isdigit() else None
    counted = place is not None and leaf.value in (place, place + 1)
    return counted and type(leaf.value) is int and bool(_NUMBERING.search(words_of(leaf.name)))


def explanations(value: str, description: str) -> Iterator[str]:
    """What a description says that a value stands for: `1 for Bangkok`, `DAILY (每天)`."""
    quoted = re.escape(value)
    for match in re.finditer(
        rf"{_EDGE}{quoted}(?![A-Za-z0-9_]){_MEANS}({_PHRASE})", description, re.I
    ):
        yield match[1]
    for match in re.finditer(rf"{_EDGE}{quoted}['\"]?\s?[(（]({_PHRASE})[)）]", description, re.I):
        yield match[1]
    for match in re.finditer(rf"({_PHRASE})[(（]['\"]?{quoted}['\"]?[)）]", description, re.I):
        yield match[1]
    for match in re.finditer(
        rf"({_PHRASE})\s?[:：=]\s?['\"]?{quoted}(?![A-Za-z0-9_])", description, re.I
    ):
        yield match[1]


def _listed(description: str) -> Iterator[str]:
    """The values that a description quotes, or lists as examples."""
    yield from _LISTED.findall(description)
    for match in _EXAMPLES.finditer(description):
        yield from (item.strip("'\" ") for item in _ITEM.split(match[1]) if item)


def _property(schema: dict[str, Any], name: str, root: dict[str, Any]) -> dict[str, Any]:
    """The schema of a property, looked for in the alternatives too."""
    parts = [
        schema,
        *(_resolved(p, root) for key in ("anyOf", "oneOf", "allOf") for p in schema.get(key, ())),
    ]
    for part in parts:
        inner = part.get("properties", {}).get(name)
        if isinstance(inner, dict):
            return inner
    return {}


def _resolved(schema: Json, root: dict[str, Any]) -> dict[str, Any]:
    """Follow one local `$ref`; schemas here have been checked, so that it leads somewhere."""
    if not isinstance(schema, dict):
        return {}
    target = schema.get("$ref")
    if not (isinstance(target, str) and target.startswith("#/")):
        return schema
    found: Json = root
    for key in target[2:].split("/"):
        found = (
            found.get(key.replace("~1", "/").replace("~0", "~"))
            if isinstance(found, dict)
            else None
        )
    return found if isinstance(found, dict) else {}


def _is_default(schema: dict[str, Any], value: Json) -> bool:
    """Whether the value is the schema's default, or the one that its description names."""
    if "default" in schema:
        return _same(schema["default"], value)
    told = _PROSE_DEFAULT.search(str(schema.get("description", ""))[:_READ])
    return told is not None and fold(told[1] or told[2]) == fold(str(value))


def _same(one: Json, other: Json) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
