"""Names that the world agrees on: countries, languages, currencies, weekdays, months, big cities.

`EUR`, `euros` and `欧元` are one concept. All of it is read from Unicode's CLDR as Babel packs it,
in English and Chinese; nothing is listed here that it knows.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name

from fc_distilabel.verifiers.facts.text import HAN, fold

_LANGUAGES = ("en", "zh")
_LONGEST = 5
"""Words of the longest name looked for."""
_LONGEST_HAN = 8
_WEEK = {
    range(7): ("every day", "daily", "每天", "天天"),
    range(5): ("weekday", "weekdays", "工作日"),
    range(5, 7): ("weekend", "weekends", "周末"),
}
_UPPER = re.compile(r"\b[A-Z]{2,3}\b")
_LOCALE = re.compile(r"([a-z]{2,3})[-_](?:[A-Z]{2}|[A-Z][a-z]{3})")


def concepts(value: str) -> frozenset[str]:
    """What a value names, as a name or as a code."""
    locale = _LOCALE.fullmatch(value)
    code = locale[1] if locale else value
    return _codes().get(code, frozenset()) | _names().get(fold(value), frozenset())


def named(text: str) -> frozenset[str]:
    """All that a text names; the longest name at a place wins, so `US dollar` is not `US`."""
    found = set[str]()
    for code in _UPPER.findall(text):
        found |= _codes().get(code, frozenset())
    for symbol in set(text) & _symbols().keys():
        found.add(_symbols()[symbol])
    words = [part for word in fold(text).split() for part in _split(word)]
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST_HAN, len(words) - at), 0, -1):
            glue = "" if HAN.match(words[at]) else " "
            hit = _names().get(glue.join(words[at : at + size]))
            if hit:
                found |= hit
                at += size - 1
                break
        at += 1
    return frozenset(found)


def _split(word: str) -> Iterator[str]:
    """A folded word, with Chinese taken apart into characters."""
    last = 0
    for match in HAN.finditer(word):
        if match.start() > last:
            yield word[last : match.start()]
        yield match[0]
        last = match.end()
    if last < len(word):
        yield word[last:]


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    """Folded names and what they may mean."""
    found: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        for name, concept in _all_names(Locale(language)):
            found.setdefault(fold(name), set()).add(concept)
    for name in [name for name in found if name.endswith("语")]:
        found.setdefault(name[:-1] + "文", set()).update(found[name])
    return {name: frozenset(meanings) for name, meanings in found.items() if name}


def _all_names(locale: Locale) -> Iterator[tuple[str, str]]:
    for code, name in _pairs(locale.territories.items()):
        if len(code) == 2:
            yield from _plain_territory(name, f"territory:{code}")
    for code, name in _pairs(locale.languages.items()):
        yield name, f"language:{code}"
        home = _homeland(code)
        if home and fold(name)[:2] == fold(locale.territories.get(home, ""))[:2]:
            yield name, f"territory:{home}"  # `Japanese` speaks of Japan
    yield from _currencies(locale)
    for width in ("wide", "abbreviated"):
        for number, name in locale.days["format"][width].items():
            yield name, f"weekday:{number}"
        for number, name in locale.months["format"][width].items():
            yield name, f"month:{number}"
        for span, phrases in _WEEK.items():
            yield from ((phrase, f"weekday:{number}") for phrase in phrases for number in span)
    for zone in {zone for language in _LANGUAGES for zone in Locale(language).time_zones}:
        yield str(zone), f"city:{zone}"
        city = locale.time_zones.get(zone, {}).get("city")
        yield str(city or str(zone).rpartition("/")[2]), f"city:{zone}"


def _plain_territory(name: str, concept: str) -> Iterator[tuple[str, str]]:
    """A territory's name, also without what CLDR adds to the names of China's regions."""
    yield name, concept
    yield re.sub(r" SAR China$|^中国|特别行政区$", "", name) or name, concept


def _pairs(table: Iterable[tuple[object, object]]) -> Iterator[tuple[str, str]]:
    """The entries of a CLDR table that have a name."""
    return ((str(code), str(name)) for code, name in table if name)


def _currencies(locale: Locale) -> Iterator[tuple[str, str]]:
    """Currencies' names, and what the best known of a kind is called for short: `dollars`."""
    nouns: dict[str, set[str]] = {}
    for code, name in _pairs(locale.currencies.items()):
        for one in {name, *(get_currency_name(code, count, locale) for count in (1, 2))}:
            yield one, f"currency:{code}"
            if " " in one:
                nouns.setdefault(one.rsplit(" ", 1)[1], set()).add(code)
    for noun, codes in nouns.items():
        known = [code for code in codes if len(locale.currency_symbols.get(code, code)) == 1]
        if len(codes) == 1 or len(known) == 1:
            yield noun, f"currency:{(known or [*codes])[0]}"
    if locale.language == "zh":
        yield from ((noun, "currency:CNY") for noun in ("元", "块钱"))


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    signs = Locale("en").currency_symbols
    return {sign: f"currency:{code}" for code, sign in signs.items() if len(sign) == 1}


@lru_cache(maxsize=1)
def _codes() -> dict[str, frozenset[str]]:
    """Codes as they are written: `es` is a language, `ES` a country, `EUR` a currency."""
    english = Locale("en")
    found: dict[str, set[str]] = {}
    for code, _ in _pairs(english.territories.items()):
        if len(code) == 2:
            found.setdefault(code, set()).add(f"territory:{code}")
    for alias, codes in get_global("territory_aliases").items():
        if alias.isalpha() and len(codes) == 1:
            found.setdefault(alias, set()).add(f"territory:{codes[0]}")
    for code, _ in _pairs(english.languages.items()):
        found.setdefault(code, set()).add(f"language:{code}")
    for code, _ in _pairs(english.currencies.items()):
        found.setdefault(code, set()).add(f"currency:{code}")
        found.setdefault(code.lower(), set()).add(f"currency:{code}")
    return {code: frozenset(meanings) for code, meanings in found.items()}


def _homeland(language: str) -> str:
    """The country where a language is at home, by CLDR's likely subtags."""
    return str(get_global("likely_subtags").get(language, "")).rpartition("_")[2]
