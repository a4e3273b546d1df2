"""The kinds in which a value comes later: it is missing at first, or cannot be."""

from collections.abc import Iterator

from fc_distilabel.schemas.bounds import join_path, show
from fc_distilabel.types import Ending, Fact, Json, ToolCall, Violation
from fc_distilabel.verifiers.kinds.endings import asks_for
from fc_distilabel.verifiers.kinds.places import place_of, value_at, with_value, without_value
from fc_distilabel.verifiers.kinds.talk import Talk, flaw
from fc_distilabel.verifiers.toolbox import toolbox


def missing_parameter(talk: Talk) -> Iterator[Violation]:
    """What the call needs is asked for before it is said, and said before it is called."""
    withheld = list(_told_later(talk, "ask"))
    if not withheld:
        yield flaw("nothing-withheld", "", "no value is asked for and then given")
    for fact in withheld:
        at = talk.held[fact.turn].at
        yield from _too_early(talk, fact, at)
        asked = [i for i in talk.words if asks_for(talk, fact.path, talk.messages[i].content)]
        if asked and asked[0] > at:
            text = f"{fact.path} ({fact.label}) is asked for only after messages/{at} has said it"
            yield flaw("asked-late", f"messages/{asked[0]}", text)
        if not _is_needed(talk, fact):
            text = f"{fact.path} is asked for, but the call is valid without it"
            yield flaw("not-needed", fact.path, text)


def _is_needed(talk: Talk, fact: Fact) -> bool:
    place = place_of(fact.path, talk.blueprint)
    call = talk.blueprint.asked_calls[place.call]
    return bool(_broken(talk, call, without_value(call.arguments, place.within)))


def invalid_value(talk: Talk) -> Iterator[Violation]:
    """The first value breaks the tool's schema; nothing is called before a better one is said."""
    corrected = list(_told_later(talk, "refuse"))
    if not corrected:
        yield flaw("not-corrected", "", "no value is refused and then corrected")
    for fact in corrected:
        yield from _too_early(talk, fact, talk.held[fact.turn].at)
        place = place_of(fact.path, talk.blueprint)
        call = talk.blueprint.asked_calls[place.call]
        first = talk.facts(fact.path)[0]
        if not _breaks(talk, call, place.within, first.value):
            text = f"{show(first.value)} is refused, but the offered tool takes it"
            yield flaw("value-allowed", fact.path, text, first.value)
        for made in talk.made:
            for value in value_at(made.call.arguments, place.within):
                if made.call.name == call.name and _breaks(talk, call, place.within, value):
                    text = f"{show(value)} is called with, but the tool does not take it"
                    yield flaw("still-invalid", join_path(str(made.number), place.within), text)


def _breaks(talk: Talk, call: ToolCall, within: str, value: Json) -> bool:
    """Whether a value breaks the tool's schema at its place."""
    broken = _broken(talk, call, with_value(call.arguments, within, value))
    return any(v.path == within or v.path.startswith(f"{within}/") for v in broken)


def _broken(talk: Talk, call: ToolCall, arguments: dict[str, Json]) -> list[Violation]:
    """What is wrong with other arguments of a call."""
    changed = call.model_copy(update={"arguments": arguments})
    return toolbox(talk.trajectory).violations(changed, "")


def _told_later(talk: Talk, ending: Ending) -> Iterator[Fact]:
    """The facts that the user gives after a turn of the assistant's that is about their place."""
    for turn, (_, exchange) in enumerate(talk.turns):
        if exchange.ends == ending:
            for path in exchange.about:
                later = [fact for fact in talk.facts(path) if turn < fact.turn < len(talk.held)]
                yield from later[:1]


def _too_early(talk: Talk, fact: Fact, at: int) -> Iterator[Violation]:
    for made in talk.made:
        if made.at < at:
            text = f"a call is made before messages/{at} has said {fact.path} ({fact.label})"
            yield flaw("called-early", str(made.number), text)
