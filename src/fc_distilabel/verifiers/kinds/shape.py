"""The shape of a conversation: per turn of the user's the rounds of calls, their results, words.

Which call of the blueprint a call is meant to be is found first (`Talk.pairs`), so that what is
wrong with it can be said: too early, late, out of order, other arguments.
"""

from collections.abc import Iterable, Iterator

from fc_distilabel.calls.parse import parse_json
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.bounds import join_path, show
from fc_distilabel.types import Json, ToolCall, Violation
from fc_distilabel.verifiers.exchanges import Held
from fc_distilabel.verifiers.gold import same, spelled
from fc_distilabel.verifiers.kinds.places import place_of, value_at
from fc_distilabel.verifiers.kinds.talk import Due, Made, Talk, flaw


def shape(talk: Talk) -> Iterator[Violation]:
    """How the messages differ from what the blueprint plans."""
    wanted, found = len(talk.blueprint.turns), len(talk.held)
    if wanted != found:
        text = f"the user speaks {found} times, but the blueprint has {wanted} turns"
        yield flaw("turns", talk.place(found - 1) if found else "", text)
    yield from _calls(talk)
    yield from _rounds(talk)
    for due, made in talk.pairs.values():
        yield from _result(due, made)
    yield from _references(talk)
    for held, _ in talk.turns:
        yield from _words(held)


def _calls(talk: Talk) -> Iterator[Violation]:
    for due in talk.due:
        if due.which in talk.pairs:
            yield from _call(talk, due, talk.pairs[due.which][1])
        else:
            text = f"the call {spelled(due.call)} is due here, but is not made"
            yield flaw("call-missing", talk.place(due.turn), text)
    meant = {made.number for _, made in talk.pairs.values()}
    for made in talk.made:
        if made.number not in meant:
            text = f"the call {spelled(made.call)} is made, but none such is due"
            yield flaw("call-extra", str(made.number), text)


def _call(talk: Talk, due: Due, made: Made) -> Iterator[Violation]:
    number, here = str(made.number), talk.place(made.turn)
    if made.turn != due.turn:
        when = "early" if made.turn < due.turn else "late"
        there = talk.place(due.turn) or f"turn {due.turn} of the user's"
        text = f"{spelled(made.call)} is made upon {here}, but is due upon {there}"
        yield flaw(f"called-{when}", number, text)
    if made.call.name != due.call.name:
        text = f"{show(made.call.name)} is called, but {show(due.call.name)} is due"
        yield flaw("tool", number, text, made.call.name)
    for name, value, wanted in _differing(made.call, due.call):
        text = f"{name} is {value}, but must be {wanted}"
        yield flaw("arguments", join_path(number, name), text)
    if made.call.id != due.call.id:
        text = f"the call's id is {show(made.call.id)}, but must be {show(due.call.id)}"
        yield flaw("call-id", number, text, made.call.id)


def _differing(made: ToolCall, due: ToolCall) -> Iterator[tuple[str, str, str]]:
    """The arguments that differ: name, what it is, what it must be."""
    if made.name != due.name:
        return
    for name in {**due.arguments, **made.arguments}:
        both = [call.arguments[name] for call in (made, due) if name in call.arguments]
        if len(both) < 2 or not same(*both):
            yield name, _shown(made, name), _shown(due, name)


def _shown(call: ToolCall, name: str) -> str:
    return show(call.arguments[name]) if name in call.arguments else "left out"


def _rounds(talk: Talk) -> Iterator[Violation]:
    """Calls of one round go out together, and rounds in their order; within one, any order."""
    for turn in range(len(talk.turns)):
        here = [(d, m) for d, m in talk.pairs.values() if d.turn == m.turn == turn]
        planned = _grouped((due.round, due.which) for due, _ in here)
        found = _grouped((made.round, due.which) for due, made in here)
        if planned != found:
            text = f"the rounds of calls are {found}, but must be {planned}"
            yield flaw("order", talk.place(turn), text)


def _grouped(places: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The calls of each round that has any, round by round."""
    groups: dict[int, list[int]] = {}
    for round_, index in sorted(places):
        groups.setdefault(round_, []).append(index)
    return list(groups.values())


def _result(due: Due, made: Made) -> Iterator[Violation]:
    """Each call's result is the blueprint's, once, right after it."""
    if len(made.results) != 1:
        text = f"{len(made.results)} results follow the call {show(made.call.id)}, but one must"
        yield flaw("result-count", str(made.number), text)
    for at, message in made.results:
        if not _is(message.content, due.result):
            text = f"the result is {show(message.content)}, but must be {show(due.result)}"
            yield flaw("result", f"messages/{at}", text)


def _is(content: str, result: Json) -> bool:
    try:
        found = parse_json(content)
    except Dropped:
        return False
    return same(found, result)


def _references(talk: Talk) -> Iterator[Violation]:
    """A value that an earlier result gives stands there, and the call comes after it."""
    for path, reference in talk.blueprint.references.items():
        place = place_of(path, talk.blueprint)
        if place.call not in talk.pairs or reference.call not in talk.pairs:
            continue
        made, source = talk.pairs[place.call][1], talk.pairs[reference.call][1]
        if source.at >= made.at:
            text = f"{path} comes from the result of call {source.number}, which is not there yet"
            yield flaw("reference", str(made.number), text)
        given = value_at(talk.blueprint.results[reference.call], reference.path)
        value = value_at(made.call.arguments, place.within)
        if given != value:
            text = f"{path} is {show(list(value))}, but {reference.path} there is {show([*given])}"
            yield flaw("reference", str(made.number), text)


def _words(held: Held) -> Iterator[Violation]:
    """The assistant's turn ends in words, and speaks only there."""
    if held.end is None:
        text = "the assistant does not answer in words at the end of its turn"
        yield flaw("answer-missing", f"messages/{held.at}", text)
    for at in held.words:
        if at != held.end:
            text = "the assistant speaks here, but must only at the end of its turn"
            yield flaw("answer-extra", f"messages/{at}", text)
