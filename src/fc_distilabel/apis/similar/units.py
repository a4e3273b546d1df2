"""The sort `unit`: the same job in another currency, unit or scale of time.

What a needed tool says of its unit is exchanged wherever it says it. Where it says nothing of the
currency of an amount, the look-alike takes one that a request in this language is hardly ever in.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from fc_distilabel.apis.naming import words_of, written_like
from fc_distilabel.apis.similar.edits import Parameter, exchanged, parameters_of, put, retold
from fc_distilabel.apis.similar.needed import Needed
from fc_distilabel.apis.similar.nouns import Decider, SimilarTool
from fc_distilabel.apis.similar.registry import label_of, restricted, some, sort
from fc_distilabel.apis.similar.tables import Measure
from fc_distilabel.apis.stock import ANYWHERE
from fc_distilabel.schemas.walk import Schema

MOST = 3
MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"
_DATE = frozenset(("type", "format", "description", "title"))
_NUMBERS = frozenset(("integer", "number"))


@sort("unit")
def unit(needed: Needed) -> Iterator[SimilarTool]:
    """Amounts are in another unit, or days are months."""
    numbers = [
        p
        for p in parameters_of(needed.tool.parameters)
        if _is_number(p.schema) and p.name not in ANYWHERE
    ]
    for parameter in numbers:
        for measure in needed.table.units:
            stated = _stated(measure, parameter)
            if stated or _is_money(needed, measure, parameter):
                others = [u for u in measure.units if u != stated]
                others = others if stated else [u for u in others if u not in measure.common]
                for other in some(needed, others, MOST):
                    yield from _in_unit(needed, parameter, measure, stated, other)
                break
    yield from _by_month(needed)


def _in_unit(
    needed: Needed, parameter: Parameter, measure: Measure, stated: str, other: str
) -> Iterator[SimilarTool]:
    say, there = needed.table.say, measure.units[other][0]
    here = measure.units[stated][0] if stated else ""
    label = label_of(needed, parameter)
    decider = Decider(about="unit", path=f"parameters/{parameter.path}", needed=stated, other=other)
    phrase = "by_units" if stated else "by_unit"
    decided = say(phrase, label=label, needed=here, unit=there), decider
    change = _change(measure.units[stated], there) if stated else _unchanged
    name = _renamed(parameter.name, stated, other)
    inner = _in_other_unit(needed, parameter, change, there)
    schema = exchanged(retold(needed.tool.parameters, change), parameter, name, inner)
    its = label_of(needed, parameter._replace(name=name, schema=inner))
    clause = change(say("unit", label=its, unit=there))
    gist, keep = change(needed.gist), str((*parameter.place, "properties", name)[1])
    yield from restricted(needed, "unit", clause, other, decided, schema, gist, keep)


def _renamed(name: str, stated: str, other: str) -> str:
    """`weight_kg` as `weight_lb`."""
    words = words_of(name)
    if stated not in words:
        return name
    return written_like(name, [other if word == stated else word for word in words])


def _in_other_unit(
    needed: Needed, parameter: Parameter, change: Callable[[str], str], there: str
) -> Schema:
    """The parameter's own schema, told in the other unit."""
    text = str(parameter.schema.get("description", ""))
    if text and change is _unchanged:
        said = needed.table.phrases["in_unit"].format(label=text, unit=there)
        return parameter.schema | {"description": said}
    return parameter.schema | ({"description": change(text)} if text else {})


def _stated(measure: Measure, parameter: Parameter) -> str:
    """The unit that a parameter's description or name states, or ``."""
    text = str(parameter.schema.get("description", ""))[:400]
    words = words_of(parameter.name)
    for name, spellings in measure.units.items():
        if (len(name) > 1 and name in words) or _pattern(spellings).search(text):
            return name
    return ""


def _is_money(needed: Needed, measure: Measure, parameter: Parameter) -> bool:
    """Whether it is an amount of money of whatever currency, and no other parameter says which."""
    amounts = set(needed.lexicon.amounts.split()) & set(words_of(parameter.name))
    return bool(measure.common and amounts) and "currency" not in needed.text.lower()


def _change(spellings: tuple[str, ...], there: str) -> Callable[[str], str]:
    pattern = _pattern(spellings)
    return lambda text: pattern.sub(lambda _: there, text)


def _unchanged(text: str) -> str:
    return text


@lru_cache(maxsize=512)
def _pattern(spellings: tuple[str, ...]) -> re.Pattern[str]:
    """Finds a unit by itself; one Chinese character only apart from others: no `天` in `今天`."""
    options = sorted(map(_bounded, spellings), key=len, reverse=True)
    return re.compile("|".join(options), re.IGNORECASE)


def _bounded(spelling: str) -> str:
    text = re.escape(spelling)
    if len(spelling) == 1 and not spelling.isascii():
        return rf"(?<![\u4e00-\u9fff]){text}(?![\u4e00-\u9fff])"
    before = "(?<![A-Za-z])" if spelling[0].isascii() and spelling[0].isalpha() else ""
    after = "(?![A-Za-z])" if spelling[-1].isascii() and spelling[-1].isalpha() else ""
    return before + text + after


def _by_month(needed: Needed) -> Iterator[SimilarTool]:
    """The look-alikes that take months where the needed tool takes days."""
    days = [
        p
        for p in parameters_of(needed.tool.parameters)
        if _is_day(p.schema) and p.name not in ANYWHERE
    ]
    if not days:
        return
    first = next((p for p in days if p.required), days[0])
    schema = needed.tool.parameters
    for day in days:
        label = needed.table.say("month_label", label=day.label or day.name)
        month = {"type": "string", "pattern": MONTH, "description": label}
        schema = put(schema, (*day.place, "properties", day.name), month)
    label = label_of(needed, first)
    words = needed.table.phrases
    decider = Decider(
        about="period",
        path=f"parameters/{first.path}",
        needed=words["day"],
        other=words["month_name"],
    )
    decided = needed.table.say("by_month", label=label), decider
    clause = needed.table.say("month", label=label)
    keep = str((*first.place, "properties", first.name)[1])
    yield from restricted(needed, "unit", clause, "monthly", decided, schema, keep=keep)


def _is_number(schema: Schema) -> bool:
    kind = schema.get("type", ())
    return bool(_NUMBERS & {kind} if isinstance(kind, str) else _NUMBERS & set(kind))


def _is_day(schema: Schema) -> bool:
    return schema.get("format") == "date" and schema.keys() <= _DATE
