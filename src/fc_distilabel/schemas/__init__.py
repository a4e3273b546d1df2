"""JSON Schema work: read tools in any dialect, validate, lint, close, and tighten schemas."""

from fc_distilabel.schemas.closing import closed
from fc_distilabel.schemas.dialects import read_tools
from fc_distilabel.schemas.engine import Validator, check_schema, violations
from fc_distilabel.schemas.grammar import bounded, call_schema
from fc_distilabel.schemas.lint import lint_tool, lint_tools
from fc_distilabel.schemas.reading import Change, ToolReading

__all__ = [
    "Change",
    "ToolReading",
    "Validator",
    "bounded",
    "call_schema",
    "check_schema",
    "closed",
    "lint_tool",
    "lint_tools",
    "read_tools",
    "violations",
]
