"""Finding the calls in a text: what stands around them, and that nothing is left behind.

The text is walked once from mark to mark: tags, code fences, opening brackets, names followed by a
parenthesis. Every bracket has to belong to a call, every tag has to be known, and what remains must
be prose; a text where something is left over is refused, because it may be half of another call.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from fc_distilabel.calls.cursor import Cursor, Refused
from fc_distilabel.calls.notations import (
    HEADER,
    NAME,
    OPENING,
    TAG,
    UNKNOWN_TAG,
    read_header,
    tag_notation,
)
from fc_distilabel.calls.tolerant import (
    read_call,
    read_list_of_calls,
    read_object,
    read_value,
    scan_strict,
)
from fc_distilabel.types import Json

_MARK = re.compile(
    rf"(?P<header>{HEADER.pattern})|(?P<tag>{TAG.pattern})|(?P<fence>```[\w+-]*)"
    rf"|(?P<list>[\[［](?=\s*{NAME}[(（]))|(?P<value>[{{｛\[［])"
    rf"|(?P<call>(?<![A-Za-z0-9_.-]){NAME}(?=[(（]))|(?P<odd>{UNKNOWN_TAG}|[}}｝\]］])"
)
_HAS_ARGUMENTS = re.compile(r"[(（]\s*(?:\*\*|[^\W\d]\w{0,128}\s*[=＝](?!=))")
_IS_EMPTY = re.compile(r"[(（]\s*[)）][ \t;]*(?:\n|\Z|```|</)")
_MEMBER = re.compile(r"[\"'“”]\s*[:：]")
_FENCE = re.compile(r"\s*(?:```[\w+-]*)?")
_REASONING_END = "</think>"
_GLUE = " \t\r\n,;，；、`"
"""What may stand between calls without saying anything."""


class Found(NamedTuple):
    """A value that stands where a call should be."""

    value: Json
    name: str | None
    """The function's name, where the notation says it outside the value."""
    notation: str
    unclosed: int
    """How many objects of the value were closed by the reader."""


def find_calls(cursor: Cursor, names: frozenset[str]) -> list[Found]:
    """Everything in the text that stands where a call should; `names` are the known functions."""
    text = cursor.text
    if not text.lstrip().startswith("<think>"):
        try:
            return _Walk(cursor, names).found()
        except Refused:
            if _REASONING_END not in text:
                raise
    return _after_reasoning(cursor, names)


def _after_reasoning(cursor: Cursor, names: frozenset[str]) -> list[Found]:
    """A model's thinking comes first and calls nothing, even where it drafts a call."""
    _, end, after = cursor.text.partition(_REASONING_END)
    if not end:
        cursor.refuse("truncated", "the reasoning has no end")
    cursor.restart(len(cursor.text) - len(after))
    cursor.repair("reasoning")
    return _Walk(cursor, names).found()


class _Walk:
    """One pass over a text."""

    def __init__(self, cursor: Cursor, names: frozenset[str]) -> None:
        self._cursor = cursor
        self._names = names
        self._found: list[Found] = []
        self._wrapping = ""  # the notation that the tags or the fence so far say
        self._strict = True  # after one failure strict reading is not tried again: it costs
        self._claimed = cursor.at  # up to here the text is understood
        self._opened = False  # whether a tag announced a call that has not come yet
        self._readers: dict[str, Callable[[re.Match[str]], None]] = {
            "header": self._header,
            "tag": self._tag,
            "fence": self._fence,
            "list": self._list,
            "value": self._value,
            "call": self._call,
            "odd": self._odd,
        }

    def found(self) -> list[Found]:
        cursor = self._cursor
        while mark := _MARK.search(cursor.text, cursor.at):
            kind = str(mark.lastgroup)
            if kind == "call" and not self._is_call(mark):
                cursor.at = mark.end()
                continue
            cursor.at = mark.start()
            self._prose(mark.start())
            self._readers[kind](mark)
            self._claimed = cursor.at
        self._prose(len(cursor.text))
        if self._opened:
            cursor.refuse("truncated", "a tag announces a call, and none follows")
        return self._found

    def _prose(self, end: int) -> None:
        prose = self._cursor.text[self._claimed : end].strip(_GLUE)
        if not prose:
            return
        self._cursor.repair("prose")
        if _MEMBER.search(prose):
            self._cursor.refuse("not-json", "a key stands outside any object")
        if self._cursor.unclosed:
            self._cursor.refuse("truncated", "a call is not closed, and words follow it")

    def _is_call(self, mark: re.Match[str]) -> bool:
        """Whether a name and a parenthesis are a call, and not prose like `option(s)`."""
        text, end = self._cursor.text, mark.end()
        if mark.group() in self._names or _HAS_ARGUMENTS.match(text, end):
            return True
        if not _IS_EMPTY.match(text, end):
            return False
        return not text[self._claimed : mark.start()].rpartition("\n")[2].strip(_GLUE)

    def _add(self, value: Json, name: str | None, notation: str, unclosed: int) -> None:
        self._opened = False
        supplied = self._cursor.unclosed - unclosed
        self._found.append(Found(value, name, self._wrapping or notation, supplied))

    def _header(self, mark: re.Match[str]) -> None:
        cursor, before = self._cursor, self._cursor.unclosed
        self._wrapping, name = read_header(cursor.text, mark.start())
        cursor.repair("tags")
        fence = _FENCE.match(cursor.text, mark.end())
        cursor.at = fence.end() if fence else mark.end()
        self._add(read_object(cursor), name, self._wrapping, before)

    def _tag(self, mark: re.Match[str]) -> None:
        self._wrapping = tag_notation(mark.group()) or self._wrapping
        self._opened = bool(OPENING.fullmatch(mark.group()))
        self._cursor.repair("tags")
        self._cursor.at = mark.end()

    def _fence(self, mark: re.Match[str]) -> None:
        self._wrapping = self._wrapping or "fenced"
        self._cursor.repair("code fence")
        self._cursor.at = mark.end()

    def _value(self, mark: re.Match[str]) -> None:
        cursor, before = self._cursor, self._cursor.unclosed
        strict = scan_strict(cursor.text, mark.start()) if self._strict else None
        self._strict = strict is not None
        if strict:
            value, cursor.at = strict
        else:
            value = read_value(cursor)
        self._add(value, None, "json", before)

    def _list(self, mark: re.Match[str]) -> None:
        calls = read_list_of_calls(self._cursor)
        for name, arguments in calls:
            self._add(arguments, name, "pythonic", self._cursor.unclosed)

    def _call(self, mark: re.Match[str]) -> None:
        before = self._cursor.unclosed
        name, arguments = read_call(self._cursor)
        self._add(arguments, name, "function", before)

    def _odd(self, mark: re.Match[str]) -> None:
        what = "tag" if mark.group().startswith("<") else "closing bracket"
        self._cursor.refuse("ambiguous", f"a {what} stands there that belongs to no call")
