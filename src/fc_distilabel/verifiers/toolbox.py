"""The tools of a conversation, ready to judge calls: each schema is read and compiled once.

Arguments are judged by the strict reading of a schema: an object that lists its properties has no
others. That is what a model is taught, whatever the author left unsaid.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.bounds import show
from fc_distilabel.schemas.closing import closed
from fc_distilabel.schemas.engine import Validator
from fc_distilabel.types import Formats, Json, Tool, ToolCall, Trajectory, Violation

_Judge: TypeAlias = Callable[[Json, str], list[Violation]]


class Toolbox:
    """Offered tools by name."""

    def __init__(self, tools: Sequence[Tool], formats: Formats = "strict") -> None:
        """Take the tools as they are; a schema is compiled when it is first needed."""
        self._tools = {tool.name: tool for tool in tools}
        self._formats: Formats = formats
        self._arguments: dict[str, _Judge] = {}
        self._results: dict[str, _Judge] = {}

    def tool(self, name: str) -> Tool | None:
        """The offered tool of that name."""
        return self._tools.get(name)

    def violations(self, call: ToolCall, path: str) -> list[Violation]:
        """What is wrong with a call by itself: not offered, or arguments that break the schema."""
        name = call.name
        judge = self._arguments.get(name)
        if judge is None:
            if name not in self._tools:
                return [self._not_offered(name, path)]
            judge = self._arguments[name] = self._judge(name, "parameters")
        return judge(call.arguments, path)

    def result_violations(self, name: str, result: Json, path: str) -> list[Violation]:
        """What is wrong with a result of an offered tool."""
        judge = self._results.get(name)
        if judge is None:
            judge = self._results[name] = self._judge(name, "returns")
        return judge(result, path)

    def _not_offered(self, name: str, path: str) -> Violation:
        offered = ", ".join(self._tools) or "none"
        message = f"{show(name)} was not offered; offered: {offered}"
        return Violation(rule="tool-not-offered", path=path, message=message, value=name)

    def _judge(self, name: str, part: Literal["parameters", "returns"]) -> _Judge:
        """A schema that cannot be used judges nothing, and says so of each value."""
        try:
            return Validator(closed(getattr(self._tools[name], part)), self._formats).violations
        except SchemaError as error:
            what = f"the {part} of {show(name)} cannot be used: {error}"
            return lambda value, path: [Violation(rule="unusable-schema", path=path, message=what)]


def toolbox(trajectory: Trajectory) -> Toolbox:
    """The conversation's toolbox; rows of one data set mostly offer the same tools."""
    return _read(tuple(tool.to_json() for tool in trajectory.tools), trajectory.policy.formats)


@lru_cache(maxsize=64)
def _read(tools: tuple[str, ...], formats: Formats) -> Toolbox:
    return Toolbox([Tool.model_validate_json(tool) for tool in tools], formats)
