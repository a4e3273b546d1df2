"""The text in which people correct calls: JSON, with lines for people between.

Where a row calls in several messages, each has its heading (`// message 4`), so that any of them
can be corrected. Other lines that begin with `//` are notes, among them what was wrong with a
correction that comes back; they are not read again.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from fc_distilabel.feedback.review.inert import as_json, as_label
from fc_distilabel.feedback.turns import Row, calls_at
from fc_distilabel.types import Json, Language, Violation

_HEADING = re.compile(r"//\s*(?:message|消息)\s*(\d{1,6})\s*")
_HEADINGS: dict[Language, str] = {"en": "// message {}", "zh": "// 消息 {}"}
_NOTE = "//"


class Part(NamedTuple):
    """The text for the calls of one message."""

    at: int
    text: str
    heading: str = ""


def prefilled(row: Row, at: int, calls: Sequence[Mapping[str, Json]]) -> str:
    """Calls for people to change: `calls` for the message at `at`, the row's own for others."""
    calling = {index for index, m in enumerate(row["messages"]) if m.get("tool_calls")}
    places = sorted(calling | {at})
    if len(places) == 1:
        return as_json([*calls])
    heading = _HEADINGS[row["language"]]
    shown = {place: as_json([*calls] if place == at else calls_at(row, place)) for place in places}
    return "\n".join(f"{heading.format(place)}\n{text}" for place, text in shown.items())


def parts_of(text: str, at: int) -> list[Part]:
    """The text by message; what stands before any heading is for the message at `at`."""
    parts = [Part(at, "")]
    for line in text.strip().splitlines():
        heading = _HEADING.fullmatch(line.strip())
        if heading:
            parts.append(Part(int(heading[1]), "", line.strip()))
        elif not line.lstrip().startswith(_NOTE):
            parts[-1] = parts[-1]._replace(text=f"{parts[-1].text}\n{line}".strip())
    return [part for part in parts if part.text or part.heading] or parts


def returned(text: str, at: int, violations: Sequence[Violation]) -> str:
    """The text again, with what is wrong with it as notes before it."""
    notes = [" ".join(f"{_NOTE} {violation.message}".split()) for violation in violations]
    return "\n".join([*map(as_label, notes), *_lines(parts_of(text, at))])


def _lines(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if part.heading:
            yield part.heading
        try:
            yield as_json(json.loads(part.text))
        except (ValueError, RecursionError):
            yield as_label(part.text)
