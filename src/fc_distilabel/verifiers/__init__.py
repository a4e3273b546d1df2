"""The judgement of code on a trajectory: every rule is a function that yields violations.

A verifier of another package joins by the entry point group `fc_distilabel.verifiers`.
"""

from collections.abc import Collection

from fc_distilabel.registry import VERIFIERS, verifier
from fc_distilabel.types import Trajectory, Verdict, Violation
from fc_distilabel.verifiers import gold, kinds, trajectories  # noqa: F401 - register rules
from fc_distilabel.verifiers.arguments import provenance, without_source
from fc_distilabel.verifiers.grounding import ground_call, unsupported_values

__all__ = ["VERIFIERS", "ground_call", "unsupported_values", "verifier", "verify"]

GROUNDED = "arguments_grounded"
NEEDS_BLUEPRINT = frozenset(
    {"ungrounded", "unknown-identifier", "guessed", "unsupported", "order", "ending", "tool-named"}
)
"""Rules that are certain only where code decided what is known and who speaks.

Of a conversation that others made they warn: a value may stand for common knowledge (a town for its
country), and real assistants end in silence or on a question.
"""


def verify(trajectory: Trajectory, only: Collection[str] = ()) -> Verdict:
    """Judge by all registered verifiers (or `only` those) in a fixed order.

    The verdict also says where each argument value comes from, where grounding is judged.
    """
    checks = {name: f for name, f in VERIFIERS.entries().items() if not only or name in only}
    origins = provenance(trajectory) if GROUNDED in checks else []
    # Most of a verdict's work is finding sources: the rule on them takes those of the verdict.
    found = (
        violation
        for name, check in checks.items()
        for violation in (without_source(origins) if name == GROUNDED else check(trajectory))
    )
    weighed = tuple(_weighed(violation, trajectory) for violation in found)
    return Verdict(violations=weighed, provenance=tuple(origins))


def _weighed(violation: Violation, trajectory: Trajectory) -> Violation:
    if trajectory.blueprint is None and violation.rule in NEEDS_BLUEPRINT:
        return violation.model_copy(update={"severity": "warning"})
    return violation
