"""What a search must know of a dataset: its fields, questions and metadata, read at each search."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from argilla_server.models import Field, MetadataProperty, Question
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from fc_distilabel.argilla_server.search.documents import SearchedField


@dataclass(frozen=True)
class SearchedQuestion:
    """A question whose answers and suggestions are filtered and sorted by."""

    id: UUID
    kind: str

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.kind == "rating"

    @property
    def is_searched(self) -> bool:
        """Whether its values can be met; texts, rankings and spans cannot, as in Elasticsearch."""
        return self.kind in ("rating", "label_selection", "multi_label_selection")


async def searched_fields(connection: AsyncConnection, dataset_id: UUID) -> list[SearchedField]:
    """The fields of a dataset that have words; their places are fixed once it has records."""
    rows = await connection.execute(
        select(Field.name, Field.settings)
        .where(Field.dataset_id == dataset_id)
        .order_by(Field.inserted_at, Field.id)
    )
    fields = [
        SearchedField(place, name, _kind(settings)) for place, (name, settings) in enumerate(rows)
    ]
    return [field for field in fields if field.kind != "image"]


async def questions(connection: AsyncConnection, dataset_id: UUID) -> dict[str, SearchedQuestion]:
    """The questions of a dataset by their names."""
    rows = await connection.execute(
        select(Question.name, Question.id, Question.settings).where(
            Question.dataset_id == dataset_id
        )
    )
    return {name: SearchedQuestion(id, _kind(settings)) for name, id, settings in rows}


async def metadata_kinds(connection: AsyncConnection, dataset_id: UUID) -> dict[str, str]:
    """The metadata properties of a dataset: name to `terms`, `integer` or `float`."""
    rows = await connection.execute(
        select(MetadataProperty.name, MetadataProperty.settings).where(
            MetadataProperty.dataset_id == dataset_id
        )
    )
    return {name: _kind(settings) for name, settings in rows}


def _kind(settings: dict[str, Any]) -> str:
    return str(settings.get("type"))
