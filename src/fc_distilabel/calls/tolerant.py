"""Reading one value of damaged JSON, or one call in Python's syntax, in a single reading.

The grammar is JSON's, widened where a text still has one reading: trailing and missing commas,
comments, unquoted keys, Python's literals, full-width punctuation, other quotes. Closing brackets
that are missing at the very end are supplied for objects only, and only after a value that shows
its own end: a number may have lost digits, a list its items. What numbers are is never widened:
`2,010`, `5 + 1` and `NaN` are nobody's number.
"""

import json
import re

from fc_distilabel.calls.cursor import Cursor
from fc_distilabel.calls.notations import NAME
from fc_distilabel.calls.parse import no_constant, unique
from fc_distilabel.calls.strings import (
    BARE_KEY,
    BARE_MEMBER,
    BEFORE_COLON,
    CLOSERS,
    ITEM,
    KEY,
    KEYWORD,
    KEYWORD_ARGUMENT,
    MEMBER,
    Ends,
    read_string,
)
from fc_distilabel.types import Json, canonical_json

_WORDS = {"true": True, "false": False, "null": None}
_PYTHON_WORDS = {"True": True, "False": False, "None": None}
_TOKEN = re.compile(r"[\w.+-]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_IDENTIFIER = re.compile(r"[^\W\d][\w.-]*")
_KEYWORD_NAME = re.compile(r"[^\W\d]\w*")
_FUNCTION = re.compile(NAME)
_KEY, _BARE_KEY, _KEYWORD = map(re.compile, (KEY, BARE_KEY, KEYWORD))
_MAX_DIGITS = 400


def read_strict(text: str) -> Json:
    """The JSON value that the text is, exactly; `ValueError` or `RecursionError` when it is not."""
    return _STRICT.decode(text)


def scan_strict(text: str, start: int) -> tuple[Json, int] | None:
    """The strict JSON value that starts at `start`, and where it ends; None when there is none."""
    try:
        return _STRICT.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None


def read_value(cursor: Cursor, ends: Ends = ITEM) -> Json:
    """The value at the cursor, which moves past it."""
    cursor.skip()
    char = cursor.peek()
    if char == "{":
        return read_object(cursor)
    if char in ("[", "("):
        return _array(cursor, char)
    if char in CLOSERS:
        return read_string(cursor, ends)
    return _scalar(cursor)


def read_object(cursor: Cursor) -> dict[str, Json]:
    """The object at the cursor, which moves past it."""
    cursor.enter("{")
    found: dict[str, Json] = {}
    style = _KEY
    while not _closed(cursor, "}", found, style):
        bare = cursor.peek() not in CLOSERS
        style = _BARE_KEY if bare else _KEY
        key = _key(cursor)
        cursor.expect(":")
        _put(cursor, found, key, read_value(cursor, BARE_MEMBER if bare else MEMBER))
    return found


def read_call(cursor: Cursor) -> tuple[str, dict[str, Json]]:
    """The call `name(key=value, ...)` at the cursor, which moves past it."""
    cursor.skip()
    name = _FUNCTION.match(cursor.text, cursor.at)
    if not name:
        cursor.refuse("not-a-call", "a function's name is missing")
    cursor.at = name.end()
    cursor.enter("(")
    found: dict[str, Json] = {}
    while not _closed(cursor, ")", found, _KEYWORD):
        _keyword_argument(cursor, found)
    cursor.repair("call syntax")
    return name.group(), found


def read_list_of_calls(cursor: Cursor) -> list[tuple[str, dict[str, Json]]]:
    """The list `[f(...), g(...)]` at the cursor, which moves past it."""
    cursor.enter("[")
    found: list[tuple[str, dict[str, Json]]] = []
    while not _closed(cursor, "]", found):
        found.append(read_call(cursor))
    return found


def _keyword_argument(cursor: Cursor, found: dict[str, Json]) -> None:
    if cursor.text.startswith("**", cursor.at):
        cursor.at += 2
        for key, value in read_object(cursor).items():
            _put(cursor, found, key, value)
        return
    name = _KEYWORD_NAME.match(cursor.text, cursor.at)
    if not name or not _KEYWORD.match(cursor.text, cursor.at):
        cursor.refuse("not-a-call", "arguments must be given by name, as name=value")
    _known_after_doubt(cursor, name.group())
    cursor.at = name.end()
    cursor.expect("=")
    _put(cursor, found, name.group(), read_value(cursor, KEYWORD_ARGUMENT))


def _array(cursor: Cursor, opening: str) -> list[Json]:
    cursor.enter(opening)
    found: list[Json] = []
    closing = "]" if opening == "[" else ")"
    while not _closed(cursor, closing, found):
        found.append(read_value(cursor, ITEM))
    if closing == ")":
        if len(found) == 1:
            cursor.refuse("ambiguous", "a value in parentheses is an expression")
        cursor.repair("Python literal")
    return found


def _closed(
    cursor: Cursor,
    closing: str,
    found: dict[str, Json] | list[Json],
    key: re.Pattern[str] | None = None,
) -> bool:
    """Whether the brackets end here; if not, the cursor stands at the next member."""
    comma = bool(found) and cursor.take(",")
    if cursor.take(closing):
        if comma:
            cursor.repair("trailing comma")
        cursor.leave()
        return True
    if not cursor.peek():
        return _closed_by_reader(cursor, comma or isinstance(found, list) or _hangs(found))
    if found and not comma:
        _check_missing_comma(cursor, found, key)
    return False


def _closed_by_reader(cursor: Cursor, more_to_come: bool) -> bool:
    if more_to_come:
        cursor.refuse("truncated", "the text ends before the call does")
    cursor.repair("missing closers")
    cursor.unclosed += 1
    cursor.leave()
    return True


def _hangs(found: dict[str, Json]) -> bool:
    """Whether more must come: nothing is there, or a last value that ends as none does.

    The quote behind a space may as well open a word inside the value: `"the "Ritz""`.
    """
    last = next(reversed(found.values()), " ")
    return isinstance(last, str) and last != last.rstrip()


def _check_missing_comma(
    cursor: Cursor, found: dict[str, Json] | list[Json], key: re.Pattern[str] | None
) -> None:
    if isinstance(found, list):  # two strings side by side may be one, two numbers too
        sure = isinstance(found[-1], dict | list) and cursor.peek() in ("{", "[")
    else:
        sure = bool(key and key.match(cursor.text, cursor.at))
    if not sure:
        cursor.refuse("not-json", "after a value there must be a comma or a closing bracket")
    cursor.repair("missing comma")


def _key(cursor: Cursor) -> str:
    if cursor.peek() in CLOSERS:
        key = read_string(cursor, BEFORE_COLON)
    else:
        name = _IDENTIFIER.match(cursor.text, cursor.at)
        if not name:
            cursor.refuse("not-json", "a key in double quotes must stand here")
        key = name.group()
        cursor.at = name.end()
        cursor.repair("unquoted key")
    _known_after_doubt(cursor, key)
    return key


def _known_after_doubt(cursor: Cursor, key: str) -> None:
    if cursor.doubt and key not in cursor.known:
        cursor.refuse("ambiguous", f"a string may end before or after {key!r}")
    cursor.doubt = False


def _put(cursor: Cursor, found: dict[str, Json], key: str, value: Json) -> None:
    if key in found:
        if found[key] != value or canonical_json(found[key]) != canonical_json(value):
            cursor.refuse("duplicate-key", f"the key {key!r} stands twice with different values")
        cursor.repair("duplicate key")
    found[key] = value


def _scalar(cursor: Cursor) -> Json:
    token = _TOKEN.match(cursor.text, cursor.at)
    if not token:
        rule = "not-json" if cursor.peek() else "truncated"
        cursor.refuse(rule, "a value is missing")
    word = token.group()
    if word in _WORDS or word in _PYTHON_WORDS:
        if word in _PYTHON_WORDS:
            cursor.repair("Python literal")
        cursor.at = token.end()
        return (_WORDS | _PYTHON_WORDS)[word]
    number = _NUMBER.fullmatch(word)
    if not number or len(word) > _MAX_DIGITS:
        cursor.refuse("not-a-value", "neither a JSON number nor a quoted string")
    cursor.at = token.end()
    cursor.skip()
    if not cursor.peek():
        cursor.refuse("truncated", f"the text ends after {word[:40]}, which may have lost digits")
    return float(word) if number.group(1) or number.group(2) else int(word)


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:  # Python takes quadratic time for them
        raise ValueError("an integer is too long")
    return int(digits)


_STRICT = json.JSONDecoder(object_pairs_hook=unique, parse_int=_integer, parse_constant=no_constant)
