"""Names of functions as lists of words, and back into the way that a name is written."""

import re
from collections.abc import Sequence

MAX_NAME = 64
MAX_TEXT = 400
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def words_of(name: str) -> list[str]:
    """`searchHotels`, `search-hotels` and `search_hotels` are `["search", "hotels"]`."""
    return [word.lower() for word in _WORD.findall(name[:MAX_TEXT])]


def written_like(name: str, words: Sequence[str]) -> str:
    """These words as one name in the way that `name` is written, at most 64 characters long.

    Too long a name loses words from its middle: the ends tell similar names apart.
    """
    kept = [part for word in words for part in word.split("_")]
    while len(kept) > 2 and len(_joined(name, kept)) > MAX_NAME:
        del kept[len(kept) // 2]
    return _joined(name, kept)[:MAX_NAME]


def singular(word: str) -> str:
    """One of what an English plural names; other words as they are."""
    if word.endswith(("series", "species")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    keeps = word.endswith(("ss", "us", "is")) or len(word) < 4
    return word[:-1] if word.endswith("s") and not keeps else word


def plural(word: str) -> str:
    """The English plural of what may be one already."""
    one = singular(word)
    if one != word:
        return word
    if one.endswith("y") and one[-2:-1] not in "aeiou":
        return one[:-1] + "ies"
    return one + ("es" if one.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _joined(name: str, words: Sequence[str]) -> str:
    if "_" in name or "-" in name or name.islower():
        return ("-" if "-" in name and "_" not in name else "_").join(words)
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return joined if name[:1].isupper() else joined[:1].lower() + joined[1:]
