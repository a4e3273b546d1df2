"""How the assistant's turn ends: telling, asking, refusing or declining, as was planned."""

from collections.abc import Iterator, Sequence

from fc_distilabel.schemas.bounds import show
from fc_distilabel.types import Exchange, Json, Violation
from fc_distilabel.verifiers.exchanges import Held
from fc_distilabel.verifiers.facts.text import HAN, SMALL_WORDS
from fc_distilabel.verifiers.kinds.phrases import ASKS, DECLINES, HOW_MANY, REFUSES, WHEN
from fc_distilabel.verifiers.kinds.places import leaf_at, place_of
from fc_distilabel.verifiers.kinds.talk import Talk, flaw
from fc_distilabel.verifiers.kinds.telling import tells
from fc_distilabel.verifiers.leaves import Leaf, explanations
from fc_distilabel.verifiers.normalize import (
    Reading,
    fold,
    han_pairs,
    number_key,
    read,
    stands_in,
    stems,
    words_of,
)

_BOUNDS = (
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength"
    " minItems maxItems"
).split()
_MOMENTS = ("date", "date-time", "time")


def endings(talk: Talk) -> Iterator[Violation]:
    """Where the assistant's words do not do what its turn is to end with."""
    for held, exchange in talk.turns:
        if held.end is None:
            continue
        text = talk.messages[held.end].content
        for rule, message in _wrong(talk, held, exchange, text):
            yield flaw(rule, f"messages/{held.end}", message)


def _wrong(talk: Talk, held: Held, exchange: Exchange, text: str) -> Iterator[tuple[str, str]]:
    match exchange.ends:
        case "ask":
            yield from _asking(talk, exchange.about, text)
        case "refuse":
            yield from _refusing(talk, exchange.about, text)
        case "decline":
            if not DECLINES.search(text):
                yield "not-declined", "the assistant must say that it cannot do this"
        case "tell":
            if not tells(talk, held, text):
                yield "not-told", "the answer holds no value of the results that it must tell"


def _asking(talk: Talk, about: Sequence[str], text: str) -> Iterator[tuple[str, str]]:
    if not ASKS.search(text):
        yield "not-asked", f"the assistant must ask for {', '.join(about) or 'something'} here"
        return
    for path in about:
        if not concerns(talk, path, text):
            yield "asked-other", f"the assistant asks, but not for {path} ({_label(talk, path)})"


def asks_for(talk: Talk, path: str, text: str) -> bool:
    """Whether words ask for the value at a place."""
    return ASKS.search(text) is not None and concerns(talk, path, text)


def concerns(talk: Talk, path: str, text: str) -> bool:
    """Whether words are about the value at a place, and not about another one.

    They share a word with its label or its name. A word that others have too (`date`) does not
    count beside one that only others have (`departure`).
    """
    reading, leaf = read(text), _leaf(talk, path)
    own, others = _terms(talk, path), frozenset[str]()
    within = path.partition("/")[2]
    for fact in talk.blueprint.facts:
        if fact.path.partition("/")[2] != within:
            others |= _terms(talk, fact.path)
    shared = _heard(own, reading)
    if shared:
        elsewhere = own - others and _heard(others - own, reading)
        return bool(shared - others) or not elsewhere
    schema = leaf.schema if leaf else {}
    when = schema.get("format") in _MOMENTS and WHEN.search(text)
    many = schema.get("type") in ("integer", "number") and HOW_MANY.search(text)
    return bool(when or many)


def _terms(talk: Talk, path: str) -> frozenset[str]:
    """The words of a place's label and name; of Chinese, every two characters."""
    told = f"{fold(_label(talk, path))} {words_of(path.rpartition('/')[2])}"
    words = {word for word in stems(told).split() if not HAN.search(word)}
    return frozenset({*(words - SMALL_WORDS), *han_pairs(told)})


def _heard(terms: frozenset[str], reading: Reading) -> frozenset[str]:
    """Those of the terms that a text has."""
    return frozenset(
        t for t in terms if (t in reading.pairs if HAN.search(t) else reading.begins(t))
    )


def _label(talk: Talk, path: str) -> str:
    return next((fact.label for fact in talk.facts(path)), "")


def _leaf(talk: Talk, path: str) -> Leaf | None:
    place = place_of(path, talk.blueprint)
    calls = talk.blueprint.asked_calls
    return leaf_at(calls[place.call], talk.tool(place.call), place.within)


def _refusing(talk: Talk, about: Sequence[str], text: str) -> Iterator[tuple[str, str]]:
    if not REFUSES.search(text):
        yield "not-refused", f"the assistant must say that {', '.join(about)} cannot be so"
    for path in about:
        leaf = _leaf(talk, path)
        if leaf is None:
            continue
        allowed = [value for value in _allowed(leaf.schema) if value is not None]
        if allowed and not any(_names(text, value, leaf) for value in allowed):
            listed = show(allowed)
            yield "allowed-unnamed", f"the assistant must name what {path} may be: {listed}"


def _allowed(schema: dict[str, Json]) -> Iterator[Json]:
    """The values and bounds that a schema allows, in its alternatives too."""
    parts = [schema, *(p for key in ("anyOf", "oneOf", "allOf") for p in schema.get(key, ()))]
    for part in parts:
        if isinstance(part, dict):
            yield from part.get("enum", ())
            yield from (part[key] for key in ("const", *_BOUNDS) if key in part)


def _names(text: str, value: Json, leaf: Leaf) -> bool:
    reading = read(text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_key(value) in reading.keys
    spelled = [words_of(str(value)), *map(fold, explanations(str(value), leaf.description))]
    return any(stands_in(words, reading.folded) for words in spelled)
