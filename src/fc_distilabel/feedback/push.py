"""Records to a dataset: each once, in batches, none of them changed that are there.

Records are only ever created. The server refuses a batch of which it has a record, names it, and
the rest is sent again: what people have answered is never written over, whoever pushes how often,
and a push that was killed goes on where it stopped. A record that the server does not take is found
by halving its batch, and left out.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from fc_distilabel.errors import RunError
from fc_distilabel.feedback.datasets import Dataset
from fc_distilabel.feedback.records import Record, payload, record_of, unfit
from fc_distilabel.feedback.server import RefusedError, Server
from fc_distilabel.types import Json

FIRST, BATCH = 8, 100
BATCH_BYTES = 4_000_000
MAX_RECORD = 8_000_000
"""Bytes of one record: beyond, a browser cannot show it, and servers before Argilla refuse it."""
SHOWN = 300
TOO_LARGE, NOT_TAKEN = 413, 422
_ID = re.compile("[0-9a-f]{16}")


class LeftOut(NamedTuple):
    """A row that was not pushed, and why."""

    row: str
    why: str


class Pushed(NamedTuple):
    """What a push did."""

    added: int = 0
    there: int = 0
    """Records that the dataset had already."""
    left_out: tuple[LeftOut, ...] = ()

    def __add__(self, other: "Pushed") -> "Pushed":  # type: ignore[override]
        """Both together."""
        return Pushed(
            self.added + other.added, self.there + other.there, self.left_out + other.left_out
        )


class _Item(NamedTuple):
    record: Record
    body: bytes


def push_rows(
    server: Server,
    dataset: Dataset,
    rows: Iterable[dict[str, Json]],
    model: str = "",
    vectors: bool = True,
    note: Callable[[int], None] = lambda number: None,
) -> Pushed:
    """Push full rows; `note` is told how many rows were dealt with since it was told before.

    Raises `RunError` where the server stays silent, or takes none of the first rows: what was
    pushed until then is there.
    """
    done = Pushed()
    seen = set[str]()
    items = (_item(row, dataset, model, vectors) for row in rows)
    for batch in _batches(items):
        new = {item.record.id: item for item in batch if isinstance(item, _Item)}
        fit = [item for id_, item in new.items() if id_ not in seen]
        seen |= new.keys()
        done += Pushed(left_out=tuple(item for item in batch if isinstance(item, LeftOut)))
        done += _sent(server, dataset, fit)
        if fit and not done.added + done.there:
            why = done.left_out[-1].why
            raise RunError(f"the dataset {dataset.name!r} takes no record: {why}")
        note(len(batch))
    return done


def _batches(items: Iterable["_Item | LeftOut"]) -> Iterator[list["_Item | LeftOut"]]:
    """Few at first, to learn soon whether any are taken; then as many as fit."""
    batch: list[_Item | LeftOut] = []
    most, room = FIRST, BATCH_BYTES
    for item in items:
        size = len(item.body) if isinstance(item, _Item) else 0
        if len(batch) == most or (batch and size > room):
            yield batch
            batch, most, room = [], BATCH, BATCH_BYTES
        batch.append(item)
        room -= size
    if batch:
        yield batch


def _item(row: dict[str, Json], dataset: Dataset, model: str, vectors: bool) -> "_Item | LeftOut":
    name = str(row.get("id") or "a row without id")
    if why := unfit(row):
        return LeftOut(name, why)
    try:
        record = record_of(row, model)
        body = json.dumps(payload(record, dataset.questions, vectors), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return LeftOut(name, "it holds half a surrogate pair, which is no text")
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        return LeftOut(name, f"it is not a row as this version knows them: {error!r}"[:SHOWN])
    if len(body) > MAX_RECORD:
        return LeftOut(name, f"its record has {len(body):,} bytes, but at most {MAX_RECORD:,} go")
    return _Item(record, body)


def _sent(server: Server, dataset: Dataset, batch: Sequence[_Item]) -> Pushed:
    """Send a batch; what is there already, or not taken, is told from the server's answer."""
    if not batch:
        return Pushed()
    try:
        _create(server, dataset, batch)
    except RefusedError as error:
        if error.status not in (TOO_LARGE, NOT_TAKEN):
            raise
        there = set(_ID.findall(error.detail)) & {item.record.id for item in batch}
        if there:
            rest = [item for item in batch if item.record.id not in there]
            return Pushed(there=len(there)) + _sent(server, dataset, rest)
        if len(batch) == 1:
            return Pushed(left_out=(LeftOut(batch[0].record.row, error.detail),))
        half = len(batch) // 2
        return _sent(server, dataset, batch[:half]) + _sent(server, dataset, batch[half:])
    return Pushed(added=len(batch))


def _create(server: Server, dataset: Dataset, batch: Sequence[_Item]) -> Any:
    body = b'{"items":[' + b",".join(item.body for item in batch) + b"]}"
    server.send(
        "POST",
        f"datasets/{dataset.id}/records/bulk",
        content=body,
        headers={"Content-Type": "application/json"},
    )
