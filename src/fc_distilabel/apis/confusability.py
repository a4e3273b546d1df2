"""How easily one tool is taken for another, as a number: by what they say and what they take.

Two things lead a model astray: a definition that reads like the right one, and parameters into
which the values of the request fit. So two figures are measured, and put together:

- `similarity`: closeness of the definitions (name, description, parameters) by embeddings. The
  cosine is scaled so that two tools with nothing in common but their language score 0.
- `arguments`: share of the needed tool's parameters for which the other has one that takes the same
  kind of value: name or description close, and type, format, pattern and enum compatible.
- `value` = similarity x (1 + arguments) / 2. Where no value would fit, words alone make half of it;
  where the words have nothing in common, fitting arguments confuse nobody.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pydantic import Field

from fc_distilabel.apis.embeddings import cosine
from fc_distilabel.apis.naming import words_of
from fc_distilabel.apis.values import Value, values_in
from fc_distilabel.documents.language import count_han
from fc_distilabel.types import Json, Noun, Tool, canonical_json

BASE_LINES = {"en": 0.1, "zh": 0.55, "mixed": 0.1}
"""Cosine of two definitions with nothing in common but the language: the median of random pairs of
real tools in English and of built-in ones in Chinese, as tests/benchmarks/confusability.py prints
it. Chinese texts share more, for the tokenizer spells the characters it does not know in bytes."""
CLOSE = 0.6
"""Cosine, scaled, from which two parameters mean the same."""
MAX_PARAMETERS = 100
_HAN_SHARE = 0.1


class Confusability(Noun):
    """How easily a tool is taken for the needed one."""

    similarity: float = Field(ge=0, le=1)
    """Closeness of the two definitions."""
    arguments: float = Field(ge=0, le=1)
    """Share of the needed tool's parameters whose values the other would take too."""
    value: float = Field(ge=0, le=1)
    """Both in one number."""


def measure_confusability(needed: Tool, other: Tool) -> Confusability:
    """How easily `other` is taken for `needed`."""
    similarity = closeness(definition(needed), definition(other))
    arguments = shared_arguments(needed, other)
    return Confusability(
        similarity=similarity,
        arguments=arguments,
        value=round(similarity * (1 + arguments) / 2, 4),
    )


def definition(tool: Tool) -> str:
    """All that a definition says, as one text."""
    parameters = "; ".join(slot.text for slot in _slots(canonical_json(tool.parameters)))
    return f"{' '.join(words_of(tool.name))}: {tool.description} ({parameters})"


@lru_cache(maxsize=20_000)
def closeness(one: str, other: str) -> float:
    """How close two texts of tools are, 0..1, whatever their language."""
    base = BASE_LINES[_script(one, other)]
    return round(min(1.0, max(0.0, (cosine(one, other) - base) / (1 - base))), 4)


def shared_arguments(needed: Tool, other: Tool) -> float:
    """Share of the needed tool's parameters that have a counterpart in the other.

    Without parameters, any tool will do that demands none.
    """
    mine = _slots(canonical_json(needed.parameters))
    theirs = _slots(canonical_json(other.parameters))
    if not mine:
        return float(not any(slot.required for slot in theirs))
    free = list(theirs)
    for slot in mine:
        meant = [each for each in free if each.words == slot.words] or _nearest(slot, free)
        match = next((each for each in meant if _takes(each, slot)), None)
        if match is not None:
            free.remove(match)
    return round((len(theirs) - len(free)) / len(mine), 4)


class _Slot(NamedTuple):
    """A parameter that holds a value: what it means, and what it takes."""

    words: tuple[str, ...]
    """The words of its name."""
    label: str
    types: frozenset[str]
    form: str
    """Format or pattern, where it has one."""
    choices: frozenset[str] | None
    required: bool

    @property
    def text(self) -> str:
        """What it means, in words."""
        return f"{' '.join(self.words)} {self.label}"


@lru_cache(maxsize=4_000)
def _slots(parameters: str) -> tuple[_Slot, ...]:
    """The parameters of a schema, given as JSON text, that hold values; at any depth."""
    held: list[_Slot] = []
    name, required = "", False
    for value in values_in(json.loads(parameters)):
        name, required = (value.name, value.required) if value.name is not None else (name, False)
        if value.is_leaf and len(held) < MAX_PARAMETERS:
            held.append(_slot(name, value, required))
    return tuple(held)


def _slot(name: str, value: Value, required: bool) -> _Slot:
    said: dict[str, Json] = {}
    for part in reversed(value.parts):
        said |= part
    choices = said.get("enum", [said["const"]] if "const" in said else None)
    return _Slot(
        words=tuple(words_of(name)) or (name,),
        label=str(said.get("description", ""))[:200],
        types=frozenset(value.types),
        form=str(said.get("format") or said.get("pattern") or ""),
        choices=None if choices is None else frozenset(map(canonical_json, choices)),
        required=required,
    )


def _nearest(slot: _Slot, others: Sequence[_Slot]) -> list[_Slot]:
    """Those that mean the same, the nearest first."""
    rated = [(_nearness(slot, each), index) for index, each in enumerate(others)]
    return [others[i] for near, i in sorted(rated, key=lambda r: (-r[0], r[1])) if near >= CLOSE]


def _nearness(slot: _Slot, other: _Slot) -> float:
    if slot.label.strip() and slot.label == other.label:
        return 1.0
    return closeness(slot.text, other.text)


def _takes(other: _Slot, slot: _Slot) -> bool:
    """Whether the other takes values of the kind that the slot holds."""
    mine = slot.types - {"null"} or slot.types
    theirs = other.types | ({"integer"} if "number" in other.types else set())
    if mine and theirs and not mine & theirs:
        return False
    if other.form and other.form != slot.form:
        return False
    if other.choices is None:
        return True
    shared = other.choices & (slot.choices or frozenset())
    return 2 * len(shared) >= max(1, len(slot.choices or ()))


def _script(one: str, other: str) -> str:
    shares = [count_han(text) >= _HAN_SHARE * len(text) > 0 for text in (one, other)]
    return "zh" if all(shares) else "mixed" if any(shares) else "en"
