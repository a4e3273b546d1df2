"""Similar tools: about the same subject, with names that overlap, yet doing another job.

The job differs by construction (track, withdraw, list, remind), so exactly one tool is right for a
request to do the thing itself, whatever the model that words it.
"""

from typing import Any

from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.data import lookalike_templates
from fc_distilabel.types import Language, Tool

MAX_NAME = 64


def make_lookalikes(needed: Tool, subject: str, language: Language) -> tuple[Tool, ...]:
    """The look-alikes of `needed`, without those whose job it does itself."""
    verb, _, thing = needed.name.partition("_")
    return tuple(
        _fill(template, thing, subject)
        for template in lookalike_templates(language)
        if verb not in template["not_for"]
    )


def _fill(template: dict[str, Any], thing: str, subject: str) -> Tool:
    return Tool(
        name=template["name"].format(object=thing)[:MAX_NAME],
        description=template["description"].format(subject=subject),
        parameters=closed_object(template["parameters"]),
        returns=closed_object(template["returns"]),
    )
