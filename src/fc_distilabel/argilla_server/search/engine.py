"""The search engine as Argilla calls it: every answer is worked out from Argilla's database.

Argilla tells a search engine of each thing that it writes. Here that is only a hint: the words and
vectors of new records are prepared at once, and the next search would do it otherwise.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from argilla_server.enums import MetadataPropertyType, SimilarityOrder
from argilla_server.errors.future import UnprocessableEntityError
from argilla_server.models import (
    Dataset,
    MetadataProperty,
    Record,
    Response,
    Suggestion,
    User,
    VectorSettings,
)
from argilla_server.search_engine.base import (
    Filter,
    FloatMetadataMetrics,
    IntegerMetadataMetrics,
    MetadataMetrics,
    Order,
    SearchEngine,
    SearchResponses,
    TermsMetrics,
    TextQuery,
)

from fc_distilabel.argilla_server.search import counts, pages, similar, texts, vectors
from fc_distilabel.argilla_server.search.connection import connected, on_sqlite
from fc_distilabel.argilla_server.search.shape import searched_fields
from fc_distilabel.errors import InputError

ENGINE_NAME = "sql"
Query = TextQuery | str | None


@SearchEngine.register(engine_name=ENGINE_NAME)
class SqlSearchEngine(SearchEngine):
    """Searches Argilla's SQLite or PostgreSQL database; Argilla makes one for each request."""

    @classmethod
    async def new_instance(cls) -> "SqlSearchEngine":
        """An engine; it holds nothing."""
        return cls()

    async def close(self) -> None:
        """Nothing is held."""

    async def ping(self) -> bool:
        """Make the search's tables where they are not there yet."""
        async with connected():
            return True

    async def info(self) -> dict[str, Any]:
        """What Argilla's status page says."""
        name = "SQLite" if on_sqlite() else "PostgreSQL"
        return {"name": ENGINE_NAME, "database": name}

    async def create_index(self, dataset: Dataset) -> None:
        """Nothing to make: the tables hold all datasets."""

    async def delete_index(self, dataset: Dataset) -> None:
        """Throw away some of the words whose records are gone; nobody finds them any more."""
        await self._sweep()

    async def configure_metadata_property(
        self, dataset: Dataset, metadata_property: MetadataProperty
    ) -> None:
        """Nothing to set up."""

    async def configure_index_vectors(self, vector_settings: VectorSettings) -> None:
        """Nothing to set up."""

    async def index_records(self, dataset: Dataset, records: Iterable[Record]) -> None:
        """Prepare what was just written, so that no search has to."""
        async with connected() as connection:
            fields = await searched_fields(connection, dataset.id)
            await texts.catch_up(connection, dataset.id, fields)
            for settings_id in await vectors.settings_of(connection, dataset.id):
                await vectors.catch_up(connection, settings_id)
            await texts.sweep(connection)

    async def delete_records(self, dataset: Dataset, records: Iterable[Record]) -> None:
        """Throw away some of the words whose records are gone; nobody finds them any more."""
        await self._sweep()

    async def _sweep(self) -> None:
        async with connected() as connection:
            await texts.sweep(connection)

    async def partial_record_update(self, record: Record, **update: Any) -> None:
        """Nothing to do: it is in the table."""

    async def update_record_response(self, response: Response) -> None:
        """Nothing to do: it is in the table."""

    async def delete_record_response(self, response: Response) -> None:
        """Nothing to do: it is no more in the table."""

    async def update_record_suggestion(self, suggestion: Suggestion) -> None:
        """Nothing to do: it is in the table."""

    async def delete_record_suggestion(self, suggestion: Suggestion) -> None:
        """Nothing to do: it is no more in the table."""

    async def get_dataset_progress(self, dataset: Dataset) -> dict[str, int]:
        """Records by their status."""
        return {} if dataset.is_draft else await counts.by_status(dataset.id)

    async def get_dataset_user_progress(self, dataset: Dataset, user: User) -> dict[str, int]:
        """A user's answers by their status."""
        return {} if dataset.is_draft else await counts.by_answer(dataset.id, user.id)

    async def compute_metrics_for(self, metadata_property: MetadataProperty) -> MetadataMetrics:
        """The terms of a property and how often each is there, or the bounds of its numbers."""
        dataset_id, name = metadata_property.dataset_id, metadata_property.name
        if metadata_property.type == MetadataPropertyType.terms:
            found = await counts.terms(dataset_id, name)
            values = [TermsMetrics.TermCount(term=term, count=count) for term, count in found]
            return TermsMetrics(total=sum(value.count for value in values), values=values)
        least, most = await counts.bounds(dataset_id, name)
        if metadata_property.type == MetadataPropertyType.integer:
            return IntegerMetadataMetrics(min=least, max=most)
        return FloatMetadataMetrics(min=least, max=most)

    async def search(
        self,
        dataset: Dataset,
        query: Query = None,
        filter: Filter | None = None,
        sort: list[Order] | None = None,
        offset: int = 0,
        limit: int = 100,
        user_id: UUID | str | None = None,
    ) -> SearchResponses:
        """A page of the records that meet a query and a filter."""
        asked = pages.Asked(dataset.id, query, filter, sort or [], offset, limit, user_id)
        try:
            return await pages.page(asked)
        except InputError as error:
            raise _refused(error) from error

    async def similarity_search(
        self,
        dataset: Dataset,
        vector_settings: VectorSettings,
        value: list[float] | None = None,
        record: Record | None = None,
        query: Query = None,
        filter: Filter | None = None,
        max_results: int = 100,
        order: SimilarityOrder = SimilarityOrder.most_similar,  # type: ignore[assignment]
        threshold: float | None = None,
    ) -> SearchResponses:
        """The records closest to a vector, or to a record which itself is left out."""
        if bool(value) == bool(record):
            raise ValueError("a similarity search takes either a vector or a record")
        target = value or (
            record.vector_value_by_vector_settings(vector_settings) if record else []
        )
        asked = similar.Asked(
            dataset.id,
            vector_settings.id,
            target or [],
            query,
            filter,
            max_results,
            least=order == SimilarityOrder.least_similar,
            left_out=None if value or record is None else record.id,
            threshold=threshold,
            dimensions=vector_settings.dimensions,
        )
        try:
            return await similar.similar(asked)
        except InputError as error:
            raise _refused(error) from error


def _refused(error: InputError) -> Exception:
    """What Argilla answers with a status of 422."""
    return UnprocessableEntityError(str(error))  # type: ignore[no-untyped-call]
