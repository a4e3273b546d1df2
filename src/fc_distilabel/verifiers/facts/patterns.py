"""The patterns that find facts, in the order in which they claim a piece of text.

What one pattern has read is blanked out for the next, so the most telling reading wins. Every
pattern is free of nested repetition, so reading a text takes time linear in its length.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from fc_distilabel.verifiers.facts import dates, numbers
from fc_distilabel.verifiers.facts.mention import Mention, mention, number_key
from fc_distilabel.verifiers.facts.text import clean

_Builder = Callable[[str, "re.Match[str]"], "Mention | None"]

_QUANTITY = re.compile(
    r"[\d.]+(?:-?[a-z]+[A-Z]?|[A-Z]{2,}[a-z]*)(?:[-/][A-Za-z]+)*|\d+(?:-[A-Za-z]+)+|[a-z]+-\d+"
)
_DOTTED = re.compile(r"\d+(?:\.\d+){2,}")


@lru_cache(maxsize=512)
def mentions(text: str) -> tuple[Mention, ...]:
    """All facts of a text in order of place; of overlapping readings the most telling one wins."""
    text = clean(text)
    found: list[Mention] = []
    for kind, pattern, build in _READERS:
        masked: list[tuple[int, int]] = []
        for match in pattern.finditer(text):
            fact = build(kind, match)
            if fact:
                found.append(fact)
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


def _phone(kind: str, match: re.Match[str]) -> Mention:
    """A phone number by its digits, with and without what may be the country's code."""
    digits = re.sub(r"\D", "", match[0])
    spelled = {digits, *(digits[-size:] for size in (10, 11) if len(digits) > size)}
    keys = {f"phone:{one}" for one in spelled}
    return mention(kind, match, keys, {number_key(one) for one in spelled})


def _code(kind: str, match: re.Match[str]) -> Mention | None:
    """An identifier mixes letters and digits, but is not a quantity (`50km`, `5-star`)."""
    token = match[0]
    mixed = re.search("[A-Za-z]", token) and re.search("[0-9]", token)
    if not (mixed or _DOTTED.fullmatch(token)) or _QUANTITY.fullmatch(token):
        return None
    unit = re.fullmatch(r"(\d{1,9})[A-Z]", token)  # a seat 12A, but also a charge of 5C
    parts = {number_key(unit[1])} if unit else set()
    return mention(kind, match, {"code:" + re.sub(r"[^a-z0-9]", "", token.casefold())}, parts)


def _address(kind: str, match: re.Match[str]) -> Mention:
    text = match[0].rstrip(".,;:!?").casefold()
    return mention(kind, match, {f"{kind}:{text.split('://')[-1].rstrip('/')}"})


_ZH = "[零〇一二两三四五六七八九十]"
_ZH_ALL = "[零〇一二两俩三四五六七八九十百千万亿]"
_MONTH_LONG = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<y>\d{4})"
_NTH = "(?:st|nd|rd|th)"
_DAY = rf"(?P<d>\d{{1,2}}){_NTH}?"
_TO = r"\s?(?:-|\u2013|to|through|until|and)\s?"
_TO_DAY = rf"(?:{_TO}(?P<end>\d{{1,2}}){_NTH}?(?![\d:/-]|[.,]\d|\s?[ap]\.?m))?"
_HALF = r"(?P<half>[ap](?:\.m\b\.?|m\b)|in\sthe\s(?:morning|afternoon|evening)\b|at\snight\b)"
_HOURS = r"(?P<h>[01]?\d|2[0-4])"
_ZH_HALF = (
    "(?P<half>凌晨|清晨|早上|早晨|今早|明早|上午|中午|下午|午后|傍晚|晚上|今晚|明晚|夜里|深夜"
    "|早|晚)"
)
_ZH_SMALL = rf"\d{{1,2}}|{_ZH}{{1,3}}"
_WORD = rf"(?:{numbers.UNIT_WORDS})"
_SMALL_WORDS = (
    rf"(?:(?:{numbers.TEN_WORDS})(?:[\s-](?:{numbers.UNIT_WORDS}))?|(?:{numbers.UNIT_WORDS}))\b"
)
_SCALE_WORDS = r"(?:hundred|thousand|million|billion|trillion|dozen)\b"
_SCALE = rf"\s?{_SCALE_WORDS}|[kK](?![A-Za-z])|[十百千]?[万亿]|[百千]"
_DIGITS = r"[-+\u2212]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,30})(?:\.\d{1,30})?|\.\d{1,30}"
_MEASURES = (
    "天|晚|夜|人|位|名|元|块|间|张|件|份|次|年|岁|个|小时|分钟|秒|公里|千米|米|公斤|千克|斤|克|升|周"
    "|星期|折|成(?![为功立员本都了长绩交就果])"
)
_HINTS = "|".join(rf"\b{w}\b" if w.isascii() else w for w in numbers.HINTS)

_TABLE: tuple[tuple[str, _Builder, tuple[str, ...]], ...] = (
    ("url", _address, (r"(?:https?://|www\.)[^\s<>\"'\uff0c\u3002\uff09)\]}]{1,2000}",)),
    (
        "email",
        _address,
        (r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}",),
    ),
    (
        "date",
        dates.day,
        (
            rf"(?<!\d){_YEAR}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)",
            r"(?<![\d/.-])(?P<m>\d{1,2})(?P<swap>[/.-])(?P<d>\d{1,2})[/.-](?P<y>\d{4}|\d{2})(?![\d/-])",
            rf"\b{_MONTH}\s+{_DAY}(?!\d|:){_TO_DAY}(?:,?\s+{_YEAR}(?!\d))?",
            rf"(?<![\d.]){_DAY}{_TO}(?:the\s)?(?P<end>\d{{1,2}}){_NTH}?"
            rf"\s+(?:of\s+)?{_MONTH}(?![a-z])(?:,?\s+{_YEAR}(?!\d))?",
            rf"(?<![\d.]){_DAY}\s+(?:of\s+)?{_MONTH}(?![a-z])(?:,?\s+{_YEAR}(?!\d))?",
            rf"\b{_MONTH},?\s+{_YEAR}(?!\d)",
            rf"(?:(?P<y>\d{{4}}|{_ZH}{{4}})\s?年\s?)?(?P<m>{_ZH_SMALL})\s?月份?\s?(?P<d>{_ZH_SMALL})"
            rf"\s?[日号]?(?:\s?(?:-|~|\u2013|至|到)\s?(?P<end>{_ZH_SMALL})\s?[日号])?",
            rf"(?P<y>\d{{4}}|{_ZH}{{4}})\s?年\s?(?P<m>{_ZH_SMALL})\s?月",
            rf"(?<![\d/.-]){_YEAR}-(?P<m>0[1-9]|1[0-2])(?![\d-])",
        ),
    ),
    (
        "date",
        dates.quarter,
        (
            rf"(?<!\d){_YEAR}[-/\s]?Q(?P<q>[1-4])(?!\w)",
            rf"\bQ(?P<q>[1-4])(?:\sof)?[-\s]{_YEAR}(?!\d)",
            r"(?<!\d)(?P<y>\d{4})\s?年?第?(?P<q>[1-4一二三四])季度",
        ),
    ),
    (
        "month",
        dates.month_alone,
        (rf"\b(?P<name>(?-i:{_MONTH_LONG}))\b", rf"(?<!\d)(?P<m>{_ZH_SMALL})\s?月(?!球|亮|饼)"),
    ),
    (
        "time",
        dates.time,
        (
            rf"{_ZH_HALF}\s?{_HOURS}:(?P<min>[0-5]\d)(?!\d|:\d)",
            rf"(?<![\d.])(?<!\d:){_HOURS}:(?P<min>[0-5]\d)(?::(?P<s>[0-5]\d)(?:\.\d{{1,9}})?)?(?!\d|:\d)"
            rf"(?:\s?{_HALF}|Z|[+-]\d\d:\d\d)?",
            rf"(?<![\w.:])(?P<h>1[0-2]|0?[1-9])\s?{_HALF}",
            rf"\b(?P<past>half\spast|quarter\spast|quarter\sto)\s(?P<h>1[0-2]|[1-9]|{_WORD})\b",
            rf"(?<![\w.:])(?P<h>1[0-2]|0?[1-9]|{_WORD})(?:\so'?clock)?\s{_HALF}",
            rf"(?<![\w.:])(?P<h>1[0-2]|0?[1-9]|{_WORD})\so'?clock\b",
            r"\b(?P<half>noon|midnight)\b",
            rf"{_ZH_HALF}\s?(?P<h>{_ZH_SMALL})\s?[点时](?P<part>半|[一三]刻|(?P<min>{_ZH_SMALL})分?)?",
            rf"(?P<h>\d{{1,2}}|{_ZH}{{1,3}})\s?[点时](?P<part>半|[一三]刻|(?P<min>{_ZH_SMALL})分)",
            r"(?<!\d)(?P<h>\d{1,2})\s?[点时](?P<part>整)?(?!\d)",
            rf"(?<![第零〇一二两三四五六七八九十百千万亿有早快慢])(?P<h>{_ZH}{{1,2}})[点时](?:整|钟)",
            rf"(?<=[到至在从于])(?P<h>{_ZH}{{1,2}})点(?!{_ZH})",
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
        numbers.number,
        (
            r"(?<![A-Za-z0-9_.])(?P<n>[-+\u2212]?\d{1,9}(?:\.\d{1,30})?[eE][-+]?\d{1,3})(?![A-Za-z0-9])"
            r"(?P<scale>\Z\A)?(?P<percent>%)?",
        ),
    ),
    ("code", _code, (r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-_/#.][A-Za-z0-9]+)*",)),
    (
        "number",
        numbers.number,
        (
            rf"(?<![A-Za-z0-9_.])(?P<n>{_DIGITS})(?P<scale>{_SCALE})?"
            r"(?P<percent>\s?(?:%|percent\b|per cent\b))?",
        ),
    ),
    (
        "number",
        numbers.word_number,
        (
            rf"\b(?:{numbers.ORDINAL_WORDS})\b",
            rf"\b(?:{_SMALL_WORDS}|{_SCALE_WORDS})"
            rf"(?:[\s-]{_SCALE_WORDS}|(?:(?<=hundred)|(?<=thousand))\s(?:and\s)?{_SMALL_WORDS}){{0,6}}"
            r"(?:\sand\sa\shalf\b)?",
        ),
    ),
    ("number", numbers.hint, (_HINTS,)),
    (
        "number",
        numbers.zh_number,
        (
            rf"(?P<per>百分之)?(?<![周拜零〇一二两三四五六七八九十百千万亿])(?<!星期)(?P<nth>第)?"
            rf"(?P<zh>{_ZH_ALL}{{1,20}})(?:点(?P<part>[零〇一二三四五六七八九]{{1,6}}))?"
            rf"(?P<unit>{_MEASURES})?",
        ),
    ),
)
_READERS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE if kind != "code" else 0), build)
    for kind, build, patterns in _TABLE
    for pattern in patterns
)
