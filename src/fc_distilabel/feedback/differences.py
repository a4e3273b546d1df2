"""How the settings of a dataset on a server differ from those of a review dataset.

Titles, guidelines and the number of people a record needs are anybody's to change. What answers are
read by (names, types, the values of labels) and what shows a record (the template) is not.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from fc_distilabel.feedback.review.names import TRAJECTORY

Settings: TypeAlias = Mapping[str, Any]
MISSING = "is missing"
PARTS = {"fields": "field", "questions": "question", "metadata": "metadata", "vectors": "vector"}


def differences(found: Settings, wanted: Settings, templates: Collection[str]) -> Iterator[str]:
    """What differs, a line each; `templates` are those that a review dataset may have."""
    for part, word in PARTS.items():
        there, due = _by_name(found[part]), _by_name(wanted[part])
        yield from (f"{word} {name!r} {MISSING}" for name in due if name not in there)
        yield from (f"{word} {name!r} is not one of ours" for name in there if name not in due)
        for name in due.keys() & there.keys():
            yield from _changes(f"{word} {name!r}", there[name], due[name])
    shown = _by_name(found["fields"]).get(TRAJECTORY, {}).get("settings", {})
    if "template" in shown and shown["template"].strip() not in {t.strip() for t in templates}:
        yield f"field {TRAJECTORY!r} has the template of another version"


def _by_name(entries: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {entry["name"]: entry for entry in entries}


def _changes(place: str, there: Mapping[str, Any], due: Mapping[str, Any]) -> Iterator[str]:
    for key, what in _compared(due).items():
        told = _compared(there).get(key)
        if told != what:
            yield f"{place} has {key} {_said(told)} instead of {_said(what)}"


def _compared(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What is compared of one entry, by the words it is told in."""
    settings = entry.get("settings", {})
    options = settings.get("options")
    told = {
        "type": settings.get("type"),
        "required": entry.get("required"),
        "dimensions": entry.get("dimensions"),
        "values": sorted(str(option["value"]) for option in options) if options else None,
        "advanced mode": settings.get("advanced_mode"),
    }
    return {key: value for key, value in told.items() if value is not None}


def _said(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
