"""Dates and times in one spelling: `March 3, 2026` and `二〇二六年三月三日` are one day.

A date without its year is `--03-14`. A time without its half of the day is read both ways.
"""

import re
from datetime import date

from fc_distilabel.verifiers.facts.mention import Mention, mention
from fc_distilabel.verifiers.facts.numbers import small, zh_value

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATE = re.compile(r"p|下午|午后|傍晚|晚|夜|中午|.*(?:afternoon|evening|night)")
_NIGHT = re.compile(r"晚|夜|.*night")


def day(kind: str, match: re.Match[str]) -> Mention | None:
    """A date from named groups `y`, `m` or `name`, `d`, and `end` for the last day of a range."""
    got = match.groupdict()
    year, month, first = small(got.get("y")), _month(got), small(got.get("d"))
    days = [(month, first)]
    if got.get("swap"):
        days.append((first or 0, month))  # 3/4/2026 is read both ways
    if year is not None and year < 100:
        year += 2000
    keys, parts = set(), {part_key(n) for n in (year, month, first) if n is not None}
    for m, d in days:
        spelled = _spelled(year, m, d)
        keys |= set(spelled[:1])
        parts |= set(spelled[1:])
    if keys and got.get("end"):
        last = small(got["end"]) or 0
        parts |= {part_key(last), *_spelled(year, month, last)}
    return mention(kind, match, keys, parts) if keys else None


def quarter(kind: str, match: re.Match[str]) -> Mention:
    """A quarter of a year: `Q3 2025` and `2025年第三季度`."""
    year, number = small(match["y"]) or 0, small(match["q"]) or 0
    parts = {part_key(year), part_key(number)}
    return mention(kind, match, {f"date:{year:04}-Q{number}"}, parts)


def month_alone(kind: str, match: re.Match[str]) -> Mention | None:
    """A month without its day and year, which may be wanted as a number."""
    month = _month(match.groupdict())
    return mention(kind, match, {f"month:{month}"}, fact=False) if month <= 12 else None


def day_keys(when: date) -> tuple[str, str, str]:
    """The keys of a day: with its year, without it, and its month."""
    return (
        f"date:{when.year:04}-{when.month:02}-{when.day:02}",
        f"date:--{when.month:02}-{when.day:02}",
        f"date:{when.year:04}-{when.month:02}",
    )


def part_key(value: int) -> str:
    """The key of a number that is only part of a date or time: what wants a day may have it."""
    return f"part:{value}"


def time(kind: str, match: re.Match[str]) -> Mention | None:
    """A time from named groups; without a half of the day, hours up to 12 are read both ways."""
    got = match.groupdict()
    hour, minute = _hour(got)
    if hour > 24:
        return None
    half = (got.get("half") or "").casefold()
    if half in ("noon", "midnight"):
        hours = {0 if "mid" in half else 12}
    elif half:
        hours = {hour % 12 + 12 if _LATE.match(half) else hour % 12}
        hours = {0} if hour == 12 and _NIGHT.match(half) else hours
    elif hour <= 12 and not (got.get("h") or "").startswith("0") and not got.get("s"):
        hours = {hour % 24, (hour + 12) % 24}
    else:
        hours = {hour % 24}
    second = small(got.get("s"))
    tail = f":{minute:02}" + (f":{second:02}" if second else "")
    parts = {part_key(n) for n in (*hours, hour, *([minute] if minute else []))}
    parts |= {part_key(h * 100 + minute) for h in hours}  # 1500 in the 24-hour form
    return mention(kind, match, {f"time:{h:02}{tail}" for h in hours}, parts)


def _hour(got: dict[str, str | None]) -> tuple[int, int]:
    hour, minute = small(got.get("h")) or 0, _minute(got)
    past = (got.get("past") or "").casefold()
    if past:
        minute = 30 if past.startswith("half") else 15
        if past.endswith("to"):
            hour, minute = (hour - 1) % 24, 60 - minute
    return hour, minute


def _minute(got: dict[str, str | None]) -> int:
    part = got.get("part") or ""
    if "半" in part:
        return 30
    if "刻" in part:
        return 15 * zh_value(part[0])
    return small(got.get("min")) or 0


def _month(got: dict[str, str | None]) -> int:
    return small(got.get("m")) or MONTHS.index((got["name"] or "")[:3].casefold()) + 1


def _spelled(year: int | None, month: int, first: int | None) -> list[str]:
    """The keys of a date, the most precise first; none when there is no such day."""
    try:
        when = date(year or 2000, month, first or 1)
    except ValueError:
        return []
    whole, short, of_month = day_keys(when)
    if first is None:
        return [of_month]
    return [short] if year is None else [whole, short, of_month, f"part:{when:%Y%m%d}"]
