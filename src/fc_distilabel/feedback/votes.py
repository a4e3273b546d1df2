"""What people said of a record, and what that comes to.

Only a submitted answer is a vote. A draft may change any moment, and who discards a record says
nothing about its row. Where people do not agree as far as the policy asks, nothing is decided: a
tie is for somebody to look at, and never broken by code.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar, get_args

from fc_distilabel.feedback.turns import Compared
from fc_distilabel.types import Json

Agreeing: TypeAlias = Literal["majority", "strict"]
"""`majority`: more than half of the votes; `strict`: all of them."""
POLICIES: tuple[Agreeing, ...] = get_args(Agreeing)
Status: TypeAlias = Literal["submitted", "draft", "discarded"]

V = TypeVar("V", bound=Hashable)


class Answer(NamedTuple):
    """One person's answers to one record."""

    annotator: str
    """Hashed, so that nobody can be told from it."""
    status: Status
    values: dict[str, Json]
    """By the names of the questions; those that were left open are not there."""


class Reviewed(NamedTuple):
    """A record and everything that was answered to it."""

    record: str
    """The server's own id of the record."""
    row: dict[str, Json]
    """The full row that was reviewed."""
    compared: Compared | None
    """Which turns stood side by side; None where none did."""
    answers: tuple[Answer, ...]
    suggested: dict[str, Json]
    """The values of the suggestions on the server now, by question."""

    @property
    def votes(self) -> tuple[Answer, ...]:
        """The submitted answers."""
        return tuple(answer for answer in self.answers if answer.status == "submitted")


class Decision(NamedTuple, Generic[V]):
    """What the votes come to."""

    value: V | None
    """None where nothing is decided."""
    votes: int
    why: str = ""
    """Why nothing is decided: `too few votes`, or how they fell."""

    @property
    def tied(self) -> bool:
        """Whether there are enough votes and they do not agree."""
        return self.value is None and bool(self.why) and self.why != TOO_FEW


TOO_FEW = "too few votes"


def decide(votes: Sequence[V], policy: Agreeing, min_votes: int = 1) -> Decision[V]:
    """The value that the policy takes from these votes, if it takes one."""
    if len(votes) < max(1, min_votes):
        return Decision(None, len(votes), TOO_FEW)
    [(value, count), *_] = counted = Counter(votes).most_common()
    if count * 2 > len(votes) and (policy == "majority" or len(counted) == 1):
        return Decision(value, len(votes))
    fell = ", ".join(f"{count} {value}" for value, count in sorted(counted, key=_by_count))
    return Decision(None, len(votes), fell)


def _by_count(counted: tuple[V, int]) -> tuple[int, str]:
    return -counted[1], str(counted[0])


def values_of(votes: Sequence[Answer], question: str) -> list[Json]:
    """What was answered to a question, where it was answered."""
    return [vote.values[question] for vote in votes if question in vote.values]
