r"""Where a damaged string ends, and what it says.

A quote ends a string when the text goes on as it would after one. That is sure as long as no other
quote stood inside. With unescaped quotes inside (`""New" York"`) it is sure only when three things
hold: the quotes inside pair up, the text goes on in a way that no prose does (a closing bracket, or
a key that the tools know), and no quote inside stands as between two strings (at a colon, after a
known key, or with only a comma to the next quote), which would mean that a key or a string was
swallowed. Anything else has two readings and is refused. Apostrophes (`it's`, `O'Hara`) are no
quotes.
"""

import re
from typing import NamedTuple

from fc_distilabel.calls.cursor import Cursor
from fc_distilabel.calls.notations import TAG

CLOSERS = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "’": "’", "＂": "＂"}
CLOSERS |= {"「": "」", "『": "』"}
"""Opening quotes and what closes them; some input methods write the closing one twice."""

_ESCAPES = {'"': '"', "\\": "\\", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.|\Z)", re.DOTALL)
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f]")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=[A-Za-z]{1,2}\b)|(?<=\b[A-Za-z])['’](?=[A-Za-z])")
_AFTER = re.compile(r"\s*[:：=＝]")
_BEFORE = re.compile(r"[,，、\s][\w.-]{1,128}\s*[:：=＝]\s*\Z")
_WORD_BEFORE = re.compile(r"([\w.-]{1,128})\s*[:：=＝]?\s*\Z")
_NEAR = 160
_NOTHING = " \t\r\n,:=，、：＝"

_QUOTED = "|".join(f"{a}[^{b}\n]{{0,128}}{b}" for a, b in CLOSERS.items())
KEY = rf"(?:{_QUOTED})\s*[:：]"
"""A key and its colon; bounded, because it is looked for after every quote."""
BARE_KEY = r"[^\W\d][\w.-]{0,128}\s*[:：]"
KEYWORD = r"(?:\*\*|[^\W\d]\w{0,128}\s*[=＝](?!=))"
_CUT = rf"//|#|/\*|```|\Z|{TAG.pattern}"


class Ends(NamedTuple):
    """How the text goes on after a string in one place of the grammar."""

    loose: re.Pattern[str]
    """After a string without quotes inside."""
    firm: re.Pattern[str] | None = None
    """After a string with quotes inside; None where that is never sure."""
    before: re.Pattern[str] | None = None
    """What stands before the string of another member, where keys have no quotes of their own."""


def _ends(closer: str, key: str, before: re.Pattern[str] | None = None) -> Ends:
    loose = re.compile(rf"\s*(?:[{closer},，、]|{key}|{_CUT})")
    firm = re.compile(rf"\s*(?:[{closer}]|[,，、]\s*(?:{key}|[{closer}])|{key})")
    return Ends(loose, firm, before)


MEMBER = _ends("}｝", KEY)
BARE_MEMBER = _ends("}｝", BARE_KEY, _BEFORE)
KEYWORD_ARGUMENT = _ends(")）", KEYWORD, _BEFORE)
ITEM = Ends(re.compile(rf"\s*(?:[\]］)）,，、]|{_CUT})"))
BEFORE_COLON = Ends(re.compile(r"\s*[:：]"))


def read_string(cursor: Cursor, ends: Ends) -> str:
    """The string that starts at the cursor, which moves past its end."""
    opener = cursor.text[cursor.at]
    closer = CLOSERS[opener]
    if opener == closer and cursor.text.startswith(opener * 3, cursor.at):
        cursor.refuse("ambiguous", "a string starts with three quotes")
    start = cursor.at + 1
    end = _find_end(cursor, opener, closer, ends)
    body = cursor.text[start:end]
    cursor.at = end + 1
    if closer != '"':
        cursor.repair("single quotes" if closer == "'" else "smart quotes")
    if _CONTROL.search(body):
        cursor.repair("raw newline" if re.search(r"[\r\n]", body) else "raw control character")
    return _unescaped(cursor, body, closer)


def _find_end(cursor: Cursor, opener: str, closer: str, ends: Ends) -> int:
    text, start = cursor.text, cursor.at + 1
    opened = closed = 0
    last = -1
    for mark in re.compile(rf"\\.|[{opener}{closer}]", re.DOTALL).finditer(text, start):
        at = mark.start()
        if text[at] == "\\" or (at > start and _APOSTROPHE.match(text, at)):
            continue
        inside = opened + closed
        pattern = ends.firm if inside else ends.loose
        if text[at] == closer and pattern and pattern.match(text, at + 1):
            _check_pairs(cursor, opened, closed, opener == closer)
            return at
        if not ends.firm or _may_be_outside(cursor, max(start, at - _NEAR), last, at, ends):
            cursor.refuse("ambiguous", "a quote inside a string is not escaped")
        last = at
        opened += text[at] == opener != closer
        closed += text[at] == closer
    return cursor.refuse("truncated", "a string has no end")


def _check_pairs(cursor: Cursor, opened: int, closed: int, same: bool) -> None:
    if closed % 2 if same else opened != closed:
        cursor.refuse("ambiguous", "unescaped quotes inside a string do not pair up")
    if closed:
        cursor.repair("unescaped quotes")
        cursor.doubt = True


def _may_be_outside(cursor: Cursor, start: int, last: int, at: int, ends: Ends) -> bool:
    """Whether the text around a quote looks like what stands between two strings."""
    text = cursor.text
    alone = last >= 0 and not text[last + 1 : at].strip(_NOTHING)
    word = _WORD_BEFORE.search(text, start, at)
    swallowed = ends.before and ends.before.search(text, start, at)
    key = word and word.group(1) in cursor.known
    return bool(alone or swallowed or key or _AFTER.match(text, at + 1))


def _unescaped(cursor: Cursor, body: str, closer: str) -> str:
    if "\\" not in body:
        return body

    def plain(match: re.Match[str]) -> str:
        code = match.group(1)
        if code in _ESCAPES:
            return _ESCAPES[code]
        if len(code) > 1:
            if code[0] == "x":
                cursor.repair("hexadecimal escape")
            return chr(int(code[1:], 16))
        if code == "'":
            cursor.repair("needless escape")
            return code
        if code == "/" and closer != "'":  # in Python the backslash would stay
            return code
        return cursor.refuse("bad-escape", f"no JSON escape: a backslash and {code!r}")

    return _HALVES.sub(_joined, _ESCAPE.sub(plain, body))


def _joined(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")
