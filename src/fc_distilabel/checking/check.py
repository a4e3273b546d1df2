"""One row of anybody's data set: read, judged, and the report that says what was found.

Whatever a line holds, it gets a report. A violation that is an error makes the row invalid; text
that had to be mended makes it repaired; a warning changes nothing.
"""

from typing import Literal, TypeAlias

from fc_distilabel.importers.rows import RowReading, Subject, is_row, read_row, subject_of
from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.schemas.dialects import Change
from fc_distilabel.schemas.lint import lint_tools
from fc_distilabel.types import STRICT, Json, Noun, Policy, Provenance, ToolCall, Violation
from fc_distilabel.verifiers import verify

Result: TypeAlias = Literal["valid", "repaired", "invalid"]
ON_CALLS = ("arguments_valid", "arguments_grounded")
"""The verifiers that a call by itself can be judged by."""


class Report(Noun):
    """What was found in one row."""

    id: Json
    subject: Subject
    violations: tuple[Violation, ...] = ()
    repairs: tuple[str, ...] = ()
    """What was mended to read the calls, by name."""
    changes: tuple[Change, ...] = ()
    """What was rewritten to read the tools as JSON Schema 2020-12."""
    calls: tuple[ToolCall, ...] = ()
    grounding: tuple[Provenance, ...] = ()
    readable: bool = True
    """Whether the line was a row at all."""

    @property
    def verdict(self) -> Result:
        """What became of the row."""
        if any(violation.severity == "error" for violation in self.violations):
            return "invalid"
        return "repaired" if self.repairs else "valid"

    def line(self) -> dict[str, Json]:
        """The report as a row of its own."""
        shown = {"rule", "path", "message", "severity"}
        return {
            "id": self.id,
            "verdict": self.verdict,
            "violations": [v.model_dump(include=shown) for v in self.violations],
            "calls": [call.model_dump(include={"name", "arguments"}) for call in self.calls],
            "grounding": [p.model_dump() for p in self.grounding],
            "repairs": list(self.repairs),
            "changes": [change.model_dump() for change in self.changes],
        }


def check_row(
    row: Json, number: int, subject: Subject | None = None, policy: Policy = STRICT
) -> Report:
    """Judge one row, whose place in its file names it where it has no id of its own."""
    if not is_row(row, subject):
        found = Violation(rule="not-a-row", path="", message=_wanted(subject))
        return Report(id=number, subject=subject or "calls", violations=(found,), readable=False)
    about = subject or subject_of(row)
    reading = read_row(row, about, policy)
    judged = _judged(reading)
    return judged.model_copy(update={"id": _identity(row, number)})


def _judged(reading: RowReading) -> Report:
    repaired = tuple(
        Violation(rule="repaired", path="", message=f"repaired: {name}", severity="warning")
        for name in reading.repairs
    )
    base = Report(
        id=None,
        subject=reading.subject,
        violations=(*reading.tools.violations, *reading.violations, *repaired),
        repairs=reading.repairs,
        changes=reading.tools.changes,
    )
    if reading.subject == "tools":
        return _with(base, tuple(lint_tools(reading.tools.tools, reading.tools.places)))
    if reading.violations:
        return base
    trajectory = reading.trajectory
    only = () if reading.subject == "trajectories" else ON_CALLS[: 1 + reading.grounded]
    verdict = verify(trajectory, only)
    calls = tuple(call for message in trajectory.messages for call in message.tool_calls)
    return _with(base, verdict.violations).model_copy(
        update={
            "calls": tuple(call for call in calls if refuse(call.arguments) is None),
            "grounding": verdict.provenance if reading.grounded else (),
        }
    )


def _with(report: Report, found: tuple[Violation, ...]) -> Report:
    return report.model_copy(update={"violations": (*report.violations, *found)})


def _identity(row: dict[str, Json], number: int) -> Json:
    told = row.get("id")
    return number if told is None or refuse(told) else told


def _wanted(subject: Subject | None) -> str:
    needs = {
        "calls": "`tools` and `call` or `call_text`",
        "trajectories": "`tools` and `messages` (or `conversations`)",
        "tools": "`tools`",
    }
    wanted = needs[subject] if subject else "; or ".join(needs.values())
    return f"the line is no row to check; a row is an object with {wanted}"
