"""Words of a text in one form, whatever the case, the punctuation or the width of the characters.

Everything here takes time linear in the text, and a search for a hostile needle is given up.
"""

import json
import re
import unicodedata
from collections.abc import Iterator

from fc_distilabel.types import Json

HAN = re.compile(r"[\u3400-\u9fff]")
SMALL_WORDS = frozenset(
    "a an the any some my your our his her their its this that these those of to in on at for from"
    " by with and or as is are be was were it i we you me us please also into about".split()
)
"""English words that carry no value; what they join may stand without them."""

_EFFORT = 10**7
"""Characters compared before a search is given up: `aaa...` in `aaaa...` would take for ever."""
_SUPERSCRIPTS = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
# NFKC makes a full-width comma an ASCII one, and a list of numbers one number.
_LIST_COMMA = {ord("，"): "、"}
_APOSTROPHES = dict.fromkeys(map(ord, "'\u2019\u2018`\u00b4"))
_PUNCTUATION = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def clean(text: str) -> str:
    """One form for full-width and composed characters; exponents vanish, `m²` is not `m2`."""
    return unicodedata.normalize("NFKC", text.translate(_SUPERSCRIPTS | _LIST_COMMA))


def fold(text: str) -> str:
    """Lower case, apostrophes gone, other punctuation and white space as one space."""
    return _PUNCTUATION.sub(" ", clean(text).casefold().translate(_APOSTROPHES)).strip()


def words_of(value: str) -> str:
    """Folded words of a value or name, with `camelCase` taken apart."""
    return fold(_CAMEL.sub(" ", value))


def stems(folded: str) -> str:
    """Folded text with English plurals cut, so that `weaknesses` meets `weakness`."""
    return " ".join(map(_stem, folded.split()))


def bare(folded: str) -> str:
    """Stems without small words: `clean the data` meets `clean_data`, `红色的` meets `红色`."""
    kept = [word for word in folded.replace("的", "").split() if word not in SMALL_WORDS]
    return stems(" ".join(kept))


def beginning(word: str) -> str:
    """What the forms of a word begin with: `immed` of `immediate` and of `immediately`."""
    return word[: max(5, len(word) - 3)]


def stands_in(needle: str, hay: str) -> bool:
    """Whether `needle` stands in `hay` as whole words; any Chinese or Korean sign borders one."""
    start = -1
    for _ in range(_EFFORT // max(len(needle), 1) if needle else 0):
        start = hay.find(needle, start + 1)
        if start < 0:
            break
        if _border(hay, start) and _border(hay, start + len(needle)):
            return True
    return False


def flattened(text: str) -> str:
    """The leaves of JSON text, one per line after their key; other text as it is."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return "\n".join(_leaves(json.loads(text), ""))
    except (ValueError, RecursionError):
        return text


def _leaves(value: Json, key: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, name)
    elif isinstance(value, list):
        yield f"{key}: {len(value)}"  # how many there are is a fact that an answer may state
        for inner in value:
            yield from _leaves(inner, key)
    else:
        yield f"{key}: {value}"


def _border(text: str, at: int) -> bool:
    if at in (0, len(text)):
        return True
    left, right = text[at - 1], text[at]
    if {left, right} <= set("0123456789.,") and left.isdigit() | right.isdigit():
        return False
    return not (_wordlike(left) and _wordlike(right))


def _wordlike(char: str) -> bool:
    """Part of a word in a script that puts spaces between words."""
    east_asian = "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"
    return (char.isalnum() or char == "_") and not east_asian


def _stem(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]
