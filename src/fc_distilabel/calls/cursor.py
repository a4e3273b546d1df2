"""A place in a damaged text, what was mended on the way to it, and how reading ends there.

All readers of this package share one cursor, so a mend is noted where it is made and a text is
walked once. A reader that is not sure raises `Refused`: a guess would be a wrong value that passes
every later check, while a refusal costs one retry.
"""

import re
from typing import NoReturn

from fc_distilabel.calls.notations import TAG
from fc_distilabel.schemas.bounds import MAX_DEPTH

WIDE = {"，": ",", "、": ",", "：": ":", "＝": "=", "（": "(", "）": ")"}
WIDE |= {"｛": "{", "｝": "}", "［": "[", "］": "]", "；": ";"}
"""Full-width punctuation, as Chinese input methods write it, and what it stands for."""

_SPACE = re.compile(r"[\s\ufeff\u200b]+")
_COMMENT = re.compile(r"(?://|#)[^\n]*\n|/\*")
_CONTENT = re.compile(r"[\"“”{}\[\]]|'\s*:")


class Refused(Exception):  # noqa: N818 - not an error: there is not exactly one reading
    """Reading ended without a sure result; carries the rule broken, and where among the calls."""

    def __init__(self, rule: str, message: str, path: str = "") -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.path = path


class Cursor:
    """A position in a text; `known` holds names that may stand as keys of objects."""

    def __init__(self, text: str, known: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.known = known
        self.restart(0)

    def restart(self, at: int) -> None:
        """Read from `at` on, as if nothing had been read before."""
        self.at = at
        self.repairs: dict[str, None] = {}  # an ordered set
        self.unclosed = 0
        """How many objects were closed by the reader, not by the text."""
        self.doubt = False
        """Whether the string before had unescaped quotes: the next key must be a known one."""
        self._depth = 0

    def repair(self, name: str) -> None:
        """Note that something was mended."""
        self.repairs[name] = None

    def refuse(self, rule: str, message: str) -> NoReturn:
        """Give up, and show where."""
        rest = self.text[self.at : self.at + 40]
        raise Refused(rule, f"{message}, at {rest!r}" if rest else f"{message}, at the end")

    def skip(self) -> None:
        """Go past white space and comments."""
        while True:
            space = _SPACE.match(self.text, self.at)
            if space:
                self.at = space.end()
                if space.group().strip(" \t\r\n"):
                    self.repair("white space")
            comment = _COMMENT.match(self.text, self.at)
            if not comment:
                return
            self._comment(comment)

    def _comment(self, opening: re.Match[str]) -> None:
        end = opening.end()
        if opening.group() == "/*":
            end = self.text.find("*/", end) + 2
            if end == 1:
                self.refuse("truncated", "a comment has no end")
        if _CONTENT.search(self.text, opening.start(), end):
            self.refuse("ambiguous", "a comment may hide a part of the call")
        self.repair("comment")
        self.at = end

    def peek(self) -> str:
        """The next character, full-width punctuation folded; empty where the value's text ends."""
        char = self.text[self.at : self.at + 1]
        if char == "<" and TAG.match(self.text, self.at):
            return ""
        if char == "`" and self.text.startswith("```", self.at):
            return ""
        return WIDE.get(char, char)

    def take(self, wanted: str) -> bool:
        """Go past white space and one character, if it is the wanted one."""
        self.skip()
        if self.peek() != wanted:
            return False
        if self.text[self.at] != wanted:
            self.repair("full-width punctuation")
        self.at += 1
        return True

    def expect(self, wanted: str) -> None:
        """Go past one character that has to be there."""
        if not self.take(wanted):
            rule = "not-json" if self.peek() else "truncated"
            self.refuse(rule, f"{wanted!r} is missing")

    def enter(self, opening: str) -> None:
        """Go past an opening bracket, one level deeper."""
        self.expect(opening)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.refuse("depth", f"nested more than {MAX_DEPTH} levels deep")

    def leave(self) -> None:
        """One level up again."""
        self._depth -= 1
