"""The schemas of an OpenAPI document, taken out of it so that a tool stands by itself.

A reference may lead to any place of the document, mostly to `#/components/schemas`. What it leads
to is carried along as `$defs`, but only what is reached, and read once however many operations
reach it. A reference to another file or to the network is refused: nothing is ever fetched.
"""

import re
from collections.abc import Collection, Iterable

from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.schemas.modern import modern_part
from fc_distilabel.schemas.reading import Reader, UnreadableError, spelled
from fc_distilabel.schemas.walk import Schema, at, pointed, subschemas
from fc_distilabel.types import Json

_MAX_HOPS = 16
"""References to references, beyond which it must be a circle."""
_MANY = 100
"""Names among which it would take long to find the lowest free number."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")


class Components:
    """What the references of one document lead to."""

    def __init__(self, document: Schema) -> None:
        self._document = document
        self._names: dict[str, str] = {}
        self._pointers: dict[str, str] = {}
        self._read: dict[str, Schema | bool] = {}
        self._needs: dict[str, tuple[str, ...]] = {}

    def resolved(self, value: Json, path: str) -> Schema:
        """An object of the document, or the one that its reference leads to."""
        for _ in range(_MAX_HOPS):
            if not isinstance(value, dict):
                raise UnreadableError("openapi", path, f"{spelled(value)} is not an object")
            if not isinstance(value.get("$ref"), str):
                self._refuse(value, path)
                return value
            value = self._target(value["$ref"], path)
        raise UnreadableError("reference", path, "references lead in a circle")

    def schema(self, raw: Json, path: str) -> Reader[Json]:
        """A schema of the document in the words of 2020-12; it refers to `#/$defs`."""
        self._refuse(raw, path)
        read = yield from modern_part(raw, path)
        for _, inner in subschemas(read):
            if isinstance(inner.get("$ref"), str):
                inner["$ref"] = f"#/$defs/{self._name(inner['$ref'], path)}"
        return read

    def definitions(self, schemas: Iterable[Json], path: str) -> Reader[Schema]:
        """Everything that schemas of this document reach, by the names they use."""
        found: Schema = {}
        pending = [name for schema in schemas for name in _needs(schema)]
        while pending:
            name = pending.pop()
            if name not in found:
                if name not in self._read:
                    yield from self._define(name, f"{path}/$defs/{name}")
                found[name] = self._read[name]
                pending.extend(self._needs[name])
        return dict(sorted(found.items()))

    def _refuse(self, value: Json, path: str) -> None:
        refusal = refuse(value, path)
        if refusal:
            raise UnreadableError(refusal.rule, refusal.path, refusal.message)

    def _define(self, name: str, path: str) -> Reader[None]:
        read = yield from self.schema(self._target(self._pointers[name], path), path)
        self._read[name] = read
        self._needs[name] = _needs(read)

    def _target(self, reference: str, path: str) -> Json:
        place = pointed(self._document, reference[1:]) if reference.startswith("#/") else None
        if place is None:
            message = f"{spelled(reference)} leads to nothing in this document; nothing is fetched"
            raise UnreadableError("reference", path, message, reference)
        return at(self._document, place)

    def _name(self, reference: str, path: str) -> str:
        """The name under which the target of a reference is carried along."""
        if reference not in self._names:
            self._target(reference, path)
            last = _UNSAFE.sub("_", reference.rpartition("/")[2]) or "schema"
            name = self._names[reference] = unique(last, self._pointers)
            self._pointers[name] = reference
        return self._names[reference]


def unique(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it if it is taken."""
    free, number = name, 2 if len(taken) < _MANY else len(taken)
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _needs(schema: Json) -> tuple[str, ...]:
    references = (inner.get("$ref") for _, inner in subschemas(schema))
    return tuple(r.rpartition("/")[2] for r in references if isinstance(r, str))
