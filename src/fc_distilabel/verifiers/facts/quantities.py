"""Quantities: a number and its unit, so that `half an hour` is 30 minutes and `5 km` 5000 metres.

A quantity's key is its size in the base unit of its kind, to three digits where people round, such
as `length:8050` for 5 miles.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from fc_distilabel.verifiers.facts.mention import Mention
from fc_distilabel.verifiers.facts.numbers import ZH_DIGITS

_TABLE: dict[str, dict[str, str]] = {
    "time": {
        "0.001": "ms millisecond milliseconds 毫秒",
        "1": "s sec secs second seconds 秒 秒钟",
        "60": "m min mins minute minutes 分 分钟",
        "3600": "h hr hrs hour hours 小时 个小时 钟头 个钟头 个钟",
        "86400": "d day days night nights 天 日 晚 夜",
        "604800": "w wk wks week weeks 周 星期 个星期 礼拜 个礼拜",
        "1209600": "fortnight fortnights",
        "2592000": "mo month months 月 个月",
        "7776000": "quarter quarters 季度 个季度",
        "31536000": "y yr yrs year years annum 年 岁 周岁",
        "315360000": "decade decades",
        "3153600000": "century centuries 世纪 个世纪",
    },
    "length": {
        "0.001": "mm millimeter millimeters millimetre millimetres 毫米",
        "0.01": "cm centimeter centimeters centimetre centimetres 厘米",
        "1": "m meter meters metre metres 米",
        "1000": "km kms kilometer kilometers kilometre kilometres 公里 千米",
        "500": "里",
        "0.0254": "inch inches 英寸",
        "0.3048": "ft foot feet 英尺",
        "0.9144": "yd yard yards 码",
        "1609.344": "mi mile miles 英里",
    },
    "mass": {
        "0.001": "mg milligram milligrams 毫克",
        "1": "g gram grams 克",
        "1000": "kg kgs kilo kilos kilogram kilograms 公斤 千克",
        "500": "斤",
        "1000000": "t tonne tonnes 吨",
        "28.3495": "oz ounce ounces 盎司",
        "453.592": "lb lbs pound pounds 磅",
    },
    "volume": {
        "0.001": "ml milliliter milliliters millilitre millilitres 毫升",
        "1": "l liter liters litre litres 升",
        "3.78541": "gal gallon gallons 加仑",
    },
    "temperature-c": {"1": "c celsius centigrade °c 摄氏 摄氏度"},
    "temperature-f": {"1": "f fahrenheit °f 华氏 华氏度"},
    "data": {
        "1": "mb megabyte megabytes 兆",
        "1000": "gb gigabyte gigabytes",
        "1000000": "tb terabyte terabytes",
    },
}
DAY = Decimal(86400)


class Unit(NamedTuple):
    """One meaning of a unit's name: `m` is both a minute and a metre."""

    kind: str
    size: Decimal


UNITS: dict[str, list[Unit]] = {}
for _kind, _sizes in _TABLE.items():
    for _size, _names in _sizes.items():
        for _name in _names.split():
            UNITS.setdefault(_name, []).append(Unit(_kind, Decimal(_size)))

_LATIN = "|".join(sorted((re.escape(n) for n in UNITS if n.isascii()), key=len, reverse=True))
_HAN = "|".join(sorted((n for n in UNITS if not n.isascii()), key=len, reverse=True))
_AFTER = re.compile(
    rf"(?P<half>\s+and\s+a\s+half\s+|个?半)?[\s-]?\s?(?:(?P<latin>{_LATIN})(?![A-Za-z])|(?P<han>{_HAN}))"
    r"(?P<more>\s+and\s+a\s+half\b|半)?",
    re.IGNORECASE,
)
_HALF = re.compile(
    rf"半(?P<han>{_HAN})"
    rf"|\b(?:(?P<half>half)\s+an?|an?|another|per|past|next|last|coming)\s+(?P<latin>{_LATIN})\b"
    r"(?P<more>\s+and\s+a\s+half\b)?",
    re.IGNORECASE,
)
_DAY_KEY = re.compile(r"date:(\d{4}|-)-(\d\d)-(\d\d)")
_ZH_SIGN = "".join(ZH_DIGITS)
_TALL = re.compile(rf"[\d{_ZH_SIGN}]米[\d{_ZH_SIGN}]{{1,2}}(?!\d)")
"""`一米七五`, as heights are said."""
_METRE = Unit("length", Decimal(1))
_ENDING = re.compile(rf"(?:{_HAN})\Z")


class Quantity(NamedTuple):
    """A quantity in a text."""

    unit: Unit
    amount: Decimal
    start: int
    end: int

    @property
    def size(self) -> Decimal:
        """Its size in the base unit of its kind."""
        return self.amount * self.unit.size


def quantities(text: str, mentions: Sequence[Mention]) -> Iterator[Quantity]:
    """The quantities of a text that has been cleaned, whose mentions are given."""
    for one in mentions:
        if one.kind == "number":
            yield from _counted(text, one)
    for match in _TALL.finditer(text):
        digits = "".join(str(ZH_DIGITS.get(sign, sign)) for sign in match[0] if sign != "米")
        yield Quantity(_METRE, Decimal(f"{digits[0]}.{digits[1:]}"), match.start(), match.end())
    for match in _HALF.finditer(text):
        more = Decimal("0.5") if match["more"] else 0
        amount = Decimal("0.5") if match["half"] or match["han"] else Decimal(1)
        name = (match["han"] or match["latin"]).casefold()
        for unit in UNITS[name]:
            yield Quantity(unit, amount + more, match.start(), match.end())


def _counted(text: str, one: Mention) -> Iterator[Quantity]:
    """The quantity that a number begins; a Chinese number carries its measure word itself."""
    ending = _ENDING.search(one.text)
    start = one.start + ending.start() if ending else one.end
    match = _AFTER.match(text, start)
    if not match:
        return
    half = Decimal("0.5") if match["half"] or match["more"] else 0
    name = (match["han"] or match["latin"]).casefold()
    for key in one.keys:
        for unit in UNITS[name]:
            amount = Decimal(key.partition(":")[2]) + half
            yield Quantity(unit, amount, one.start, match.end())


def spans(mentions: Sequence[Mention]) -> Iterator[str]:
    """How long it is from one said time or day to the next, the last day counted or not."""
    for kind, stops in (("time", _minutes(mentions)), ("date", _days(mentions))):
        for one, other in pairwise(stops):
            length = abs(other - one)
            for size in (length, length + DAY) if kind == "date" else (length, DAY - length):
                yield _key("time", size)


def _minutes(mentions: Sequence[Mention]) -> list[Decimal]:
    """Said times in seconds, of two readings the first."""
    keys = (min(one.keys) for one in mentions if one.kind == "time")
    return [Decimal(int(key[5:7]) * 3600 + int(key[8:10]) * 60) for key in keys]


def _days(mentions: Sequence[Mention]) -> list[Decimal]:
    """Said days in seconds; those without a year lie in one that is no leap year."""
    days = dict.fromkeys(day for one in mentions if one.kind == "date" for day in _spelled(one))
    return [date(*day).toordinal() * DAY for day in days if day[0] and day[1:] != (2, 29)]


def _spelled(one: Mention) -> list[tuple[int, int, int]]:
    """The days of one mention, with their year where it is told."""
    found = [match for key in sorted(one.keys | one.parts) if (match := _DAY_KEY.fullmatch(key))]
    whole = [match for match in found if match[1] != "-"]
    return [(int(m[1]) if whole else 2001, int(m[2]), int(m[3])) for m in whole or found]


def quantity_keys(found: Iterable[Quantity]) -> Iterator[str]:
    """The keys of quantities, and of sums such as `1 hour 30 minutes`."""
    last: Quantity | None = None
    for one in found:
        yield from unit_keys(one.unit, one.amount)
        if (
            last
            and last.unit.kind == one.unit.kind
            and 0 <= one.start - last.end <= 5
            and last.unit.size > one.unit.size
        ):
            yield from unit_keys(one.unit._replace(size=Decimal(1)), last.size + one.size)
        last = one


def unit_keys(unit: Unit, amount: Decimal) -> Iterator[str]:
    """The keys of an amount; a year is 365 days and 12 months, which are not the same."""
    size = amount * unit.size
    yield _key(unit.kind, size)
    if unit.kind == "time" and unit.size >= 365 * DAY:
        yield _key("time", size / 365 * 360)
    if unit.kind == "time" and unit.size == 30 * DAY:
        yield _key("time", amount * 28 * DAY)  # a month is four weeks


def _key(kind: str, size: Decimal) -> str:
    """Times are exact; what is measured gets rounded by whoever converts it."""
    digits = 9 if kind == "time" else 3
    return f"{kind}:{float(size):.{digits}g}"
