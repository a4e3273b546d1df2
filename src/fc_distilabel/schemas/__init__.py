"""JSON Schema work: validate, lint, and tighten schemas for constrained generation."""

from fc_distilabel.schemas.engine import check_schema, violations
from fc_distilabel.schemas.grammar import bounded, call_schema
from fc_distilabel.schemas.lint import lint_tool, lint_tools

__all__ = ["bounded", "call_schema", "check_schema", "lint_tool", "lint_tools", "violations"]
