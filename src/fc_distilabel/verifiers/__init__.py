"""The judgement of code on a trajectory: every rule is a function that yields violations.

A verifier of another package joins by the entry point group `fc_distilabel.verifiers`.
"""

from collections.abc import Collection

from fc_distilabel.registry import VERIFIERS, verifier
from fc_distilabel.types import Trajectory, Verdict, Violation
from fc_distilabel.verifiers import trajectories  # noqa: F401 - registers its rules
from fc_distilabel.verifiers.arguments import provenance
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
    names = [name for name in VERIFIERS.entries() if not only or name in only]
    found = (_weighed(v, trajectory) for name in names for v in VERIFIERS.get(name)(trajectory))
    origins = provenance(trajectory) if GROUNDED in names else ()
    return Verdict(violations=tuple(found), provenance=tuple(origins))


def _weighed(violation: Violation, trajectory: Trajectory) -> Violation:
    if trajectory.blueprint is None and violation.rule in NEEDS_BLUEPRINT:
        return violation.model_copy(update={"severity": "warning"})
    return violation
