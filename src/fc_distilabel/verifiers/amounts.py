"""Where a number comes from that the text says in another way: by unit, sign or reckoning."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from fc_distilabel.verifiers.facts.quantities import UNITS, Unit, unit_keys
from fc_distilabel.verifiers.leaves import Leaf
from fc_distilabel.verifiers.normalize import Mention, Reading, fold, number_key

_BELOW = re.compile(
    r"\b(?:west|south|below|minus|negative|decreas\w{1,5}|loss|lose|drop\w{0,4}|down|reduc\w{1,5}|lower)\b"
    r"|°\s?[WS]\b|零下|负|西经|南纬|减|降|亏",
    re.IGNORECASE,
)
_MONTH = re.compile(r"month|月", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\b(?:date|day|month|year|time|hour|minute|start|end|born|birth)|日|月|年|时|点|分",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:position|index|rank|order|nth|page|floor|row|column|step|place|term|season|episode|quarter)"
    r"|第|页|层|楼|名次|序号|排",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\0\W?(?:\w+\W)?(?:other|another|plus|additional|more|extra|older|younger|minus|less)\b"
    r"|(?:plus|minus) \0|[大小多少加减再][了]?\0",
    re.IGNORECASE,
)
_MOST_RECKONED = 100
_COUNT = re.compile(r"\b(?:number of|count|quantity|how many)\b|数量|个数|人数|张数", re.IGNORECASE)


def amount(value: object) -> Decimal | None:
    """A number, also one written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 400 else None


def said_as_part(value: Decimal, leaf: Leaf, keys: frozenset[str]) -> bool:
    """`March 14` for a day of 14, `the second page` for a page of 2: not for any 14 or 2."""
    asked = {"part": _CALENDAR.search(leaf.told), "place": _PLACE.search(leaf.told)}
    return any(f"{kind}:{value.normalize():f}" in keys for kind, found in asked.items() if found)


def reckoned(value: Decimal, reading: Reading) -> bool:
    """The sum or the difference of two said numbers, where words tell so: `two years older`."""
    said = {Decimal(key[7:]) for key in reading.keys if key.startswith("number:")}
    steps = {step for one in reading.mentions for step in _steps(one, reading.text)}
    if len(said) * len(steps) > _MOST_RECKONED:
        return False
    return any(value in (a + step, a - step) for a in said for step in steps)


def _steps(one: Mention, text: str) -> Iterator[Decimal]:
    """What a number adds or takes, by the words next to it."""
    near = text[max(0, one.start - 4) : one.start] + "\0" + text[one.end : one.end + 16]
    if one.kind == "number" and _STEP.search(near):
        yield from (Decimal(key[7:]) for key in one.keys if key.startswith("number:"))


def said_as_month(value: Decimal, leaf: Leaf, reading: Reading) -> bool:
    """`March` for the month 3."""
    return bool(_MONTH.search(leaf.told)) and f"month:{value}" in reading.keys


def said_below_zero(value: Decimal, reading: Reading) -> bool:
    """`5 degrees below zero` for -5."""
    return value < 0 and number_key(-value) in reading.keys and bool(_BELOW.search(reading.text))


def said_in_units(value: Decimal, leaf: Leaf, reading: Reading) -> bool:
    """`half an hour` for 30 where the schema asks for minutes."""
    return any(
        key in reading.sizes for unit in named_units(leaf.told) for key in unit_keys(unit, value)
    )


def named_units(told: str) -> Iterator[Unit]:
    """The units that a parameter's name or description names in full."""
    for word in set(fold(told).split()):
        if word.isascii():
            yield from UNITS.get(word, ()) if len(word) > 1 else ()
    for name, units in UNITS.items():
        if not name.isascii() and name in told:
            yield from units


def said_as_count(value: Decimal, leaf: Leaf, reading: Reading) -> bool:
    """`a ticket` for one of `number_of_tickets`."""
    if value != 1 or not _COUNT.search(leaf.told):
        return False
    nouns = [word for word in fold(leaf.told.partition("\n")[0]).split() if len(word) > 3]
    return any(re.search(rf"\ban? {re.escape(noun[:5])}", reading.folded) for noun in nouns)
