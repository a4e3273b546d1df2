"""Similar tools: close to the needed one, and wrong for every request that it is right for.

Some are about the same subject and do another job (track, withdraw, list, remind). Others are edits
of the definition itself (`apis.similar`), with the fact that decides. Either way exactly one tool
is right for a request to do the thing itself, whatever the model that words it.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from fc_distilabel.apis.similar import SimilarTool, Sort, similar_tools
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.data import lookalike_templates
from fc_distilabel.types import Language, Tool, ToolCall

MAX_NAME = 64
SORTS: tuple[Sort, ...] = ("fewer", "unit", "twin", "name", "vendor")
"""Without `region`: whether a request names one of its places is known with the blueprint only."""


def make_lookalikes(needed: Tool, subject: str, language: Language) -> tuple[Tool, ...]:
    """The look-alikes of `needed`, without those whose job it does itself."""
    verb, _, thing = needed.name.partition("_")
    return tuple(
        _fill(template, thing, subject)
        for template in lookalike_templates(language)
        if verb not in template["not_for"]
    )


def edited_lookalikes(
    needed: Tool, count: int, beside: Sequence[Tool], language: Language, random_: Random
) -> list[SimilarTool]:
    """Edits of the definition, `count` at most, of which a fact of every request decides.

    Their names differ from those of the tools that stand `beside`.
    """
    taken = [tool.name for tool in beside]
    made = similar_tools(needed, count, random_, language=language, sorts=SORTS, taken=taken)
    least = dict.fromkeys(needed.parameters.get("required", ()), "")
    call = ToolCall(name=needed.name, arguments=least)
    return [each for each in made if each.is_ruled_out_by(call)]


def _fill(template: dict[str, Any], thing: str, subject: str) -> Tool:
    return Tool(
        name=template["name"].format(object=thing)[:MAX_NAME],
        description=template["description"].format(subject=subject),
        parameters=closed_object(template["parameters"]),
        returns=closed_object(template["returns"]),
    )
