"""What one line of a file gives to train on: a row to imitate, pairs, or judged answers.

A run's rows, its preferences, what people's reviews came to and imported sets differ only in their
keys, so any of them may be the source of any data that they hold.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from fc_distilabel.errors import Dropped
from fc_distilabel.types import Json, canonical_json

Data: TypeAlias = Literal["sft", "dpo", "kto"]
Pairs: TypeAlias = Callable[[Mapping[str, Json]], Iterator[dict[str, Json]]]
"""The pairs that a full row holds in its candidates."""


class Unit(NamedTuple):
    """One thing to learn from."""

    id: str
    record: dict[str, Json]
    """What an exporter of this data takes."""


def units(record: dict[str, Json], data: Data, pairs: Pairs) -> Iterator[Unit]:
    """What a record gives; nothing where a row has no pair, `Dropped` where it cannot be."""
    if data == "sft":
        yield _row(record)
    elif data == "dpo":
        yield from _pairs(record, pairs)
    else:
        yield from _judged(record, pairs)


def _row(record: dict[str, Json]) -> Unit:
    if "messages" not in record:
        raise Dropped("no messages", f"keys {', '.join(map(str, record))}")
    if record.get("label") is False:
        raise Dropped("labelled as wrong", "it is for preference training only")
    return Unit(_id(record), record)


def _pairs(record: dict[str, Json], pairs: Pairs) -> Iterator[Unit]:
    if "chosen" in record:
        yield Unit(_id(record), record)
    elif "messages" in record:
        try:
            found = list(pairs({"id": "", "kind": "", "language": "", **record}))
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            raise Dropped("candidates that cannot be read", repr(error)) from error
        yield from (Unit(_id(pair), pair) for pair in found)
    else:
        raise Dropped("no pair", f"keys {', '.join(map(str, record))}")


def _judged(record: dict[str, Json], pairs: Pairs) -> Iterator[Unit]:
    if "completion" in record:
        yield Unit(_id(record), record)
    elif isinstance(record.get("label"), bool) and record.get("messages"):
        *prompt, last = record["messages"]
        yield Unit(_id(record), {**record, "prompt": prompt, "completion": [last]})
    else:
        for unit in _pairs(record, pairs):
            shared = {k: v for k, v in unit.record.items() if k not in ("chosen", "rejected")}
            for side in ("chosen", "rejected"):
                answer = {"completion": unit.record.get(side), "label": side == "chosen"}
                yield Unit(f"{unit.id}-{side}", {**shared, **answer})


def _id(record: Mapping[str, Json]) -> str:
    return str(record.get("id") or "")


def opening(record: Mapping[str, Json]) -> str:
    """What the user says first, by which data are split; the id where nobody says anything.

    A row, its pairs and a second row with the same request share it, so that no prompt that is
    trained on is tested on, whichever files are made of a run.
    """
    for message in record.get("messages") or record.get("prompt") or ():
        if isinstance(message, dict) and message.get("role") == "user":
            return canonical_json(message.get("content"))
    return _id(record)


class Repeats:
    """Tells what was said already among the neighbours of one row: pairs share a right answer."""

    def __init__(self) -> None:
        self._row: Json = None
        self._said: set[str] = set()

    def seen(self, record: Mapping[str, Json]) -> bool:
        """Whether the same prompt has the same answers, in this row."""
        if "row" not in record:
            return False
        if record["row"] != self._row:
            self._row, self._said = record["row"], set()
        answers = [record.get(key) for key in ("chosen", "rejected", "completion", "label")]
        said = canonical_json([len(record.get("prompt") or ()), *answers])
        known = said in self._said
        self._said.add(said)
        return known
