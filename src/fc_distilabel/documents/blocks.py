"""The common ground of all readers: a document is a list of blocks, each a tidy line of text.

A block boundary (paragraph, heading, list item, table row) is always a sentence boundary, so what a
reader must get right is where blocks end; everything after that is format-free.
"""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

BlockKind: TypeAlias = Literal["heading", "text", "item", "row"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Han characters as the inside of a regular expression's class."""
_WIDE = HAN + "\u3000-\u303f\uff00-\uffef"
_WRAP_INSIDE_CHINESE = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n\s*(?=[{_WIDE}])")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ufffd\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a document that no sentence crosses."""

    text: str
    kind: BlockKind = "text"


def tidy(text: str) -> str:
    """One line: no invisible characters, single spaces, and none where Chinese was wrapped."""
    visible = _INVISIBLE.sub("", text)
    return " ".join(_WRAP_INSIDE_CHINESE.sub("", visible).split())
