"""Argilla's filters as SQL conditions on a record, with the meaning that Elasticsearch gives them.

Labels and other words are compared as they are written, numbers as numbers; of a list, any value
may meet a filter. A value that cannot be one of those (`abc` for a number) meets nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from argilla_server.models import Record, Response, Suggestion
from argilla_server.search_engine.base import (
    AndFilter,
    Filter,
    MetadataFilterScope,
    RangeFilter,
    RecordFilterScope,
    ResponseFilterScope,
    SuggestionFilterScope,
    TermsFilter,
)
from sqlalchemy import ColumnElement, FromClause, String, and_, cast, exists, false, or_, select

from fc_distilabel.argilla_server.search.connection import on_sqlite
from fc_distilabel.argilla_server.search.dates import moment
from fc_distilabel.argilla_server.search.shape import SearchedQuestion
from fc_distilabel.argilla_server.search.tables import RECORDS
from fc_distilabel.argilla_server.search.values import Test, values
from fc_distilabel.errors import InputError

PENDING = "pending"


@dataclass(frozen=True)
class Shape:
    """What filters and orders name."""

    questions: dict[str, SearchedQuestion]
    metadata: dict[str, str]


def records() -> FromClause:
    """The table of records that is filtered and sorted: in SQLite, the shadow of it."""
    return RECORDS if on_sqlite() else Record.__table__


def condition(asked: Filter, shape: Shape) -> ColumnElement[bool]:
    """A filter of Argilla as a condition on a row of `records`."""
    if isinstance(asked, AndFilter):
        return and_(*(condition(inner, shape) for inner in asked.filters))
    scope = asked.scope
    if isinstance(scope, MetadataFilterScope):
        number = shape.metadata.get(scope.metadata_property) in ("integer", "float")
        test = _test(asked, number=number)
        column = records().c.metadata
        return values().meets(test, column, scope.metadata_property, number=number)
    if isinstance(scope, SuggestionFilterScope):
        return _by_suggestion(asked, scope, shape)
    if isinstance(scope, ResponseFilterScope):
        return _by_response(asked, scope, shape)
    return _by_record(asked, scope)


def _by_suggestion(
    asked: TermsFilter | RangeFilter, scope: SuggestionFilterScope, shape: Shape
) -> ColumnElement[bool]:
    question = shape.questions.get(scope.question)
    if question is None:
        return false()
    if scope.property == "value" and question.is_searched:
        number = question.is_number
        met = values().meets(_test(asked, number=number), Suggestion.value, number=number)
    elif scope.property == "score":
        met = values().meets(_test(asked, number=True), Suggestion.score, number=True)
    elif scope.property in ("agent", "type"):
        met = _test(asked, number=False)(cast(getattr(Suggestion, scope.property), String))
    else:
        return false()
    of_record = select(Suggestion.record_id).where(Suggestion.question_id == question.id, met)
    return records().c.id.in_(of_record)


def _by_response(
    asked: TermsFilter | RangeFilter, scope: ResponseFilterScope, shape: Shape
) -> ColumnElement[bool]:
    user = scope.user.id if scope.user else None
    if scope.question:
        question = shape.questions.get(scope.question)
        if question is None or not question.is_searched:
            return false()
        number = question.is_number
        path = (scope.question, "value")
        met = values().meets(_test(asked, number=number), Response.values, *path, number=number)
        return _answered(user, met)
    if scope.property != "status" or not isinstance(asked, TermsFilter):
        raise InputError("responses are filtered by a question, or by terms of their status")
    return _by_status([str(value) for value in asked.values], user)


def _by_status(statuses: Sequence[str], user: UUID | None) -> ColumnElement[bool]:
    """Records with an answer of such a status; pending are those that have no answer at all."""
    conditions = []
    answered = [status for status in statuses if status != PENDING]
    if answered:
        conditions.append(_answered(user, cast(Response.status, String).in_(answered)))
    if len(answered) < len(statuses):
        conditions.append(~_answered(user))
    return or_(*conditions)


def _answered(user: UUID | None, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    table = records()
    if user is None:
        return exists(select(1).where(Response.record_id == table.c.id, *conditions))
    by_user = select(Response.record_id).where(Response.user_id == user, *conditions)
    return table.c.id.in_(by_user)


def _by_record(asked: TermsFilter | RangeFilter, scope: RecordFilterScope) -> ColumnElement[bool]:
    column = records().c[str(scope.property)]
    if scope.property == "id" and isinstance(asked, TermsFilter):
        return column.in_([known for value in asked.values if (known := _uuid(value))])
    if scope.property in ("inserted_at", "updated_at"):
        return _by_moment(asked, column)
    return _test(asked, number=False)(cast(column, String))


def _by_moment(asked: TermsFilter | RangeFilter, column: Any) -> ColumnElement[bool]:
    if isinstance(asked, RangeFilter):
        return _between_moments(column, asked.ge, asked.le)
    return or_(false(), *(_between_moments(column, value, value) for value in asked.values))


def _between_moments(column: Any, ge: Any, le: Any) -> ColumnElement[bool]:
    bounds = [
        None if said is None else moment(said, latest=latest)
        for said, latest in ((ge, False), (le, True))
    ]
    if [bound is None for bound in bounds] != [ge is None, le is None]:
        return false()
    return _between(column, *bounds)


def _test(asked: TermsFilter | RangeFilter, *, number: bool) -> Test:
    """What a value must be to meet a filter."""
    convert = _number if number else str
    if isinstance(asked, TermsFilter):
        wanted = [known for value in asked.values if (known := convert(value)) is not None]
        return lambda value: value.in_(wanted)
    bounds = [None if said is None else convert(said) for said in (asked.ge, asked.le)]
    if [bound is None for bound in bounds] != [asked.ge is None, asked.le is None]:
        return lambda _: false()
    return lambda value: _between(value, *bounds)


def _between(value: ColumnElement[Any], ge: Any, le: Any) -> ColumnElement[bool]:
    conditions = [value >= ge] if ge is not None else []
    return and_(*conditions, *([value <= le] if le is not None else []))


def _number(said: Any) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
