"""Numbers in digits, in English words and in Chinese characters.

`1,250.00`, `twelve hundred and fifty` and `一千二百五十` have one key. A percentage is its share as
well: both 8 and 0.08 are said by `8%`.
"""

import re
from decimal import Decimal

from fc_distilabel.verifiers.facts.mention import Mention, mention, number_key

ZH_DIGITS = {char: index for index, char in enumerate("零一二三四五六七八九")} | {
    "\u3007": 0,
    "两": 2,
    "俩": 2,
}
ZH_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
UNIT_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen"
)
TEN_WORDS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
ORDINAL_WORDS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
HINTS = {
    **dict.fromkeys(("once", "single", "alone", "myself", "solo", "自己", "独自"), (1,)),
    **dict.fromkeys(("twice", "both", "couple", "pair"), (2,)),
    **dict.fromkeys(("half", "一半"), (Decimal("0.5"), 50)),
    "biannually": (2,),
    **dict.fromkeys(("quarterly", "每季度", "按季"), (4,)),
    **dict.fromkeys(("monthly", "每月", "按月"), (12,)),
}
"""Words that imply a number: how many there are, or how often a year."""
WORDS = {word: value for value, word in enumerate(UNIT_WORDS.split("|"))}
WORDS |= {word: value * 10 for value, word in enumerate(TEN_WORDS.split("|"), start=2)}

_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_SCALES |= {"trillion": 10**12, "dozen": 12, "k": 1000} | ZH_UNITS
_ORDINALS = ORDINAL_WORDS.split("|")
_LIST_NUMBER = re.compile(r"(?:\A|(?<=\n)|(?<=\n )|(?<=\n  )|(?<=\n   ))\d{1,2}[.)、](?:\s|$)")


def small(text: str | None) -> int | None:
    """A whole number in digits of either script or as one English word."""
    if not text:
        return None
    word = text.casefold()
    return int(text) if text.isdigit() else WORDS[word] if word in WORDS else zh_value(text)


def number(kind: str, match: re.Match[str]) -> Mention:
    """A number in digits, with the scale or the percent sign that follows it."""
    digits, scale, percent = match["n"], match["scale"], match["percent"]
    value = Decimal(digits.replace(",", "").replace("\u2212", "-"))
    keys, parts = {number_key(value)}, set[str]()
    if match.string[max(0, match.start() - 1)] in "[(":  # `[100,200,300]` may well be a list
        parts |= {number_key(d) for d in digits.split(",") if d}
    for unit in re.findall("[a-z]+|[十百千万亿]", (scale or "").casefold()):
        value *= _SCALES[unit]
    if scale:
        parts |= keys
        keys = {number_key(value)}
    if percent or match.string.endswith("百分之", 0, match.start()):
        keys.add(number_key(value / 100))
    listed = _LIST_NUMBER.match(match.string, match.start())
    return mention(kind, match, keys, parts, fact=not listed)


def word_number(kind: str, match: re.Match[str]) -> Mention:
    """A number in English words; `one` and ordinals are too common to assert anything."""
    words = re.findall("[a-z]+", match[0].casefold())
    if words[0] in _ORDINALS:
        return mention(kind, match, {f"place:{_ORDINALS.index(words[0]) + 1}"}, fact=False)
    total = current = 0
    for word in words:
        if word == "hundred" or word == "dozen":
            current = (current or 1) * _SCALES[word]
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0
        else:
            current += WORDS.get(word, 0)
    value = Decimal(total + current) + (Decimal("0.5") if words[-1] == "half" else 0)
    return mention(kind, match, {number_key(value)}, fact=value > 1)


def hint(kind: str, match: re.Match[str]) -> Mention:
    """A word that implies a number but does not state it."""
    keys = {number_key(value) for value in HINTS[match[0].casefold()]}
    return mention(kind, match, keys, fact=False)


def zh_number(kind: str, match: re.Match[str]) -> Mention | None:
    """A number in Chinese characters; a fact where a measure word makes clear that one is meant."""
    value, unit = Decimal(zh_value(match["zh"])), match["unit"]
    if match["part"]:
        value += Decimal("0." + "".join(str(ZH_DIGITS[sign]) for sign in match["part"]))
    keys = {f"place:{value}"} if match["nth"] else {number_key(value)}
    if match["per"]:
        keys.add(number_key(value / 100))
    if unit in ("折", "成"):  # tenths
        keys |= {number_key(value / 10), number_key(value * 10)}
    stated = match["per"] or (unit and value > 1)
    return mention(kind, match, keys, fact=bool(stated and not match["nth"]))


def zh_value(text: str) -> int:
    """`三百五十` is 350, `二〇二六` is 2026, and in speech `三百五` is 350 too."""
    if not any(char in ZH_UNITS for char in text):
        return int("".join(str(ZH_DIGITS[char]) for char in text))
    total = section = digit = 0
    last = 1
    for char in text:
        if char in ZH_DIGITS:
            digit, last = ZH_DIGITS[char], last if ZH_DIGITS[char] else 1
        elif ZH_UNITS[char] >= 10**4:
            whole = total if char == "亿" else 0
            total += (whole + section + digit or 1) * ZH_UNITS[char] - whole
            section, digit, last = 0, 0, ZH_UNITS[char]
        else:
            section += (digit or 1) * ZH_UNITS[char]
            digit, last = 0, ZH_UNITS[char]
    return total + section + digit * (last // 10 if last > 10 else 1)
