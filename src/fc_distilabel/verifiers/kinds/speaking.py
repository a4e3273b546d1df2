"""The kinds in which no call is right: nothing fits, or the one tool that would is not there."""

from collections.abc import Iterator

from fc_distilabel.types import Violation
from fc_distilabel.verifiers.kinds.phrases import DECLINES
from fc_distilabel.verifiers.kinds.talk import Talk, flaw
from fc_distilabel.verifiers.normalize import stems, words_of

_EMPTY_WORDS = frozenset("get set list the of by for a an to in and".split())
"""Words of names that tell nothing of the subject."""


def irrelevant(talk: Talk) -> Iterator[Violation]:
    """No call, and the assistant says that it cannot."""
    for made in talk.made:
        yield flaw("call-undue", str(made.number), "a call is made, but no offered tool is right")
    right = talk.blueprint.missing
    if right and any(tool.name == right.name for tool in talk.trajectory.tools):
        yield flaw("right-tool-offered", "", f"{right.name} is offered, which would be right")
    for index in talk.words[-1:]:
        if not DECLINES.search(talk.messages[index].content):
            text = "the assistant must say that it cannot do this"
            yield flaw("not-declined", f"messages/{index}", text)


def missing_function(talk: Talk) -> Iterator[Violation]:
    """No call, though a tool of the same subject is offered."""
    yield from irrelevant(talk)
    right = talk.blueprint.missing
    subject = _subject(right.name) if right else set()
    if not any(subject & _subject(tool.name) for tool in talk.trajectory.tools):
        name = right.name if right else "the missing tool"
        yield flaw("no-near-tool", "", f"no offered tool is about the same subject as {name}")


def _subject(name: str) -> set[str]:
    return {*stems(words_of(name)).split()} - _EMPTY_WORDS
