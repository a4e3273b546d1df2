"""Days that are said by their distance: `tomorrow`, `next Friday`, `a week later`, 下周五, 三天后.

What they mean hangs on the day of the conversation, which a system message often tells. Where a
phrase has two readings (`next Friday` on a Monday) both count.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from fc_distilabel.verifiers.facts.dates import day_keys
from fc_distilabel.verifiers.facts.mention import Mention
from fc_distilabel.verifiers.facts.quantities import DAY, Quantity


class Scene(NamedTuple):
    """When a conversation takes place."""

    today: date | None = None
    years: frozenset[int] = frozenset()
    """The years that it names; a date said without its year lies in one of them."""

    def allows(self, year: int) -> bool:
        """Whether a date without its year may lie in this one."""
        near = {self.today.year, self.today.year + 1} if self.today else set()
        years = self.years | near
        return not years or year in years


_TODAY = re.compile(
    r"\b(?:today|now|current|date|time)\b[^.\n\0]{0,40}?\0|(?:今天|当前|现在|目前|今日|日期|时间)[^。\n\0]{0,20}?\0",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\b(?:in|of|since|until|by|from|to|year|for|during|than)\s+(?P<en>(?:19|20)\d\d)(?![\d.,%]|\s?-?\s?[a-z])"
    r"|(?<!\d)(?P<zh>(?:19|20)\d\d)\s?年"
)
_FULL = re.compile(r"date:(\d{4})-(\d\d)-(\d\d)")
_LAST = 24
"""How many days and durations of a text are combined."""


def scene(texts: Iterable[tuple[str, Sequence[Mention]]]) -> Scene:
    """Today, from the first text that tells it, and the years that are named."""
    today, years = None, set[int]()
    for text, mentions in texts:
        days = [(one, found) for one in mentions if one.kind == "date" for found in _days([one])]
        for one, day in days:
            years.add(day.year)
            before = text[max(0, one.start - 60) : one.start]
            today = today or (day if _TODAY.search(before + "\0") else None)
        years |= {int(match["en"] or match["zh"]) for match in _YEAR.finditer(text)}
    return Scene(today, frozenset(years))


def resolved(
    text: str, mentions: Sequence[Mention], durations: Sequence[Quantity], now: Scene
) -> frozenset[str]:
    """The keys of all days that the text means without naming them."""
    days = list(islice(_days(mentions), _LAST))
    if now.today:
        for pattern, build in _PHRASES:
            for match in pattern.finditer(text):
                days += build(match, now.today)
        days += _yearless(mentions, now.today)
    spans = list(islice((_whole_days(q) for q in durations if q.unit.kind == "time"), _LAST))
    known = {*days[:_LAST], *([now.today] if now.today else [])}
    days += [d for one in known for n in spans if n for d in _moved(one, n)]
    keys = {key for one in days for key in day_keys(one)}
    keys |= _later_times(mentions, durations)
    return frozenset(keys | {f"part:{one.year}" for one in days})


def _later_times(mentions: Sequence[Mention], durations: Sequence[Quantity]) -> set[str]:
    """When something ends that starts at a said time and lasts so long, or the other way round."""
    times = [k for one in mentions if one.kind == "time" for k in one.keys if len(k) == 10]
    found = set()
    for key in times[:_LAST]:
        start = int(key[5:7]) * 60 + int(key[8:])
        for span in [q.size / 60 for q in durations if q.unit.kind == "time"][:_LAST]:
            if span == int(span) and span < 24 * 60:
                for minutes in (start + int(span), start - int(span)):
                    found.add(f"time:{minutes // 60 % 24:02}:{minutes % 60:02}")
    return found


def _days(mentions: Iterable[Mention]) -> Iterator[date]:
    for one in mentions:
        for key in sorted(one.keys | one.parts) if one.kind == "date" else ():
            match = _FULL.fullmatch(key)
            if match and int(match[1]):
                yield date(int(match[1]), int(match[2]), int(match[3]))


def _yearless(mentions: Iterable[Mention], today: date) -> Iterator[date]:
    """Days said without their year, this year and next."""
    for one in mentions:
        for key in one.keys | one.parts:
            if key.startswith("date:--"):
                for year in (today.year, today.year + 1):
                    yield from _valid(year, int(key[7:9]), int(key[10:]))


def _valid(year: int, month: int, day: int) -> Iterator[date]:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _whole_days(duration: Quantity) -> int:
    days = duration.size / DAY
    return int(days) if days == int(days) and days <= 40_000 else 0


def _moved(start: date, days: int) -> Iterator[date]:
    """The days that lie so far from a day, both ways, and with both ends counted."""
    for step in (days, -days, days - 1, 1 - days):
        yield from _shift(start, step)
    if not days % 30 or not days % 365:
        months = days // 30 if not days % 30 else days // 365 * 12
        for step in (months, -months):
            yield from _valid(start.year, start.month + step, start.day)


def _shift(start: date, days: int) -> Iterator[date]:
    try:
        yield start + timedelta(days)
    except OverflowError:
        return


_OFFSETS = {
    "day after tomorrow": 2,
    "day before yesterday": -2,
    **dict.fromkeys(("tomorrow", "明天", "明日", "明晚", "明早"), 1),
    **dict.fromkeys(("yesterday", "昨天", "昨日", "昨晚"), -1),
    **dict.fromkeys(("today", "tonight", "now", "今天", "今日", "今晚", "今早", "现在"), 0),
    **{"大后天": 3, "后天": 2, "大前天": -3, "前天": -2},
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ZH_WEEKDAYS = "一二三四五六日天末"
_STEPS = {
    **{"next": 1, "following": 1, "coming": 1, "last": -1, "past": -1, "previous": -1, "this": 0},
    **{"下下": 2, "下": 1, "上上": -2, "上": -1, "这": 0, "本": 0, "去": -1, "今": 0, "明": 1},
}


def _offset(match: re.Match[str], today: date) -> Iterator[date]:
    return _shift(today, _OFFSETS[match[0].casefold()])


def _weekday(match: re.Match[str], today: date) -> Iterator[date]:
    """`Friday` of this week and the nearest ones; with `next` or `last` those of its direction."""
    step = _STEPS.get((match["step"] or "").casefold())
    target = _WEEKDAYS.index(match["name"].casefold())
    ahead = (target - today.weekday()) % 7
    weeks = {None: (0, 7, -7), 0: (0, -7), 1: (0, 7, 14), -1: (-7, -14)}[step]
    for shift in weeks:
        yield from _shift(today, ahead + shift)


def _zh_weekday(match: re.Match[str], today: date) -> Iterator[date]:
    """`下周五` counts calendar weeks; without a step the next one that comes is meant too."""
    index = _ZH_WEEKDAYS.index(match["name"])
    targets = (5, 6) if index == 8 else (min(index, 6),)
    for target in targets:
        monday = target - today.weekday()
        yield from _shift(today, monday + 7 * _STEPS.get(match["step"] or "", 0))
        if not match["step"]:
            yield from _shift(today, monday % 7)


def _weekend(match: re.Match[str], today: date) -> Iterator[date]:
    step = _STEPS.get((match["step"] or "").casefold(), 0)
    for target in (5, 6):
        for week in {step, step and step - 1}:
            yield from _shift(today, target - today.weekday() + 7 * week)


def _period(match: re.Match[str], today: date) -> Iterator[date]:
    """The first and the last day of a week, month or year; a day of that month when one is told."""
    step = _STEPS[match["step"].casefold()]
    unit = match["unit"].casefold()
    if unit in ("week", "周", "星期", "礼拜"):
        for day in (0, 4, 6):
            yield from _shift(today, day - today.weekday() + 7 * step)
    elif unit in ("month", "月"):
        yield from _month(today.year, today.month + step)
        for day in re.findall(r"\d{1,2}", match["day"] or ""):
            yield from _valid(today.year, today.month + step, int(day))
    else:
        yield from (*_valid(today.year + step, 1, 1), *_valid(today.year + step, 12, 31))


def _month(year: int, month: int) -> Iterator[date]:
    for day in (1, 28, 29, 30, 31):
        yield from _valid(year, month, day)


def _day_of_month(match: re.Match[str], today: date) -> Iterator[date]:
    for step in (-1, 0, 1):
        yield from _valid(today.year, today.month + step, int(match["en"] or match["zh"]))


def _end(match: re.Match[str], today: date) -> Iterator[date]:
    month = 12 if match["year"] else today.month
    yield from _month(today.year, month)


_PHRASES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Iterator[date]]], ...] = (
    (
        re.compile("|".join(rf"\b{w}\b" if w.isascii() else w for w in _OFFSETS), re.IGNORECASE),
        _offset,
    ),
    (
        re.compile(
            rf"\b(?:(?P<step>this|next|coming|following|last|past|previous)\s+)?(?P<name>{'|'.join(_WEEKDAYS)})\b",
            re.IGNORECASE,
        ),
        _weekday,
    ),
    (
        re.compile(
            r"(?P<step>下下|上上|下|上|这|本)?个?(?:周|星期|礼拜)(?P<name>[一二三四五六日天末])"
        ),
        _zh_weekday,
    ),
    (
        re.compile(r"\b(?:(?P<step>this|next|coming|last|past)\s+)?weekend\b", re.IGNORECASE),
        _weekend,
    ),
    (
        re.compile(
            r"\b(?P<step>this|next|coming|following|last|past|previous)\s+(?P<unit>week|month|year)\b(?P<day>)",
            re.IGNORECASE,
        ),
        _period,
    ),
    (
        re.compile(
            r"(?P<step>下下|上上|下|上|这|本|去|今|明)个?(?P<unit>周|星期|礼拜|月|年)(?P<day>\d{1,2}[日号](?:[-~至到]\d{1,2}[日号])?)?"
        ),
        _period,
    ),
    (
        re.compile(r"\bthe\s(?P<en>\d{1,2})(?:st|nd|rd|th)\b|(?<![\d月])(?P<zh>\d{1,2})[日号]"),
        _day_of_month,
    ),
    (
        re.compile(r"(?P<year>年底|end\sof\sthe\syear)|月底|end\sof\sthe\smonth", re.IGNORECASE),
        _end,
    ),
)
