"""Lines to blocks, for texts and PDFs: which lines were one paragraph before they were wrapped.

Nothing marks it, so width decides: a line that stops short of the others, or at a full stop, or
before a list mark ends its paragraph. A wrong join after a full stop does no harm (sentences are
split again); only a line without one that is long enough must not be torn from its next.
"""

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

from fc_distilabel.documents.blocks import HAN, Block, BlockKind, tidy

_WRAPPED_AT_MOST = 200
"""Columns; where lines are longer, nobody wrapped them, and each is a paragraph."""
_SHORT = 0.6
_NEARLY_FULL = 0.85
_TERMINAL = re.compile(r"[.!?:;。！？：；…][\"'”’」』）)\]]*$")
_BULLET = re.compile(r"^\s*(?:[•●▪◦‣■◆○※*–—·-]\s+|[•●▪◦‣■◆]|\(?\d{1,2}[.)]\s+|\d{1,2}、)")
_HEADING = re.compile(
    rf"^(?:\d{{1,2}}(?:\.\d{{1,2}})+\.?\s+\S|第[一二三四五六七八九十百\d]+[章节篇编部]"
    rf"|[一二三四五六七八九十]+、\s*[{HAN}]|(?:Chapter|Section|Appendix|Part)\s+[\dA-Z]+\b)"
)
_STARTS_ANEW = re.compile(
    r"^(?:　　|第[一二三四五六七八九十百千\d]+条|（[一二三四五六七八九十]+）)"
)
_MAX_HEADING_WIDTH = 70
_BROKEN_WORD = re.compile(r"\b([A-Za-z]{1,40})-\n[ \t]*([a-z]{1,40})\b")
_BREAKS_WORD = re.compile(r"[A-Za-z]-$")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_PREFIXES = frozenset(("well", "self", "non", "full", "half", "high", "low", "long", "short"))
_RULE = re.compile(r"^[\s\-=_*~#.]{3,}$")


def plain_blocks(text: str) -> list[Block]:
    """The paragraphs, list items and numbered headings of a text without markup."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = ["" if _RULE.match(line) else line.rstrip() for line in text.split("\n")]
    full = _full_width(lines)
    paragraphs: list[list[str]] = []
    last = ""
    for line in lines:
        if line.strip() and last and not _starts_block(last, line, full):
            paragraphs[-1].append(line)
        elif line.strip():
            paragraphs.append([line])
        last = line
    known = _vocabulary(text)
    joined = [_join_hyphens("\n".join(each), known) for each in paragraphs]
    return [_block(each, index == 0) for index, each in enumerate(joined)]


def _starts_block(last: str, line: str, full: float) -> bool:
    """Whether a line begins a new block, given the line above it."""
    if _BULLET.match(line) or _STARTS_ANEW.match(line):
        return True
    if full > _WRAPPED_AT_MOST or _is_heading(last):
        return True
    if _BREAKS_WORD.search(last):
        return False
    ended = _TERMINAL.search(last) is not None
    return _width(last) < (_NEARLY_FULL if ended else _SHORT) * full or (
        ended and _is_heading(line)
    )


def _full_width(lines: Sequence[str]) -> float:
    """The width that nine in ten of the lines keep within."""
    widths = sorted(_width(line) for line in lines if line.strip())
    return widths[len(widths) * 9 // 10] if widths else 0


def _width(line: str) -> int:
    """In columns: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line.strip())


def _is_heading(line: str) -> bool:
    """A numbered short line that is no sentence."""
    short = _width(line) <= _MAX_HEADING_WIDTH and not _TERMINAL.search(line)
    return short and _HEADING.match(line.strip()) is not None


def _block(text: str, first: bool) -> Block:
    """The block of some joined lines; the very first, if no sentence, is the title."""
    stripped = _BULLET.sub("", text)
    title = first and _width(text) <= _MAX_HEADING_WIDTH and not _TERMINAL.search(text)
    if title or _is_heading(text):
        return Block(tidy(text), "heading")
    kind: BlockKind = "item" if stripped != text else "text"
    return Block(tidy(stripped), kind)


def _vocabulary(text: str) -> frozenset[str]:
    """The words of a text, without those that a line's end broke."""
    return frozenset(_WORD.findall(_BROKEN_WORD.sub(" ", text).lower()))


def _join_hyphens(text: str, known: frozenset[str]) -> str:
    """Broken words made whole; a hyphen stays where the rest of the text speaks for it."""

    def join(match: re.Match[str]) -> str:
        left, right = match[1].lower(), match[2]
        compound = f"{left}-{right}" in known or (left in known and right in known)
        keeps = left in _PREFIXES or (compound and left + right not in known)
        return f"{match[1]}{'-' if keeps else ''}{right}"

    return _BROKEN_WORD.sub(join, text)
