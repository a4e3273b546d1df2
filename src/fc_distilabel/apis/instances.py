"""Schema -> a value that is valid under it: the proof that a schema can be satisfied.

Values are drawn from what the schema says, as natural as names, examples and formats allow, and
then judged by the real validator. What drawing cannot see (`not`, `dependentSchemas`, ...) is left
to that judgement and to another try; tries are bounded, and some of them are plainer.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from fc_distilabel.apis.domains import FieldKind
from fc_distilabel.apis.kinds import kind_of
from fc_distilabel.apis.merging import merged
from fc_distilabel.apis.numbers import UnsatisfiableError, number_of
from fc_distilabel.apis.sources import text_of_kind
from fc_distilabel.apis.texts import text_of
from fc_distilabel.schemas.engine import Validator
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Json, Language

__all__ = ["UnsatisfiableError", "instance_of"]

MAX_TRIES = 40
MAX_DEPTH = 24
"""Levels of values; a schema that demands more, such as one inside itself, has no value here."""
MAX_VALUES = 5_000
_PLAIN_DEPTH = 5
"""Below this level nothing that may be left out is drawn."""
_CHANCES = (0.6, 0.0, 1.0, 0.3)
"""How often a parameter that may be left out is there, try by try."""


def instance_of(
    schema: Json,
    random_: random.Random,
    examples: Mapping[str, Sequence[Json]] | None = None,
    language: Language = "en",
    *,
    invent: bool = True,
) -> Json:
    """A value that is valid under `schema`.

    `examples` are plausible values by the path of names (`guest/city`, items left out) or by the
    name alone. Without `invent`, no text is made of random letters: where neither schema, name nor
    examples tell what it could be, there is none. Raises `UnsatisfiableError` where no value is
    found, `SchemaError` where the schema is no schema.
    """
    validator = Validator(schema)
    why = "nothing could be drawn"
    for number in range(MAX_TRIES):
        drawing = _Drawing(schema, random_, examples or {}, language, _CHANCES[number % 4], invent)
        try:
            value = drawing.value(schema, "", 0)
        except UnsatisfiableError as error:
            why = str(error)
            continue
        flaws = validator.violations(value)
        if not flaws:
            return value
        why = flaws[0].message
    raise UnsatisfiableError(f"no value found in {MAX_TRIES} tries: {why}")


class _Drawing:
    """One try at a value."""

    def __init__(
        self,
        root: Json,
        random_: random.Random,
        examples: Mapping[str, Sequence[Json]],
        language: Language,
        chance: float,
        invent: bool,
    ) -> None:
        self.root, self.random, self.examples = root, random_, examples
        self.language, self.chance, self.invent = language, chance, invent
        self.room = MAX_VALUES

    def value(self, schema: Json, path: str, depth: int) -> Json:
        """A value at a path; not judged yet."""
        self.room -= 1
        if schema is False or depth > MAX_DEPTH or self.room < 0:
            raise UnsatisfiableError(f"{path or 'value'} allows nothing, or asks for too much")
        whole = merged(self.root, schema, self.random)
        if "const" in whole:
            return whole["const"]
        if "enum" in whole:
            return self._one_of(whole["enum"], path)
        known = self._example(path, whole)
        return self._typed(whole, path, depth) if known is None else known

    def _one_of(self, values: Sequence[Json], path: str) -> Json:
        told = [value for value in values if value is not None]
        if not values:
            raise UnsatisfiableError(f"{path or 'value'} has an empty enum")
        return self.random.choice(told or values)

    def _example(self, path: str, schema: Schema) -> Json:
        found = self.examples.get(path) or self.examples.get(path.rpartition("/")[2]) or ()
        fitting = [e for e in found if "properties" not in schema and not _misfits(schema, e)]
        return self.random.choice(fitting) if fitting else None

    def _typed(self, schema: Schema, path: str, depth: int) -> Json:
        kind = _kind(schema, self.random)
        if kind == "object":
            return self._object(schema, path, depth)
        if kind == "array":
            return self._array(schema, path, depth)
        if kind in ("integer", "number"):
            return number_of(schema, kind, self.random)
        if kind == "boolean":
            return self.random.random() < 0.5
        return None if kind == "null" else self._text(schema, path)

    def _text(self, schema: Schema, path: str) -> str:
        name = path.rpartition("/")[2]
        if schema.keys() & {"pattern", "format"} or not name:
            natural = None
        else:
            kind: FieldKind = kind_of(name, schema)
            natural = text_of_kind(kind, self.language, self.random)
        if natural is not None and not _misfits(schema, natural):
            return natural
        told = self.invent or schema.keys() & {"pattern", "format"}
        text = text_of(schema, self.language, self.random) if told else None
        if text is None:
            raise UnsatisfiableError(f"{path or 'value'}: nothing tells a text that fits")
        return text

    def _object(self, schema: Schema, path: str, depth: int) -> dict[str, Json]:
        listed: dict[str, Json] = schema.get("properties", {})
        needed = list(schema.get("required", ()))
        chance = self.chance if depth < _PLAIN_DEPTH else 0.0
        optional = [name for name in listed if name not in needed and listed[name] is not False]
        names = needed + [name for name in optional if self.random.random() < chance]
        names = _with_demanded(names, schema)
        names += self._padding(schema, names, optional)
        others = schema.get("additionalProperties", True)
        drawn: dict[str, Json] = {}
        for name in dict.fromkeys([*(n for n in listed if n in names), *names]):
            inner = f"{path}/{name}" if path else name
            try:
                drawn[name] = self.value(listed.get(name, others), inner, depth + 1)
            except UnsatisfiableError:
                if name in needed:
                    raise
        return drawn

    def _padding(self, schema: Schema, names: list[str], optional: list[str]) -> list[str]:
        """Names that make up the least number of properties."""
        lacking = int(schema.get("minProperties", 0)) - len(names)
        if lacking <= 0:
            return []
        spare = [name for name in optional if name not in names]
        spare += [f"key_{number}" for number in range(min(lacking, MAX_VALUES))]
        return spare[:lacking]

    def _array(self, schema: Schema, path: str, depth: int) -> list[Json]:
        first = schema.get("prefixItems", [])
        rest = schema.get("items", schema.get("contains", True))
        low = int(schema.get("minItems", 0))
        most = int(schema.get("maxItems", low + 3))
        count = self.random.randint(max(low, min(1, most)), max(low, min(most, low + 2)))
        if depth >= _PLAIN_DEPTH:
            count = low
        if rest is False:
            count = min(max(count, len(first)), len(first))
        if count > MAX_VALUES:
            raise UnsatisfiableError(f"{path or 'value'} asks for {count:,} items")
        items = [first[i] if i < len(first) else rest for i in range(count)]
        drawn = [self.value(item, path, depth + 1) for item in items]
        return self._distinct(drawn, items, path, depth) if schema.get("uniqueItems") else drawn

    def _distinct(self, drawn: list[Json], items: list[Json], path: str, depth: int) -> list[Json]:
        """The items, each drawn anew a few times where it is there already."""
        kept: list[Json] = []
        for value, item in zip(drawn, items, strict=True):
            for _ in range(10):
                if value not in kept:
                    kept.append(value)
                    break
                value = self.value(item, path, depth + 1)
        return kept


def _misfits(schema: Schema, value: Json) -> bool:
    """Whether a scalar breaks what the schema itself says of it."""
    said = {key: part for key, part in schema.items() if key in _SCALAR_RULES}
    return bool(Validator(said).violations(value))


_SCALAR_RULES = frozenset(
    ("type", "minLength", "maxLength", "pattern", "format", "minimum", "maximum")
) | {"exclusiveMinimum", "exclusiveMaximum", "multipleOf"}


def _with_demanded(names: list[str], schema: Schema) -> list[str]:
    """The names, and those that `dependentRequired` asks for with them."""
    rules = schema.get("dependentRequired", {})
    found = list(dict.fromkeys(names))
    for name in found:  # grows while it is read
        found += [other for other in rules.get(name, ()) if other not in found]
    return found


def _kind(schema: Schema, random_: random.Random) -> str:
    kinds: Any = schema.get("type")
    if isinstance(kinds, str):
        return kinds
    if kinds:
        told = [kind for kind in kinds if kind != "null"]
        return str(told[0] if told and random_.random() < 0.8 else random_.choice(kinds))
    for kind, hints in _HINTS.items():
        if schema.keys() & hints:
            return kind
    return "string"


_HINTS = {
    "object": {"properties", "required", "additionalProperties", "minProperties"},
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
}
"""What keywords tell of a type where none is given."""
