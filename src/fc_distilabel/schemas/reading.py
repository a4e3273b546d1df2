"""What reading tool definitions yields: the tools, what was changed, and what could not be read.

A reader is a generator: it yields a note for each thing it changed and returns what it read, so
that no reader needs a place to write its notes to. What it cannot read it refuses by raising, and
whoever runs it goes on with the next tool.
"""

import json
from collections.abc import Generator
from typing import TypeAlias, TypeVar

from fc_distilabel.schemas.bounds import join_path, refuse, show
from fc_distilabel.types import Json, Noun, Tool, Violation


class Change(Noun):
    """Something that was rewritten to read a tool as JSON Schema 2020-12."""

    path: str
    """Where it stands in the tool that was read, as in `0/parameters/properties/x`."""
    message: str


class ToolReading(Noun):
    """The tools that were found in somebody's definitions."""

    tools: tuple[Tool, ...] = ()
    """The tools that could be read; each has usable schemas."""
    places: tuple[str, ...] = ()
    """The place of each tool among all that were found, by which changes and violations name it."""
    changes: tuple[Change, ...] = ()
    violations: tuple[Violation, ...] = ()


Read = TypeVar("Read")
Reader: TypeAlias = Generator[Change | Violation, None, Read]
"""What reads something: it yields notes, and returns what it read or raises `UnreadableError`."""


class UnreadableError(Exception):
    """A tool cannot be read, or not in one way only."""

    def __init__(self, rule: str, path: str, message: str, value: Json = None) -> None:
        super().__init__(message)
        self.violation = Violation(rule=rule, path=path, message=message, value=value)


def refused(rule: str, message: str, path: str) -> Reader[Tool]:
    """The reader of what is no tool."""
    yield from ()
    raise UnreadableError(rule, path, message)


def spelled(value: Json) -> str:
    """A value for people that may be none that JSON can carry."""
    return show(value) if refuse(value) is None else f"a {type(value).__name__}"


def changed(path: str, keyword: str | int, message: str) -> Change:
    """A note on a keyword of what stands at `path`."""
    return Change(path=join_path(path, keyword), message=message)


def parsed(text: str, path: str) -> Json:
    """JSON from a text; an object that names a key twice has no one reading."""
    try:
        return json.loads(text, object_pairs_hook=_unambiguous)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("json", path, f"not readable as JSON: {error}") from error


def _unambiguous(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"an object has the key {twice!r} twice")
    return read
