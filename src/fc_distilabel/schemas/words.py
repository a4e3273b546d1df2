"""Types as people write them: `float`, `HashMap<String, Integer>`, `Optional[list[int]]`, `int[]`.

Every language has its words for the seven types of JSON, and data sets mix them. Case does not tell
them apart. A text that is not wholly understood is not understood at all.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from fc_distilabel.schemas.walk import Schema

JSON_TYPES = ("string", "integer", "number", "boolean", "array", "object", "null")

_MAX_TEXT = 200
_SPELLINGS = {
    "string": "string str char character",
    "integer": "integer int long short byte bigint biginteger int32 int64",
    "number": "number float double decimal bigdecimal",
    "boolean": "boolean bool",
    "array": "array list tuple set arraylist linkedlist queue stack sequence iterable",
    "object": "object dict dictionary map hashmap hashtable mapping",
    "null": "null none nonetype",
}
_TYPES = {word: kind for kind, words in _SPELLINGS.items() for word in words.split()}
_ANY = ("any", "type_unspecified")
_DATES = {"date": "date", "datetime": "date-time", "date-time": "date-time"}
_TOKEN = re.compile(r"\s*(?:([A-Za-z][\w.-]*)|('[^']*'|\"[^\"]*\"|-?\d+)|(\.\.\.|[\[\]<>(),|]))")
_OPENING = {"[": "]", "<": ">"}


class TypeText(NamedTuple):
    """What a text says of a value."""

    schema: Schema
    optional: bool
    """Whether it says that the value may be left out."""


def read_type(text: str) -> Schema | None:
    """The schema that a type in words stands for; None when it is not wholly understood."""
    read = read_parameter(text)
    return None if read is None or read.optional else read.schema


def read_parameter(text: str) -> TypeText | None:
    """A type in words, perhaps marked as optional: `float, optional`, `int (optional)`."""
    tokens = list(_tokens(text)) if text.strip() and len(text) <= _MAX_TEXT else [""]
    if "" in tokens:
        return None
    marks = [m for m in ([",", "optional"], ["(", "optional", ")"]) if _ends(tokens, m)]
    rest = tokens[: -len(marks[0])] if marks else tokens
    parser = _Parser(rest)
    schema = parser.union()
    whole = schema is not None and parser.at == len(rest)
    return TypeText(schema, bool(marks)) if schema is not None and whole else None


def nullable(schema: Schema) -> Schema:
    """A schema that takes `null` besides what it takes."""
    kind = schema.get("type")
    if isinstance(kind, str) and len(schema) == 1:
        return schema if kind == "null" else {"type": [kind, "null"]}
    return _either([schema, {"type": "null"}]) if schema else schema


def _tokens(text: str) -> Iterator[str]:
    """The words and signs of a text; an empty one where there is something else."""
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        yield found[0].strip() if found else ""
        at = found.end() if found else end


def _ends(tokens: list[str], mark: list[str]) -> bool:
    return [token.casefold() for token in tokens[-len(mark) :]] == mark


class _Parser:
    """Reads the tokens of one type; every method returns None where they make no sense."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def union(self) -> Schema | None:
        """Types between bars."""
        options = [self._suffixed()]
        while self._take("|"):
            options.append(self._suffixed())
        return _all_read(options, _either)

    def _suffixed(self) -> Schema | None:
        """A type, and `[]` for each array around it."""
        schema = self._single()
        while self.tokens[self.at : self.at + 2] == ["[", "]"]:
            self.at += 2
            schema = None if schema is None else {"type": "array", "items": schema}
        return schema

    def _single(self) -> Schema | None:
        if self.at == len(self.tokens):
            return None
        word = self.tokens[self.at].rpartition(".")[2].casefold()
        self.at += 1
        opening = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if opening not in _OPENING or self.tokens[self.at + 1 : self.at + 2] == ["]"]:
            return _plain(word)
        self.at += 1
        return self._literal() if word == "literal" else self._generic(word, _OPENING[opening])

    def _generic(self, word: str, closing: str) -> Schema | None:
        """A type with others inside, from after its opening bracket."""
        inner = [self.union()]
        open_ended = False
        while self._take(","):
            open_ended = self._take("...")
            if not open_ended:
                inner.append(self.union())
        if not self._take(closing):
            return None
        return _all_read(inner, lambda types: _filled(word, types, open_ended))

    def _literal(self) -> Schema | None:
        values: list[str | int] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token[0] in "'\"":
                values.append(token[1:-1])
            elif token.lstrip("-").isdecimal():
                values.append(int(token))
            else:
                return None
            if self._take("]"):
                return {"enum": values}
            if not self._take(","):
                return None
        return None

    def _take(self, sign: str) -> bool:
        taken = self.tokens[self.at : self.at + 1] == [sign]
        self.at += taken
        return taken


def _all_read(types: list[Schema | None], build: Any) -> Schema | None:
    read = [schema for schema in types if schema is not None]
    return build(read) if len(read) == len(types) else None


def _plain(word: str) -> Schema | None:
    if word in _ANY:
        return {}
    if word in _DATES:
        return {"type": "string", "format": _DATES[word]}
    return {"type": _TYPES[word]} if word in _TYPES else None


def _filled(word: str, inner: list[Schema], open_ended: bool) -> Schema | None:
    """A generic type with the types inside it."""
    kind = _TYPES.get(word)
    if word == "union":
        return _either(inner)
    if word == "optional" and len(inner) == 1:
        return nullable(inner[0])
    if word == "tuple" and not open_ended:
        return {"type": kind, "prefixItems": inner, "items": False, "minItems": len(inner)}
    if kind == "array" and len(inner) == 1:
        return {"type": kind, "items": inner[0]}
    if kind == "object" and len(inner) == 2 and not open_ended:
        return {"type": kind, "additionalProperties": inner[1]}
    return None


def _either(options: list[Schema]) -> Schema:
    if len(options) == 1 or {} in options:
        return options[0] if len(options) == 1 else {}
    if all(list(option) == ["type"] and isinstance(option["type"], str) for option in options):
        return {"type": list(dict.fromkeys(option["type"] for option in options))}
    return {"anyOf": options}
