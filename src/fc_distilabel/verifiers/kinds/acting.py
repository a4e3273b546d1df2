"""The kinds that are about calls: how many, how they hang together, what follows a failure."""

from collections.abc import Iterator, Sequence

from fc_distilabel.types import Message, Violation, canonical_json
from fc_distilabel.verifiers.gold import spelled
from fc_distilabel.verifiers.grounding import GUESSED, ground_call
from fc_distilabel.verifiers.kinds.talk import Made, Talk, flaw
from fc_distilabel.verifiers.kinds.telling import is_failure, values_in


def single(talk: Talk) -> Iterator[Violation]:
    """One call, no more and no less."""
    if len(talk.made) != 1:
        yield flaw("call-count", "", f"{len(talk.made)} calls are made, but exactly one must be")


def multiple(talk: Talk) -> Iterator[Violation]:
    """One call, chosen among tools."""
    yield from single(talk)
    if len(talk.trajectory.tools) < 2:
        yield flaw("few-tools", "", "one tool is offered, but a choice takes two or more")


def parallel(talk: Talk) -> Iterator[Violation]:
    """Calls of one message that need nothing of each other."""
    together = [r for h in talk.held for r in h.rounds if len(r.calls) > 1]
    if not together:
        yield flaw("not-parallel", "", "no message makes two calls or more")
    for round_ in together:
        calls = [made for made in talk.made if made.at == round_.at]
        for made in calls:
            others = [m for call in calls if call is not made for _, m in call.results]
            for path in _taken(talk, made, others):
                text = f"{path} comes from the result of a call of the same message"
                yield flaw("not-independent", path, text)


def dependent(talk: Talk) -> Iterator[Violation]:
    """A later call takes a value that only an earlier result gives."""
    for made in talk.made:
        earlier = [message for message in talk.messages[: made.at] if message.role == "tool"]
        if any(True for _ in _taken(talk, made, earlier)):
            return
    yield flaw("not-dependent", "", "no call takes a value that only an earlier result gives")


def multi_turn(talk: Talk) -> Iterator[Violation]:
    """The user speaks more than once, and each time something is called."""
    if len(talk.held) < 2:
        yield flaw("single-turn", "", "the user speaks once, but must twice or more")
    for turn, held in enumerate(talk.held):
        if not held.rounds:
            yield flaw("turn-without-call", talk.place(turn), "no call is made upon this")


def tool_error(talk: Talk) -> Iterator[Violation]:
    """A call fails, is made again as it was, and succeeds."""
    tries: dict[str, list[Made]] = {}
    for made in talk.made:
        tries.setdefault(spelled(made.call), []).append(made)
    failed = {call: alike for call, alike in tries.items() if any(map(_fails, alike))}
    if not failed:
        yield flaw("no-failure", "", "no result is a failure, but one must be")
    for call, alike in failed.items():
        last = alike[-1]
        if last.at == alike[0].at:
            yield flaw("no-retry", str(last.number), f"{call} has failed and is not tried again")
        elif _fails(last):
            yield flaw("not-recovered", str(last.number), f"the last try of {call} fails too")


def _fails(made: Made) -> bool:
    return any(is_failure(message) for _, message in made.results)


def _taken(talk: Talk, made: Made, results: Sequence[Message]) -> Iterator[str]:
    """Paths of the arguments that stand in a result, and in nobody's words before the call."""
    tool = next((t for t in talk.trajectory.tools if t.name == made.call.name), None)
    given = values_in(results)
    words = [m for m in talk.messages[: made.at] if m.role in ("system", "user")]
    for origin in ground_call(made.number, made.call, tool.parameters if tool else {}, words):
        unsaid = origin.source is None or origin.how == GUESSED
        if unsaid and canonical_json(origin.value) in given:
            yield origin.path
