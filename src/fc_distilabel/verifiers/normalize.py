"""Facts in text: dates, times, numbers, codes and the like, in one spelling whatever the words.

`March 3, 2026` and `2026年3月3日` are one date, `1,250.00` and `1250` one number. Each mention of a
fact becomes keys such as `date:2026-03-03`; two mentions say the same when they share a key. Every
pattern here is free of nested repetition, so reading a text takes time linear in its length.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from fc_distilabel.types import Json


class Mention(NamedTuple):
    """One fact in a text."""

    kind: str
    text: str
    start: int
    keys: frozenset[str]
    """Sharing any one of them is saying the same."""
    parts: frozenset[str] = frozenset()
    """Smaller facts that this one carries as a source: the day and the month of a date."""
    fact: bool = True
    """False for what may support a value but asserts nothing: `one`, `the first`, a list number."""


class Reading(NamedTuple):
    """A text, read once: for matching words and for matching facts."""

    text: str
    folded: str
    stems: str
    keys: frozenset[str]


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Read a source, which may be the JSON text of a tool's result."""
    plain = clean(_flattened(text))
    found = mentions(plain)
    keys = frozenset[str]().union(*(m.keys | m.parts for m in found))
    folded = fold(plain)
    return Reading(plain, folded, stems(folded), keys)


def clean(text: str) -> str:
    """One form for full-width and composed characters; exponents vanish, `m²` is not `m2`."""
    return unicodedata.normalize("NFKC", text.translate(_SUPERSCRIPTS | _LIST_COMMA))


def fold(text: str) -> str:
    """Lower case, apostrophes gone, other punctuation and white space as one space."""
    return _PUNCTUATION.sub(" ", clean(text).casefold().translate(_APOSTROPHES)).strip()


def stems(folded: str) -> str:
    """Folded text with English plurals cut, so that `weaknesses` meets `weakness`."""
    return " ".join(map(_stem, folded.split()))


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


def number_key(value: int | float | Decimal | str) -> str:
    """The key of a number: `1250` for 1250, 1250.0 and `1,250.00`."""
    exact = Decimal(str(value).replace(",", "").replace("\u2212", "-"))
    return f"number:{exact.normalize() + 0:f}"


@lru_cache(maxsize=512)
def mentions(text: str) -> tuple[Mention, ...]:
    """All facts of a text in order of place; of overlapping readings the most telling one wins."""
    text = clean(text)
    found: list[Mention] = []
    for kind, pattern, build in _READERS:
        masked: list[tuple[int, int]] = []
        for match in pattern.finditer(text):
            mention = build(kind, match)
            if mention:
                found.append(mention)
                masked.append(match.span())
        text = _mask(text, masked)
    return tuple(sorted(found, key=lambda m: m.start))


def _mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Blank out what has been read, at the same length, by a character no pattern takes."""
    pieces, end = [], 0
    for start, stop in spans:
        pieces += [text[end:start], "\0" * (stop - start)]
        end = stop
    return "".join([*pieces, text[end:]])


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


def _flattened(text: str) -> str:
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


_EFFORT = 10**7
"""Characters compared before a search is given up: `aaa...` in `aaaa...` would take for ever."""
_SUPERSCRIPTS = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
# NFKC makes a full-width comma an ASCII one, and a list of numbers one number.
_LIST_COMMA = {ord("，"): "、"}
_APOSTROPHES = dict.fromkeys(map(ord, "'\u2019\u2018`\u00b4"))
_PUNCTUATION = re.compile(r"[\W_]+")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ZH_DIGITS = {char: index for index, char in enumerate("零一二三四五六七八九")} | {
    "\u3007": 0,
    "两": 2,
}
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_ZH = "[零〇一二两三四五六七八九十]"
_UNIT_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen"
)
_TEN_WORDS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORDS = {word: value for value, word in enumerate(_UNIT_WORDS.split("|"))}
_WORDS |= {word: value * 10 for value, word in enumerate(_TEN_WORDS.split("|"), start=2)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_SCALES |= {"trillion": 10**12, "dozen": 12, "k": 1000} | _ZH_UNITS
_ORDINAL_WORDS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_ORDINALS = _ORDINAL_WORDS.split("|")
_LATE = ("下午", "傍晚", "晚上", "今晚", "明晚", "夜里", "中午")


def _date(kind: str, match: re.Match[str]) -> Mention | None:
    """A date from named groups `y`, `m` or `name`, `d`; without a year it is `--03-14`."""
    got = match.groupdict()
    year = _small(got.get("y"))
    month = _small(got.get("m")) or _MONTHS.index(got["name"][:3].casefold()) + 1
    days = [(month, _small(got.get("d")))]
    if got.get("swap"):
        days.append((days[0][1] or 0, month))  # 3/4/2026 is read both ways
    if year is not None and year < 100:
        year += 2000
    keys, parts = set(), {number_key(n) for n in (year, *days[0]) if n is not None}
    for m, d in days:
        spelled = _spelled(year, m, d)
        keys |= set(spelled[:1])
        parts |= set(spelled[1:])
    return _mention(kind, match, keys, parts) if keys else None


def _spelled(year: int | None, month: int, day: int | None) -> list[str]:
    """The keys of a date, the most precise first; none when there is no such day."""
    try:
        date(year or 2000, month, day or 1)
    except ValueError:
        return []
    if day is None:
        return [f"date:{year:04}-{month:02}"]
    short = f"date:--{month:02}-{day:02}"
    return (
        [short]
        if year is None
        else [f"date:{year:04}{short[6:]}", short, f"date:{year:04}-{month:02}"]
    )


def _small(text: str | None) -> int | None:
    """A whole number in digits of either script."""
    if not text:
        return None
    return int(text) if text.isdigit() else int(_zh_value(text))


def _time(kind: str, match: re.Match[str]) -> Mention | None:
    """A time from named groups; without a half of the day, hours up to 12 are read both ways."""
    got = match.groupdict()
    hour, minute = _small(got.get("h")) or 0, _minute(got)
    half = (got.get("half") or "").casefold()
    if "noon" in half or "midnight" in half:
        hours = {0 if "mid" in half else 12}
    elif half:
        hours = {hour % 12 + 12 if half.startswith("p") or half in _LATE else hour % 12}
    elif hour <= 12 and not (got.get("h") or "").startswith("0") and not got.get("s"):
        hours = {hour % 24, (hour + 12) % 24}
    else:
        hours = {hour % 24}
    second = _small(got.get("s"))
    tail = f":{minute:02}" + (f":{second:02}" if second else "")
    parts = {number_key(n) for n in (*hours, hour, *([minute] if minute else []))}
    return _mention(kind, match, {f"time:{h:02}{tail}" for h in hours}, parts)


def _minute(got: dict[str, str | None]) -> int:
    part = got.get("part") or ""
    if "半" in part:
        return 30
    if "刻" in part:
        return 15 * int(_zh_value(part[0]))
    return _small(got.get("min")) or 0


def _phone(kind: str, match: re.Match[str]) -> Mention:
    """A phone number by its digits, with and without what may be the country's code."""
    digits = re.sub(r"\D", "", match[0])
    spelled = {digits, *(digits[-size:] for size in (10, 11) if len(digits) > size)}
    keys = {f"phone:{one}" for one in spelled}
    return _mention(kind, match, keys, {number_key(one) for one in spelled})


def _code(kind: str, match: re.Match[str]) -> Mention | None:
    """An identifier mixes letters and digits, but is not a quantity (`50km`, `5-star`)."""
    token = match[0]
    mixed = re.search("[A-Za-z]", token) and re.search("[0-9]", token)
    if not (mixed or _DOTTED.fullmatch(token)) or _QUANTITY.fullmatch(token):
        return None
    unit = re.fullmatch(r"(\d{1,9})[A-Z]", token)  # a seat 12A, but also a charge of 5C
    parts = {number_key(unit[1])} if unit else set()
    return _mention(kind, match, {"code:" + re.sub(r"[^a-z0-9]", "", token.casefold())}, parts)


def _address(kind: str, match: re.Match[str]) -> Mention:
    text = match[0].rstrip(".,;:!?").casefold()
    return _mention(kind, match, {f"{kind}:{text.split('://')[-1].rstrip('/')}"})


def _number(kind: str, match: re.Match[str]) -> Mention:
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
    if percent:
        keys.add(number_key(value / 100))
    return _mention(
        kind, match, keys, parts, fact=not _LIST_NUMBER.match(match.string, match.start())
    )


def _word_number(kind: str, match: re.Match[str]) -> Mention:
    """A number in English words; `one` and ordinals are too common to assert anything."""
    words = re.findall("[a-z]+", match[0].casefold())
    if words[0] in _ORDINALS:
        return _mention(kind, match, {number_key(_ORDINALS.index(words[0]) + 1)}, fact=False)
    total = current = 0
    for word in words:
        if word == "hundred" or word == "dozen":
            current = (current or 1) * _SCALES[word]
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0
        else:
            current += _WORDS.get(word, 0)
    return _mention(kind, match, {number_key(total + current)}, fact=total + current > 1)


def _zh_number(kind: str, match: re.Match[str]) -> Mention | None:
    """A number in Chinese characters; a fact where a measure word makes clear that one is meant."""
    value = _zh_value(match["zh"])
    keys = {number_key(value)} | ({number_key(Decimal(value) / 100)} if match["per"] else set())
    return _mention(kind, match, keys, fact=bool(match["per"] or (match["unit"] and value > 1)))


def _zh_value(text: str) -> int:
    """`三百五十` is 350, `二〇二六` is 2026, and in speech `三百五` is 350 too."""
    if not any(char in _ZH_UNITS for char in text):
        return int("".join(str(_ZH_DIGITS[char]) for char in text))
    total = section = digit = 0
    last = 1
    for char in text:
        if char in _ZH_DIGITS:
            digit, last = _ZH_DIGITS[char], last if _ZH_DIGITS[char] else 1
        elif _ZH_UNITS[char] >= 10**4:
            whole = total if char == "亿" else 0
            total += (whole + section + digit or 1) * _ZH_UNITS[char] - whole
            section, digit, last = 0, 0, _ZH_UNITS[char]
        else:
            section += (digit or 1) * _ZH_UNITS[char]
            digit, last = 0, _ZH_UNITS[char]
    return total + section + digit * (last // 10 if last > 10 else 1)


def _mention(
    kind: str,
    match: re.Match[str],
    keys: Iterable[str],
    parts: Iterable[str] = (),
    *,
    fact: bool = True,
) -> Mention:
    text = match[0].strip().rstrip(".,;:!?")
    return Mention(kind, text, match.start(), frozenset(keys), frozenset(parts), fact)


_YEAR = r"(?P<y>\d{4})"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_HALF = r"(?P<half>[ap](?:\.m\b\.?|m\b))"
_HOURS = r"(?P<h>[01]?\d|2[0-4])"
_ZH_SMALL = rf"\d{{1,2}}|{_ZH}{{1,3}}"
_SMALL_WORDS = rf"(?:(?:{_TEN_WORDS})(?:[\s-](?:{_UNIT_WORDS}))?|(?:{_UNIT_WORDS}))\b"
_SCALE_WORDS = r"(?:hundred|thousand|million|billion|trillion|dozen)\b"
_SCALE = rf"\s?{_SCALE_WORDS}|[kK](?![A-Za-z])|[十百千]?[万亿]|[百千]"
_DIGITS = r"[-+\u2212]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,30})(?:\.\d{1,30})?|\.\d{1,30}"
_MEASURES = (
    "天|晚|夜|人|位|名|元|块|间|张|件|份|次|年|岁|个|小时|分钟|秒|公里|千米|米|公斤|千克|斤|克|升|周"
    "|星期|折"
)
_QUANTITY = re.compile(
    r"[\d.]+(?:-?[a-z]+[A-Z]?|[A-Z]{2,}[a-z]*)(?:[-/][A-Za-z]+)*|\d+(?:-[A-Za-z]+)+|[a-z]+-\d+"
)
_DOTTED = re.compile(r"\d+(?:\.\d+){2,}")
_LIST_NUMBER = re.compile(r"(?:\A|(?<=\n)|(?<=\n )|(?<=\n  )|(?<=\n   ))\d{1,2}[.)、](?:\s|$)")

_Builder = Callable[[str, "re.Match[str]"], "Mention | None"]
_TABLE: tuple[tuple[str, _Builder, tuple[str, ...]], ...] = (
    ("url", _address, (r"(?:https?://|www\.)[^\s<>\"'\uff0c\u3002\uff09)\]}]{1,2000}",)),
    (
        "email",
        _address,
        (r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}",),
    ),
    (
        "date",
        _date,
        (
            rf"(?<!\d){_YEAR}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)",
            r"(?<![\d/.-])(?P<m>\d{1,2})(?P<swap>[/.-])(?P<d>\d{1,2})[/.-](?P<y>\d{4}|\d{2})(?![\d/-])",
            rf"\b{_MONTH}\s+{_DAY}(?!\d|:)(?:,?\s+{_YEAR}(?!\d))?",
            rf"(?<![\d.]){_DAY}\s+(?:of\s+)?{_MONTH}(?![a-z])(?:,?\s+{_YEAR}(?!\d))?",
            rf"\b{_MONTH},?\s+{_YEAR}(?!\d)",
            rf"(?:(?P<y>\d{{4}}|{_ZH}{{4}})\s?年\s?)?(?P<m>{_ZH_SMALL})\s?月\s?(?P<d>{_ZH_SMALL})\s?[日号]?",
            rf"(?P<y>\d{{4}})\s?年\s?(?P<m>{_ZH_SMALL})\s?月",
        ),
    ),
    (
        "time",
        _time,
        (
            rf"(?<![\d.])(?<!\d:){_HOURS}:(?P<min>[0-5]\d)(?::(?P<s>[0-5]\d)(?:\.\d{{1,9}})?)?(?!\d|:\d)"
            rf"(?:\s?{_HALF}|Z|[+-]\d\d:\d\d)?",
            rf"(?<![\w.:])(?P<h>1[0-2]|0?[1-9])\s?{_HALF}",
            r"\b(?P<half>noon|midnight)\b",
            r"(?P<half>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|今晚|明晚|夜里)\s?"
            rf"(?P<h>{_ZH_SMALL})\s?[点时](?P<part>半|[一三]刻|(?P<min>{_ZH_SMALL})分?)?",
            rf"(?P<h>\d{{1,2}}|{_ZH}{{1,3}})\s?[点时](?P<part>半|[一三]刻|(?P<min>{_ZH_SMALL})分)",
            r"(?<!\d)(?P<h>\d{1,2})\s?[点时](?P<part>整)?(?!\d)",
        ),
    ),
    (
        "phone",
        _phone,
        (
            r"(?<![\w.])\+\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){1,4}(?!\w)",
            r"(?<![\w.])\(\d{2,4}\)[ .-]?\d{3,4}[ .-]?\d{3,4}(?!\w)",
            r"(?<![\w.-])\d{3}[ .-]\d{3,4}[ .-]\d{4}(?![\w-])",
            r"(?<![\w.-])(?:\d{3,4}-\d{7,8}|\d{3}-\d{4})(?![\w-])",
        ),
    ),
    (
        "number",
        _number,
        (
            r"(?<![A-Za-z0-9_.])(?P<n>[-+\u2212]?\d{1,9}(?:\.\d{1,30})?[eE][-+]?\d{1,3})(?![A-Za-z0-9])"
            r"(?P<scale>\Z\A)?(?P<percent>%)?",
        ),
    ),
    ("code", _code, (r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-_/#.][A-Za-z0-9]+)*",)),
    (
        "number",
        _number,
        (
            rf"(?<![A-Za-z0-9_.])(?P<n>{_DIGITS})(?P<scale>{_SCALE})?"
            r"(?P<percent>\s?(?:%|percent\b|per cent\b))?",
        ),
    ),
    (
        "number",
        _word_number,
        (
            rf"\b(?:{_ORDINAL_WORDS})\b",
            rf"\b(?:{_SMALL_WORDS}|{_SCALE_WORDS})"
            rf"(?:[\s-]{_SCALE_WORDS}|(?:(?<=hundred)|(?<=thousand))\s(?:and\s)?{_SMALL_WORDS}){{0,6}}",
        ),
    ),
    (
        "number",
        _zh_number,
        (
            rf"(?P<per>百分之)?(?<![第周期拜零〇一二两三四五六七八九十百千万亿])(?P<zh>[零〇一二两三四五六七八九十百千万亿]{{1,20}})(?P<unit>{_MEASURES})?",
        ),
    ),
)
_READERS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE if kind != "code" else 0), build)
    for kind, build, patterns in _TABLE
    for pattern in patterns
)
