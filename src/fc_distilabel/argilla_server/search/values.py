"""Values inside JSON columns as SQL: a scalar or a list, of which each value counts by itself.

A path is names of properties inside each other, or nothing for the whole column. What is not there,
or of another type than asked for, meets no condition and has no place in an order.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    String,
    case,
    cast,
    collate,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy import (
    column as sql_column,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from fc_distilabel.argilla_server.search.connection import on_sqlite

Test = Callable[[ColumnElement[Any]], ColumnElement[bool]]


class Values(ABC):
    """How a database takes JSON apart."""

    @abstractmethod
    def each(self, column: Any, *path: str) -> tuple[FromClause, ColumnElement[Any]]:
        """The rows of a JSON value's elements, and the column of them."""

    @abstractmethod
    def number(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """An element as a number; NULL for anything else."""

    @abstractmethod
    def text(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """An element as a text, ordered by code points."""

    @abstractmethod
    def ordered(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """A text, ordered by code points."""

    def meets(self, test: Test, column: Any, *path: str, number: bool) -> ColumnElement[bool]:
        """Whether any element passes a test."""
        rows, value = self.each(column, *path)
        return exists(select(1).select_from(rows).where(test(self.typed(value, number=number))))

    def typed(self, value: ColumnElement[Any], *, number: bool) -> ColumnElement[Any]:
        """An element as what it is compared as."""
        return self.number(value) if number else self.text(value)


class SqliteValues(Values):
    """SQLite: the functions of JSON1."""

    def each(self, column: Any, *path: str) -> tuple[FromClause, ColumnElement[Any]]:
        """See `Values`."""
        rows = func.json_each(column, _sqlite_path(path)).table_valued("value")
        return rows, rows.c.value

    def number(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Values`."""
        return case((func.typeof(value).in_(("integer", "real")), value))

    def text(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Values`."""
        return cast(value, String)

    def ordered(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Values`; its texts are never ordered otherwise."""
        return text

    def meets(self, test: Test, column: Any, *path: str, number: bool) -> ColumnElement[bool]:
        """See `Values`; a scalar, which nearly all are, is tested without a table of one row."""
        at = _sqlite_path(path)
        scalar = self.typed(func.json_extract(column, at), number=number)
        listed = super().meets(test, column, *path, number=number)
        return case((func.json_type(column, at) == "array", listed), else_=test(scalar))


class PostgresValues(Values):
    """PostgreSQL: `jsonb`, in which a path unpacks a list and leaves a scalar as it is."""

    def each(self, column: Any, *path: str) -> tuple[FromClause, ColumnElement[Any]]:
        """See `Values`."""
        place: ColumnElement[Any] = cast(column, JSONB)
        for name in path:
            place = place.op("->", return_type=JSONB())(cast(name, String))
        elements = func.jsonb_path_query(place, cast("$[*]", JSONPATH))
        rows = elements.table_valued(sql_column("value", JSONB)).render_derived()
        return rows, rows.c.value

    def number(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Values`."""
        return case((func.jsonb_typeof(value) == "number", cast(_unquoted(value), Float)))

    def text(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Values`."""
        plain = case((func.jsonb_typeof(value) != "null", _unquoted(value)))
        return self.ordered(plain)

    def ordered(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Values`."""
        return collate(text, "C")


def _sqlite_path(path: tuple[str, ...]) -> str:
    return "$" + "".join(f'."{name}"' for name in path)


def _unquoted(value: ColumnElement[Any]) -> ColumnElement[str]:
    return value.op("#>>", return_type=String())(literal_column("'{}'"))


def values() -> Values:
    """The way of Argilla's database."""
    return SqliteValues() if on_sqlite() else PostgresValues()
