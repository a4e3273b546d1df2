"""The ways in which a text may carry a string without having it word for word."""

import re
from collections import Counter
from collections.abc import Sequence

from fc_distilabel.verifiers.facts.names import concepts
from fc_distilabel.verifiers.facts.patterns import mentions
from fc_distilabel.verifiers.facts.pinyin import romanised
from fc_distilabel.verifiers.facts.quantities import UNITS, quantities, quantity_keys
from fc_distilabel.verifiers.facts.text import HAN, SMALL_WORDS, clean, stands_in
from fc_distilabel.verifiers.leaves import Leaf, explanations
from fc_distilabel.verifiers.normalize import (
    Reading,
    bare,
    beginning,
    fold,
    han_pairs,
    number_key,
    words_of,
)

SHARE = 0.6
"""How much of a longer text's words a source must have, to have said it in other words."""

_LONGEST = 60
"""Characters of a value that a description may explain."""
_PLACE = re.compile(r"([^,]{2,60}), ?([^,]{2,40})")
_SPLIT = re.compile(r"[,;/、|\n，；&]|\band\b|\bto\b|和|与|及|至|到")
_UNIT = re.compile(r"\bunit|\bscale\b|单位")
_SHORT_DATE = re.compile(r"\d\d[-/]\d\d")
_DIGIT = re.compile(r"\d")
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_OPERATORS = {
    ">": "greater more than above over exceeds 大于 超过 高于 以上",
    "<": "less fewer below under smaller 小于 低于 少于 以下",
    ">=": "least 至少 minimum 不少于 不低于 以上",
    "<=": "most maximum 最多 至多 不超过 以内",
    "=": "is equal equals are 等于 是 为",
    "==": "is equal equals are 等于 是 为",
    "!=": "not except 不等于 不是",
}


def is_unit(value: str, leaf: Leaf, reading: Reading) -> bool:
    """`km` for `kilometers`."""
    asked = len(value) > 1 or _UNIT.search(leaf.told)
    units = UNITS.get(value.casefold(), ()) if asked else ()
    return any(unit in reading.units for unit in units)


def is_quantity(value: str, reading: Reading) -> bool:
    """`10m` for `10 minutes`."""
    text = clean(value)
    found = tuple(quantities(text, mentions(text)))
    whole = found and min(q.start for q in found) == 0 and max(q.end for q in found) == len(text)
    return bool(whole and set(quantity_keys(found)) & reading.sizes)


def is_short_date(value: str, reading: Reading) -> bool:
    """`11-15` for November 15."""
    match = _SHORT_DATE.fullmatch(value)
    return bool(match) and f"date:--{value[:2]}-{value[3:]}" in reading.keys


def is_named(value: str, reading: Reading) -> bool:
    """`EUR` for `euros`."""
    meant = concepts(value)
    return bool(meant and meant & reading.concepts)


def is_abbreviated(value: str, reading: Reading) -> bool:
    """`SD` for San Diego, and San Diego for `SD`."""
    if _ACRONYM.fullmatch(value):
        return value in reading.initials
    initials = "".join(re.findall(r"\b[A-Z]", value))
    return len(initials) > 1 and " " in value and stands_in(initials, reading.text)


def is_reordered(words: Sequence[str], reading: Reading) -> bool:
    """`2025-Q2` for `Q2 2025`: the same few words side by side in another order."""
    if not 2 <= len(words) <= 4:
        return False
    hay, wanted = reading.stems.split(), Counter(words)
    starts = (i for i, word in enumerate(hay) if word in wanted)
    return any(Counter(hay[i : i + len(words)]) == wanted for i in starts)


def is_bare(value: str, reading: Reading) -> bool:
    """`clean_data` for `clean the data`; a code stays as it is."""
    return not _DIGIT.search(value) and stands_in(bare(words_of(value)), reading.bare)


def is_place(value: str, leaf: Leaf, reading: Reading) -> bool:
    """`Austin, TX` for `Austin`: schemas ask for the region, people leave it out."""
    match = _PLACE.fullmatch(value)
    if not match:
        return False
    region = bool(re.fullmatch("[A-Z]{2,3}", match[2])) or any(
        c.startswith("territory") for c in concepts(match[2])
    )
    return region and stands_in(fold(match[1]), reading.folded)


def is_explained(value: str, leaf: Leaf, reading: Reading) -> bool:
    """`1` for `in Bangkok`, where the schema says `1 for Bangkok`."""
    if len(value) > _LONGEST:
        return False
    return any(has_words(phrase, reading, 1.0) for phrase in explanations(value, leaf.description))


def is_distinguished(value: str, leaf: Leaf, reading: Reading) -> bool:
    """`Family Counselor` for `a family therapist`: no other listed value speaks of families."""
    own = marks(value)
    others = marks(leaf.name) | {
        mark for one in leaf.listed if fold(one) != fold(value) for mark in marks(one)
    }
    telling = own - others
    signs = {sign for mark in telling for sign in mark if HAN.match(sign)}
    signs -= {sign for one in leaf.listed if one != value for sign in one}
    if signs and all(sign in reading.folded for sign in signs):
        return True
    return any(m in reading.pairs if HAN.match(m) else reading.begins(m) for m in telling)


def marks(value: str) -> set[str]:
    """The words of a value, as far as all their forms have them, and its Chinese ones."""
    words = {w for w in words_of(value).split() if len(w) > 3 and w.isascii()} - SMALL_WORDS
    return {beginning(w) for w in words} | set(han_pairs(fold(value)))


def has_words(phrase: str, reading: Reading, share: float) -> bool:
    """Whether a source has such a share of a phrase's words."""
    words = [w for w in words_of(phrase).split() if w not in SMALL_WORDS and not HAN.search(w)]
    pairs = list(han_pairs(fold(phrase)))
    total = len(words) + len(pairs)
    if any(w.isdecimal() and number_key(w) not in reading.keys for w in words):
        return False
    hits = sum(w.isdecimal() or reading.begins(w) for w in words) + sum(
        p in reading.pairs for p in pairs
    )
    return total > 0 and hits >= share * total


def is_reworded(value: str, reading: Reading) -> bool:
    """A longer text, most of whose words a source has; of a name or a list, all."""
    words = [w for w in words_of(value).split() if w not in SMALL_WORDS]
    if len(words) < 3 and len(HAN.findall(value)) < 4:
        return False
    capitals = all(not w[0].islower() for w in value.split() if w not in SMALL_WORDS)
    name = capitals and value.isascii()
    listed = "," in value and all(len(piece.split()) <= 2 for piece in value.split(","))
    return has_words(value, reading, 1.0 if name or listed else SHARE)


def is_spoken(value: str, leaf: Leaf, reading: Reading) -> bool:
    """`en` for a text in English, where the schema asks for a language."""
    asked = "lang" in leaf.told.casefold() or "语言" in leaf.told
    named = any(concept.startswith("language:") for concept in reading.concepts)
    return asked and not named and f"language:{reading.speaks()}" in concepts(value)


def is_described(value: str, leaf: Leaf, reading: Reading) -> bool:
    """`square feet` for `feet`, where the schema speaks of `square meters`."""
    words = [w for w in words_of(value).split() if w not in SMALL_WORDS]
    about = set(fold(leaf.description).split())
    said = [w for w in words if w not in about]
    return (
        not _DIGIT.search(value) and 0 < len(said) < len(words) and all(map(reading.begins, said))
    )


def is_romanised(value: str, reading: Reading) -> bool:
    """`Zhang Wei` for 张伟."""
    letters = fold(value)
    return len(letters) > 3 and letters.isascii() and romanised(letters, reading.spoken)


def is_operator(value: str, reading: Reading) -> bool:
    """`>` for `greater than`."""
    return any(stands_in(word, reading.folded) for word in _OPERATORS.get(value, "").split())


def pieces(value: str) -> list[str]:
    """The items of a list in one string."""
    found = [piece.strip() for piece in _SPLIT.split(value) if piece.strip()]
    return found if len(found) > 1 else []
