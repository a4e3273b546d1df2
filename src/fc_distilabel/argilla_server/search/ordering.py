"""In which order records come: by a sort, by a user's own shuffle, or as they were inserted.

Values that are missing come last in either direction, and of a list the lowest counts going up and
the highest going down, as in Elasticsearch. What is equal stays in the order of insertion, or of
answering.
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from argilla_server.enums import SortOrder
from argilla_server.models import Response, Suggestion
from argilla_server.search_engine.base import (
    MetadataFilterScope,
    Order,
    RecordFilterScope,
    ResponseFilterScope,
    SuggestionFilterScope,
)
from sqlalchemy import BigInteger, ColumnElement, String, cast, func, literal, null, select, true

from fc_distilabel.argilla_server.search.connection import on_sqlite
from fc_distilabel.argilla_server.search.filters import Shape, records
from fc_distilabel.argilla_server.search.values import values

_PRIME = 2**31 - 1


def inserted() -> list[ColumnElement[Any]]:
    """The order of insertion."""
    table = records()
    return [table.c.inserted_at.asc(), table.c.id.asc()]


def sorted_by(orders: list[Order], shape: Shape) -> list[ColumnElement[Any]]:
    """The order that was asked for."""
    clauses: list[ColumnElement[Any]] = []
    for order in orders:
        down = order.order == SortOrder.desc
        key = _key(order, shape, down=down)
        clauses.append((key.desc() if down else key.asc()).nulls_last())
    if any(isinstance(order.scope, ResponseFilterScope) for order in orders):
        clauses.append(_last_answer().asc().nulls_last())
    return [*clauses, *inserted()]


def shuffled(user_id: UUID | str) -> ColumnElement[Any]:
    """A number of each record that looks drawn by lot, and is another one for another user."""
    seed = hashlib.sha256(str(user_id).encode()).digest()
    if not on_sqlite():
        number = int.from_bytes(seed[:8], "big", signed=True)
        record = cast(records().c.id, String)
        return func.hashtextextended(record, cast(literal(number), BigInteger))
    one, two, three = (int.from_bytes(seed[i : i + 4], "big") % _PRIME for i in (0, 4, 8))
    first = (records().c.doc * one + two) % _PRIME
    return (first * first + first * three) % _PRIME


def _key(order: Order, shape: Shape, *, down: bool) -> ColumnElement[Any]:
    scope = order.scope
    if isinstance(scope, MetadataFilterScope):
        number = shape.metadata.get(scope.metadata_property) in ("integer", "float")
        return _extreme(records().c.metadata, scope.metadata_property, number=number, down=down)
    if isinstance(scope, SuggestionFilterScope):
        return _suggestion_key(scope, shape, down=down)
    if isinstance(scope, ResponseFilterScope):
        return _response_key(scope, shape, down=down)
    return _record_key(scope)


def _extreme(
    column: Any,
    *path: str,
    number: bool,
    down: bool,
    mean: bool = False,
    table: Any = None,
    where: Sequence[ColumnElement[bool]] = (),
) -> ColumnElement[Any]:
    """What a record is sorted by, from a column of it or of its rows in another table."""
    rows, value = values().each(column, *path)
    chosen = func.avg if mean else func.max if down else func.min
    query = select(chosen(values().typed(value, number=number)))
    if table is None:
        return query.select_from(rows).scalar_subquery()
    return query.select_from(table.join(rows, true())).where(*where).scalar_subquery()


def _suggestion_key(
    scope: SuggestionFilterScope, shape: Shape, *, down: bool
) -> ColumnElement[Any]:
    question = shape.questions.get(scope.question)
    if question is None:
        return null()
    table = Suggestion.__table__
    own = (Suggestion.record_id == records().c.id, Suggestion.question_id == question.id)
    if scope.property == "value" and question.is_searched:
        number = question.is_number
        return _extreme(Suggestion.value, number=number, down=down, table=table, where=own)
    if scope.property == "score":
        return _extreme(Suggestion.score, number=True, down=down, table=table, where=own)
    if scope.property in ("agent", "type"):
        column = cast(getattr(Suggestion, scope.property), String)
        return select(values().ordered(column)).where(*own).scalar_subquery()
    return null()


def _response_key(scope: ResponseFilterScope, shape: Shape, *, down: bool) -> ColumnElement[Any]:
    """A rating counts by its mean over the answers: those of the user who asks, or everybody's."""
    own = [Response.record_id == records().c.id]
    if scope.user:
        own.append(Response.user_id == scope.user.id)
    question = shape.questions.get(scope.question) if scope.question else None
    if question is not None and question.is_searched:
        path = (str(scope.question), "value")
        number = question.is_number
        return _extreme(
            Response.values,
            *path,
            number=number,
            down=down,
            mean=number,
            table=Response.__table__,
            where=own,
        )
    if scope.property == "status":
        status = cast(Response.status, String)
        chosen = func.max if down else func.min
        return select(chosen(values().ordered(status))).where(*own).scalar_subquery()
    return null()


def _last_answer() -> ColumnElement[Any]:
    """Equal answers come in the order in which the records were last answered."""
    own = Response.record_id == records().c.id
    return select(func.max(Response.updated_at)).where(own).scalar_subquery()


def _record_key(scope: RecordFilterScope) -> ColumnElement[Any]:
    column = records().c[str(scope.property)]
    if scope.property in ("external_id", "status"):
        return values().ordered(cast(column, String))
    return column
