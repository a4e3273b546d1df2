"""The kind in which the user thinks again: the last wish wins."""

from collections.abc import Iterator

from fc_distilabel.schemas.bounds import join_path, show
from fc_distilabel.types import Fact, Violation
from fc_distilabel.verifiers.gold import same
from fc_distilabel.verifiers.kinds.places import place_of, value_at
from fc_distilabel.verifiers.kinds.talk import Made, Talk, flaw


def change_of_mind(talk: Talk) -> Iterator[Violation]:
    """What is called with is what was wished for last."""
    changes = [fact for fact in talk.blueprint.facts if _is_change(talk, fact)]
    if not changes:
        yield flaw("not-changed", "", "the user changes no value that was said before")
    for fact in changes:
        place = place_of(fact.path, talk.blueprint)
        name = talk.blueprint.asked_calls[place.call].name
        for made in talk.made:
            for value in value_at(made.call.arguments, place.within):
                wish = _wish(talk, fact, made)
                if made.call.name == name and wish and not same(value, wish.value):
                    text = f"{show(value)} is called with, but the last wish is {show(wish.value)}"
                    yield flaw("overruled", join_path(str(made.number), place.within), text, value)


def _is_change(talk: Talk, fact: Fact) -> bool:
    turn = talk.blueprint.turns[fact.turn]
    earlier = [f for f in _about_same(talk, fact) if f.turn < fact.turn]
    changed = any(not same(f.value, fact.value) for f in earlier)
    return turn.intent == "change" and changed


def _about_same(talk: Talk, fact: Fact) -> list[Fact]:
    """What is said of a parameter in any of the calls to the same tool."""
    calls = talk.blueprint.asked_calls
    place = place_of(fact.path, talk.blueprint)
    return [
        other
        for other in talk.blueprint.facts
        for there in [place_of(other.path, talk.blueprint)]
        if there.within == place.within and calls[there.call].name == calls[place.call].name
    ]


def _wish(talk: Talk, fact: Fact, made: Made) -> Fact | None:
    """What was wished for last, when a call is made: of itself if anything was, or of its like."""
    said = [f for f in _about_same(talk, fact) if f.turn <= made.turn]
    index = next((due.which for due, m in talk.pairs.values() if m is made), -1)
    own = [f for f in said if place_of(f.path, talk.blueprint).call == index]
    return max(own or said, key=lambda f: f.turn, default=None)
