"""All records of a dataset with their answers, page by page.

The server sorts by the time of insertion, in which many records are equal: a page may repeat one
and lose another. So records are told apart by id, and read again until none is missing.
"""

from collections.abc import Callable, Iterator
from typing import Any

from fc_distilabel.errors import InputError, RunError
from fc_distilabel.feedback.answers import Reader
from fc_distilabel.feedback.datasets import Dataset
from fc_distilabel.feedback.server import RefusedError, Server
from fc_distilabel.feedback.votes import Reviewed

PAGE = 200
ROUNDS = 3


def read_reviewed(
    server: Server,
    dataset: Dataset,
    reader: Reader,
    note: Callable[[int, int], None] = lambda done, total: None,
) -> list[Reviewed]:
    """Every record of ours, in the order of the rows' ids; `note` is told how many of how many.

    Raises `RunError` where the server's pages do not add up.
    """
    found: dict[str, Reviewed | None] = {}
    total = 0
    for _ in range(ROUNDS):
        for page, total in _pages(server, dataset):
            # Read at once: a row is a fraction of its record, which is let go with the page.
            found |= {item["id"]: reader.read(item) for item in page if item["id"] not in found}
            note(len(found), total)
        if len(found) >= total:
            read = [reviewed for reviewed in found.values() if reviewed is not None]
            return sorted(read, key=lambda reviewed: (reviewed.row["id"], reviewed.record))
    raise RunError(
        f"the pages of {dataset.name!r} hold {len(found):,} of {total:,} records, {ROUNDS} times "
        "over: is somebody deleting or adding records? Try again"
    )


def _pages(server: Server, dataset: Dataset) -> Iterator[tuple[list[dict[str, Any]], int]]:
    offset, total = 0, 1
    while offset < total:
        page = _page(server, dataset, offset)
        items, total = page["items"], page["total"]
        yield items, total
        if not items:
            return
        offset += len(items)


def _page(server: Server, dataset: Dataset, offset: int) -> dict[str, Any]:
    try:
        page: dict[str, Any] = server.get(
            f"datasets/{dataset.id}/records",
            include=["responses", "suggestions"],
            offset=offset,
            limit=PAGE,
        )
    except RefusedError as error:
        if error.status == 404:
            raise InputError(f"the dataset {dataset.name!r} is gone from {server.url}") from error
        raise
    return page
