"""The questions of benchmarks that a user names, out of the forms that benchmarks come in.

A file holds a JSON object a line (ours, OpenAI's or ShareGPT's conversations, BFCL's nested turns,
or a text under a common name), a JSON list of such objects, or plain text with a question a line;
each may be compressed by gzip. `bfcl` stands for the questions in the package `bfcl-eval`, which
are read as files: none of its code runs.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from fc_distilabel.errors import InputError
from fc_distilabel.report.reading import lines_of
from fc_distilabel.types import Json, ToolCall
from fc_distilabel.verifiers.gold import spelled

BFCL = "bfcl"
_INSTALL = "pip install --no-deps bfcl-eval"
_TALKS = ("messages", "conversations", "question", "turns")
_TEXTS = ("question", "query", "instruction", "prompt", "user_query", "input", "text", "content")
_USERS = ("user", "human")
_NAMES = ("id", "question_id", "task_id", "name")
_WHOLE = 1 << 30
"""Bytes of a JSON list that is read at once."""


class Question(NamedTuple):
    """What a benchmark asks: one of the user's turns, and the calls that are right, if told."""

    id: str
    benchmark: str
    text: str
    calls: tuple[str, ...] = ()
    """The right calls of the whole case, spelled."""


class Benchmark(NamedTuple):
    """The questions of one file or package."""

    name: str
    questions: tuple[Question, ...]
    unread: int
    """Lines or objects without a question."""


def read_benchmark(name: str) -> Benchmark:
    """The questions of a file, or of a package by its short name.

    Raises `InputError` where there is none.
    """
    if name == BFCL:
        return _bfcl()
    path = Path(name)
    if not path.is_file():
        found = "a folder" if path.is_dir() else "not there"
        raise InputError(f"--against {name!r} is {found}; allowed: a file, or {BFCL}")
    found_, unread = _read(path, path.name)
    if not found_:
        raise InputError(f"--against {name!r} has no questions: {unread} lines were read in vain")
    return Benchmark(path.name, tuple(found_), unread)


def _bfcl() -> Benchmark:
    spec = find_spec("bfcl_eval")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise InputError(f"--against {BFCL} reads the package bfcl-eval: {_INSTALL}")
    data = Path(next(iter(folders))) / "data"
    questions: list[Question] = []
    unread = 0
    for path in sorted(data.glob("BFCL_v*_*.json")):
        if "format_sensitivity" in path.name:
            continue  # no questions: a list of ids of the others
        found, lost = _read(path, BFCL, _bfcl_answers(data / "possible_answer" / path.name))
        questions += found
        unread += lost
    if not questions:
        raise InputError(f"--against {BFCL}: {str(data)!r} has no questions; {_INSTALL}")
    return Benchmark(BFCL, tuple(questions), unread)


def _bfcl_answers(path: Path) -> dict[str, tuple[str, ...]]:
    """The right calls by case, with the first of the values that are right."""
    if not path.is_file():
        return {}
    rows = [line.row for line in lines_of(path) if line.row]
    return {str(row.get("id")): _answers(row.get("ground_truth")) for row in rows}


def _answers(truth: Json) -> tuple[str, ...]:
    """The calls of `[{name: {argument: [right values]}}]`; of other forms none."""
    told = [item for item in truth if isinstance(item, dict)] if isinstance(truth, list) else []
    calls = [(name, values) for item in told for name, values in item.items()]
    return tuple(
        spelled(ToolCall(name=name, arguments=_first_values(values)))
        for name, values in calls
        if isinstance(values, dict)
    )


def _first_values(values: Mapping[str, Json]) -> dict[str, Json]:
    """The first right value of each argument; an empty one says that it may be left out."""
    return {
        key: right[0]
        for key, right in values.items()
        if isinstance(right, list) and right and right[0] != ""
    }


def _read(
    path: Path, benchmark: str, answers: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[list[Question], int]:
    found: list[Question] = []
    unread = 0
    for number, value in enumerate(_values(path), start=1):
        texts = [_whole_signs(text) for text in _texts(value) if text.strip()]
        case = _name(value, number)
        calls = (answers or {}).get(case) or _gold(value)
        found += [Question(case, benchmark, text, calls) for text in texts]
        unread += not texts
    return found, unread


def _values(path: Path) -> Iterator[Json]:
    """The cases of a file, each as JSON or as a line of text."""
    name = path.name.removesuffix(".gz")
    if name.endswith((".txt", ".md")):
        yield from (line for line in _whole(path).splitlines() if line.strip())
        return
    listed = _as_list(path) if name.endswith(".json") else None
    if listed is None:
        yield from (line.row for line in lines_of(path))
    else:
        yield from listed


def _as_list(path: Path) -> list[Json] | None:
    """The list that a file is as a whole; None where it has an object a line."""
    try:
        whole = json.loads(_whole(path))
    except (ValueError, RecursionError):
        return None
    if isinstance(whole, dict):
        lists = [value for value in whole.values() if isinstance(value, list)]
        return lists[0] if len(lists) == 1 else [whole]
    return whole if isinstance(whole, list) else [whole]


def _whole(path: Path) -> str:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return file.read(_WHOLE).decode("utf-8", errors="replace")
    except (OSError, EOFError) as error:
        raise InputError(f"cannot read {str(path)!r}: {error}") from error


def _whole_signs(text: str) -> str:
    """The text with `?` for half a surrogate pair."""
    return text.encode(errors="replace").decode()


def _texts(value: Json) -> Iterator[str]:
    """What a case asks."""
    if isinstance(value, str):
        yield value
    if not isinstance(value, dict):
        return
    talk = next((value[key] for key in _TALKS if isinstance(value.get(key), list)), None)
    if talk is not None:
        yield from _said(talk)
        return
    yield from (value[key] for key in _TEXTS if isinstance(value.get(key), str))


def _said(talk: Iterable[Json]) -> Iterator[str]:
    """The user's words in a list of messages, of texts, or of lists of messages."""
    for message in talk:
        if isinstance(message, str):
            yield message
        elif isinstance(message, list):
            yield from _said([each for each in message if isinstance(each, dict)])
        elif isinstance(message, dict) and message.get("role", message.get("from")) in _USERS:
            content = message.get("content", message.get("value"))
            if isinstance(content, str):
                yield content


def _gold(value: Json) -> tuple[str, ...]:
    """The right calls that a case in our own form tells."""
    calls = value.get("gold_calls") if isinstance(value, dict) else None
    return spelled_calls(calls) if isinstance(calls, list) else ()


def spelled_calls(calls: Iterable[Json]) -> tuple[str, ...]:
    """Calls as `{"name", "arguments"}`, one spelling each; what is no call is left out."""
    whole = [c for c in calls if isinstance(c, dict) and isinstance(c.get("name"), str)]
    return tuple(
        spelled(ToolCall(name=call["name"], arguments=call["arguments"]))
        for call in whole
        if isinstance(call.get("arguments"), dict)
    )


def _name(value: Json, number: int) -> str:
    named = [value.get(key) for key in _NAMES] if isinstance(value, dict) else []
    told = next((name for name in named if isinstance(name, str | int)), None)
    return f"line {number}" if told is None else _whole_signs(str(told))
