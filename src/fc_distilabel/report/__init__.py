"""What a run made, measured: one page for people and one JSON for programs."""

from fc_distilabel.report.figures import Report
from fc_distilabel.report.make import write_report

__all__ = ["Report", "write_report"]
