"""The judgement of code on a trajectory: every rule is a function that yields violations.

A verifier of another package joins by the entry point group `fc_distilabel.verifiers`.
"""

from fc_distilabel.registry import VERIFIERS, verifier
from fc_distilabel.types import Trajectory, Verdict
from fc_distilabel.verifiers import trajectories  # noqa: F401 - registers its rules
from fc_distilabel.verifiers.arguments import provenance
from fc_distilabel.verifiers.grounding import ground_call, unsupported_values

__all__ = ["VERIFIERS", "ground_call", "unsupported_values", "verifier", "verify"]


def verify(trajectory: Trajectory) -> Verdict:
    """Judge by all registered verifiers, in a fixed order; say where each argument comes from."""
    found = [v for check in VERIFIERS.entries().values() for v in check(trajectory)]
    return Verdict(violations=tuple(found), provenance=tuple(provenance(trajectory)))
