"""What is said when: each fact in the message of its turn, none before, the system's undisputed."""

import re
from collections.abc import Iterator, Sequence

from fc_distilabel.schemas.bounds import show
from fc_distilabel.types import Fact, Violation
from fc_distilabel.verifiers.facts.text import HAN
from fc_distilabel.verifiers.kinds.places import Place, leaf_at, place_of
from fc_distilabel.verifiers.kinds.talk import Talk, flaw
from fc_distilabel.verifiers.normalize import clean, fold, mentions, read, stands_in, words_of

_SENTENCE = re.compile(r"[^.!?\n。！？；;]+(?:[.](?=\S)[^.!?\n。！？；;]*)*")
_COPULA = r"\s*(?:\bis\b|\bare\b|['\u2019]s\b|:|：|=|是|为|在)\s*\w"


def facts(talk: Talk) -> Iterator[Violation]:
    """Where what is said differs from what the blueprint says that it is."""
    for fact in talk.blueprint.facts:
        if fact.told_by == "system":
            yield from _known(talk, fact)
        else:
            yield from _said(talk, fact)


def says(text: str, said: str) -> bool:
    """Whether a text has these words, whatever their case and the punctuation."""
    words = fold(said)
    return stands_in(words, read(text).folded) if words else clean(said) in clean(text)


def _said(talk: Talk, fact: Fact) -> Iterator[Violation]:
    if fact.turn >= len(talk.held):
        return  # that the turn is not there has been said
    if not says(talk.held[fact.turn].said, fact.said):
        text = f"the user must say {show(fact.said)} ({fact.label}) here"
        yield flaw("unsaid", talk.place(fact.turn), text, fact.said)
    # A bare `yes` tells nothing without the question that it answers.
    for turn in () if isinstance(fact.value, bool) else range(fact.turn):
        if _carries(_beside(talk, turn, fact.said), fact.said):
            text = f"the user says {show(fact.said)} ({fact.label}) already here"
            yield flaw("told-early", talk.place(turn), f"{text}, but must later", fact.said)


def _beside(talk: Talk, turn: int, needle: str) -> str:
    """A message of the user's without what is due there and has the same words."""
    due = [f.said for f in talk.blueprint.facts if f.told_by == "user" and f.turn <= turn]
    return _without(talk.held[turn].said, [said for said in due if says(said, needle)])


def _without(text: str, parts: Sequence[str]) -> str:
    text = clean(text)
    for part in sorted(map(clean, parts), key=len, reverse=True):
        text = re.sub(re.escape(part), " | ", text, flags=re.IGNORECASE)
    return text


def _carries(text: str, said: str) -> bool:
    """Whether a text says the same, word for word or as the same date, time or number."""
    whole = (m for m in mentions(said) if m.fact and m.text == clean(said).strip())
    told = next(whole, None)
    if told:
        found = (m for m in mentions(text) if m.fact and m.kind == told.kind)
        return any(not told.keys.isdisjoint(mention.keys) for mention in found)
    words = fold(said)
    return stands_in(words, read(text).folded) and not (len(words) == 1 and HAN.search(words))


def _known(talk: Talk, fact: Fact) -> Iterator[Violation]:
    if not says(talk.system, fact.said):
        text = f"the system message must say {show(fact.said)} ({fact.label})"
        yield flaw("unsaid", "messages/0", text, fact.said)
    for turn, (held, exchange) in enumerate(talk.turns):
        said = [f for f in talk.blueprint.facts if f.told_by == "user"]
        rivals = [f.said for f in said if f.path == fact.path and f.value != fact.value]
        changed = exchange.intent in ("change", "correct")
        against = [] if changed else [one for one in rivals if says(held.said, one)]
        against += _disputes(talk, fact, _without(held.said, [f.said for f in said]))
        for words in dict.fromkeys(against):
            text = f"the user says {show(words)}, but the system message {show(fact.said)}"
            yield flaw("contradicted", talk.place(turn), f"{text} ({fact.label})", words)


def _disputes(talk: Talk, fact: Fact, text: str) -> Iterator[str]:
    """What a sentence that names the thing says of it, where that is something else."""
    place = place_of(fact.path, talk.blueprint)
    names = {fold(fact.label), words_of(place.within.rpartition("/")[2])} - {""}
    others, own = [*_others(talk, fact, place)], mentions(fact.said)
    for sentence in _SENTENCE.findall(text):
        if not any(stands_in(name, fold(sentence)) for name in names):
            continue
        yield from (name for name in others if says(sentence, name))
        for mention in mentions(sentence):
            if any(mention.kind == o.kind and mention.keys.isdisjoint(o.keys) for o in own):
                yield mention.text
        stated = not own and any(_states(name, sentence) for name in names)
        if stated and not says(sentence, fact.said):
            yield sentence.strip()


def _states(name: str, sentence: str) -> bool:
    """Whether a sentence says what the thing of that name is."""
    spelled = r"[\W_]+".join(map(re.escape, name.split()))
    telling = " " in name or HAN.search(name)  # `name is` may well be about another name
    return bool(telling and re.search(spelled + _COPULA, sentence, re.IGNORECASE))


def _others(talk: Talk, fact: Fact, place: Place) -> Iterator[str]:
    """The values that the parameter could have in the place of the system's."""
    call = talk.blueprint.asked_calls[place.call]
    leaf = leaf_at(call, talk.tool(place.call), place.within)
    for value in leaf.schema.get("enum", ()) if leaf else ():
        if isinstance(value, str) and value != fact.value:
            yield words_of(value)
