"""What a whole file came to: rows by verdict, and each rule with how often it was broken."""

from collections import Counter
from typing import NamedTuple

from fc_distilabel.checking.check import Report, Result


class Broken(NamedTuple):
    """One rule, and how often it was broken."""

    rule: str
    severity: str
    rows: int
    violations: int
    first: str
    """The first row that broke it, and how."""


class Summary:
    """Counts reports; its size depends on the number of rules, not of rows."""

    def __init__(self) -> None:
        """Start from nothing."""
        self.verdicts: Counter[Result] = Counter()
        self._found: Counter[tuple[str, str]] = Counter()
        self._rows: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], str] = {}

    def add(self, report: Report) -> None:
        """Count one report."""
        self.verdicts[report.verdict] += 1
        broken = [(v.rule, v.severity) for v in report.violations]
        self._found.update(broken)
        self._rows.update(set(broken))
        for violation in report.violations:
            first = f"{report.id}: {violation.message}"
            self._first.setdefault((violation.rule, violation.severity), first)

    @property
    def clean(self) -> bool:
        """Whether every row was valid as it stood."""
        return not (self.verdicts["invalid"] or self.verdicts["repaired"])

    def headline(self) -> str:
        """The counts in one line."""
        total = sum(self.verdicts.values())
        shares = ", ".join(
            f"{self.verdicts[name]:,} {name} ({self.verdicts[name] / max(1, total):.1%})"
            for name in ("valid", "repaired", "invalid")
        )
        return f"{total:,} rows: {shares}"

    def broken(self) -> list[Broken]:
        """The rules, the one that most rows break first."""
        return [
            Broken(*key, rows, self._found[key], self._first[key])
            for key, rows in self._rows.most_common()
        ]
