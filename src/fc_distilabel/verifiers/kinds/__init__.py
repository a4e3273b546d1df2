"""The invariants of each dialogue kind, checked on the finished messages.

A blueprint decides what is said and called when (`Blueprint.turns`); here the conversation that
came of it is held against that, and against what its kind means: asked before called, the last
wish wins, recovered after the failure. Four readings add up: the shape of the turns (`shape`), what
is said when (`facts`), how the assistant's turns end (`endings`), and one rule per kind.
"""

from collections.abc import Callable, Iterator
from itertools import chain

from fc_distilabel.registry import verifier
from fc_distilabel.types import Kind, Trajectory, Violation
from fc_distilabel.verifiers.kinds import acting, speaking, wishes, withheld
from fc_distilabel.verifiers.kinds.endings import endings
from fc_distilabel.verifiers.kinds.facts import facts
from fc_distilabel.verifiers.kinds.plan import misfits
from fc_distilabel.verifiers.kinds.shape import shape
from fc_distilabel.verifiers.kinds.talk import Talk

_RULES: dict[Kind, Callable[[Talk], Iterator[Violation]]] = {
    "single": acting.single,
    "multiple": acting.multiple,
    "parallel": acting.parallel,
    "dependent": acting.dependent,
    "multi_turn": acting.multi_turn,
    "missing_parameter": withheld.missing_parameter,
    "irrelevant": speaking.irrelevant,
    "missing_function": speaking.missing_function,
    "invalid_value": withheld.invalid_value,
    "tool_error": acting.tool_error,
    "change_of_mind": wishes.change_of_mind,
}


@verifier("kind")
def kind(trajectory: Trajectory) -> Iterator[Violation]:
    """A conversation is what its blueprint planned, and of the kind that the blueprint names."""
    blueprint = trajectory.blueprint
    if blueprint is None:
        return
    broken = list(misfits(blueprint))
    if broken:
        yield from broken
        return
    talk = Talk(trajectory, blueprint)
    seen: set[tuple[str, str, str]] = set()
    for violation in chain(shape(talk), facts(talk), endings(talk), _RULES[blueprint.kind](talk)):
        key = (violation.rule, violation.path, str(violation.value))
        if key not in seen:  # two readings may find one flaw
            seen.add(key)
            yield violation
