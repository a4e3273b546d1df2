"""Python itself as a tool definition: functions with type hints, pydantic models, dataclasses.

pydantic knows what a type means as JSON Schema, and docstring-parser how people document
parameters (Google, NumPy, reST and Epydoc style).
"""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, get_type_hints

from docstring_parser import Docstring, ParseError, parse
from pydantic import PydanticUserError, TypeAdapter

from fc_distilabel.schemas.bounds import join_path
from fc_distilabel.schemas.reading import Change, Reader, UnreadableError
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Tool

_FAILURES = (PydanticUserError, TypeError, ValueError, NameError, AttributeError, RecursionError)
"""What pydantic and the code that it calls raise where a type has no JSON Schema."""


def read_python(source: type | Callable[..., Any], path: str) -> Reader[Tool]:
    """A tool from a function's signature and docstring, or from a class that has fields."""
    where = join_path(path, "parameters")
    named: Any = source.func if isinstance(source, partial) else source
    name = getattr(named, "__name__", None) or type(named).__name__
    try:
        hint: Any = source
        parameters = TypeAdapter(hint).json_schema()
    except _FAILURES as error:
        message = f"{name} has no JSON Schema: {_first_line(error)}"
        raise UnreadableError("signature", where, message) from error
    if parameters.get("type") != "object" and "$ref" not in parameters:
        message = f"{name} takes values without names, which a call cannot give"
        raise UnreadableError("signature", where, message)
    docs = _documented(named, name)
    for keyword in ("title", "description"):
        parameters.pop(keyword, None)
    _describe(parameters, {p.arg_name: p.description or "" for p in docs.params})
    returns = {} if isinstance(source, type) else (yield from _returns(named, name, path))
    texts = (docs.short_description, docs.long_description)
    description = "\n\n".join(text for text in texts if text)
    return Tool(name=name, description=description, parameters=parameters, returns=returns)


def _documented(source: Any, name: str) -> Docstring:
    """What somebody wrote; a class may show that of its base, or its signature, instead."""
    text = inspect.getdoc(source) or ""
    inherited = isinstance(source, type) and not source.__dict__.get("__doc__")
    try:
        return parse("" if inherited or text.startswith(f"{name}(") else text)
    except ParseError:
        return Docstring()


def _describe(parameters: Schema, told: dict[str, str]) -> None:
    """Descriptions from the docstring, where the type hint has none of its own."""
    for name, inner in parameters.get("properties", {}).items():
        if told.get(name):
            inner.setdefault("description", told[name])


def _returns(function: Callable[..., Any], name: str, path: str) -> Reader[Schema]:
    """The schema of what a function returns, as far as its type hint says."""
    try:
        hint = get_type_hints(function, include_extras=True).get("return")
        schema = {} if hint is None else TypeAdapter(hint).json_schema(mode="serialization")
    except _FAILURES as error:
        told = f"what {name} returns was left out: {_first_line(error)}"
        yield Change(path=join_path(path, "returns"), message=told)
        return {}
    return {} if schema == {"type": "null"} else schema


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
