"""Tool definitions in every dialect that people have, as JSON Schema 2020-12.

Each definition in a list is read by itself and by what it looks like, so a list may mix dialects,
and one that cannot be read does not keep the others from being read. Reading never raises: what
cannot be read is a violation. Every tool that is returned has schemas that the engine takes.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.bounds import join_path, refuse, show
from fc_distilabel.schemas.engine import check_schema
from fc_distilabel.schemas.openapi import is_openapi, read_operations
from fc_distilabel.schemas.python_tools import read_python
from fc_distilabel.schemas.reading import (
    Change,
    Reader,
    ToolReading,
    UnreadableError,
    parsed,
    refused,
)
from fc_distilabel.schemas.shapes import read_shape
from fc_distilabel.types import Json, Tool, Violation

__all__ = ["Change", "ToolReading", "read_tools"]

LISTINGS = ("tools", "functions", "function", "functionDeclarations", "function_declarations")
"""Keys under which requests, MCP servers, data sets and Gemini list tools."""
MAX_NESTING = 8
"""Lists in lists, and JSON as a text inside JSON, beyond which nothing is a tool."""

_ReadTool: TypeAlias = Callable[[str], Reader[Tool]]
Definitions: TypeAlias = Json | type | Callable[..., Any]


def read_tools(value: Definitions) -> ToolReading:
    """The tools in `value`: one definition or a sequence or listing of them, in any dialect.

    A definition is an object in any provider's shape, an OpenAPI document (a tool per operation), a
    JSON text of these, a pydantic model or a function.
    """
    tools: list[Tool] = []
    places: list[str] = []
    notes: list[Change | Violation] = []
    for index, read in enumerate(_definitions(value)):
        try:
            tool = _run(read(str(index)), notes)
            _check(tool, str(index))
        except UnreadableError as error:
            notes.append(error.violation)
            continue
        tools.append(tool)
        places.append(str(index))
    return ToolReading(
        tools=tuple(tools),
        places=tuple(places),
        changes=tuple(note for note in notes if isinstance(note, Change)),
        violations=tuple(note for note in notes if isinstance(note, Violation)),
    )


def _run(reader: Reader[Tool], notes: list[Change | Violation]) -> Tool:
    """Read to the end; the notes are kept only if a tool comes out."""
    taken: list[Change | Violation] = []
    while True:
        try:
            taken.append(next(reader))
        except StopIteration as end:
            notes += taken
            tool: Tool = end.value
            return tool


def _check(tool: Tool, path: str) -> None:
    refusal = refuse([tool.name, tool.description], path)
    if refusal:
        raise UnreadableError(refusal.rule, path, refusal.message)
    for part, schema in (("parameters", tool.parameters), ("returns", tool.returns)):
        try:
            check_schema(schema)
        except SchemaError as error:
            where = join_path(path, part)
            raise UnreadableError(
                "schema", where, f"{part} of {show(tool.name)}: {error}"
            ) from None


def _definitions(value: Definitions) -> Iterator[_ReadTool]:
    """A reader for each definition in `value`, in order, however they are listed."""
    pending: list[tuple[Definitions, int]] = [(value, 0)]
    while pending:
        item, depth = pending.pop()
        if depth > MAX_NESTING:
            yield partial(refused, "depth", f"tools are listed more than {MAX_NESTING} deep")
        elif isinstance(item, str):
            try:
                pending.append((parsed(item, ""), depth + 1))
            except UnreadableError as error:
                yield partial(refused, "json", str(error))
        elif isinstance(item, list | tuple):
            pending.extend((inner, depth + 1) for inner in reversed(item))
        elif isinstance(item, dict) and is_openapi(item):
            yield from read_operations(item)
        elif isinstance(item, dict):
            listed = [item[key] for key in LISTINGS if isinstance(item.get(key), list | tuple)]
            pending.extend((inner, depth + 1) for inner in reversed(listed))
            if not listed:
                yield partial(read_shape, item)
        elif isinstance(item, type) or callable(item):
            yield partial(read_python, item)
        else:
            kind = type(item).__name__
            yield partial(refused, "tool", f"a tool must be an object, not {kind}")
