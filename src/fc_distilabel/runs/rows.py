"""The full row: the training conversation and every reason to trust it.

Nouns cross the steps as canonical JSON, which sorts keys. A model that is trained on a row should
see them as people and APIs write them, so the conventional order is given back here.
"""

import json
from collections.abc import Mapping, Sequence

from fc_distilabel.runs.outcomes import Outcome
from fc_distilabel.types import Json, Judgement, Message, Tool, Trajectory, Verdict

_SCHEMA_ORDER = (
    *("$schema", "$id", "title", "type", "description", "const", "enum", "format", "pattern"),
    *("properties", "required", "additionalProperties", "items", "$defs"),
)


def full_row(
    trajectory: Trajectory, verdict: Verdict, judgement: Judgement | None = None
) -> dict[str, Json]:
    """One line of `rows.jsonl`, JSON-ready, with keys in reading order."""
    blueprint = trajectory.blueprint
    assert blueprint is not None, "rows of a run are made from blueprints"
    scenario = blueprint.scenario
    tools = [in_convention(tool) for tool in blueprint.tools]
    return {
        "id": blueprint.id,
        "kind": blueprint.kind,
        "language": scenario.language,
        "domain": scenario.domain,
        "document": scenario.document,
        "user_goal": scenario.user_goal,
        "evidence": [evidence.model_dump() for evidence in scenario.evidence],
        "persona": blueprint.persona.model_dump(),
        "tools": [tool.openai() for tool in tools],
        "result_schemas": {tool.name: tool.returns for tool in tools},
        "messages": [_message(message, tools) for message in trajectory.messages],
        "gold_calls": [
            {"name": call.name, "arguments": _as_declared(call.name, call.arguments, tools)}
            for call in blueprint.gold_calls
        ],
        "facts": [fact.model_dump() for fact in blueprint.facts],
        "end_state": [record.model_dump() for record in blueprint.end_state],
        "decided_by": dict(blueprint.decided_by),
        "wording": dict(trajectory.wording),
        "candidates": [candidate.model_dump(mode="json") for candidate in trajectory.candidates],
        "grounding": [provenance.model_dump() for provenance in verdict.provenance],
        "violations": [violation.model_dump() for violation in verdict.violations],
        "judgement": judgement.model_dump(mode="json") if judgement else None,
    }


def row_line(row: Mapping[str, Json]) -> str:
    """The row as one line of JSON, keys in their order; NaN is refused (`ValueError`)."""
    return json.dumps(row, ensure_ascii=False, allow_nan=False)


def drop_row(outcome: Outcome) -> dict[str, Json]:
    """One line of `drops.jsonl`."""
    assert outcome.drop is not None, "only dropped rows have a reason"
    return {
        "id": outcome.id,
        "stage": outcome.drop.stage,
        "reason": outcome.drop.reason,
        "detail": outcome.drop.detail,
        "language": outcome.language,
        "kind": outcome.kind,
        "document": outcome.document,
    }


def in_convention(tool: Tool) -> Tool:
    """The tool with the keys of its schemas where people expect them."""
    return tool.model_copy(
        update={
            "parameters": _ordered_schema(tool.parameters),
            "returns": _ordered_schema(tool.returns),
        }
    )


def _ordered_schema(schema: Json) -> Json:
    if isinstance(schema, list):
        return [_ordered_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    rank = {key: index for index, key in enumerate(_SCHEMA_ORDER)}
    keys = sorted(schema, key=lambda key: rank.get(key, len(rank)))
    return {key: _ordered_part(key, schema[key], schema.get("required", ())) for key in keys}


def _ordered_part(key: str, value: Json, required: Sequence[str]) -> Json:
    if key in ("properties", "$defs") and isinstance(value, dict):
        # `required` is a list, so it still has the order in which the parameters were made.
        first = [name for name in required if name in value]
        names = dict.fromkeys((*first, *value))
        return {name: _ordered_schema(value[name]) for name in names}
    if key in ("enum", "const", "default", "examples", "required"):
        return value
    return _ordered_schema(value)


def _message(message: Message, tools: Sequence[Tool]) -> dict[str, Json]:
    calls = tuple(
        call.model_copy(update={"arguments": _as_declared(call.name, call.arguments, tools)})
        for call in message.tool_calls
    )
    return message.model_copy(update={"tool_calls": calls}).openai()


def _as_declared(
    name: str, arguments: Mapping[str, Json], tools: Sequence[Tool]
) -> dict[str, Json]:
    """The arguments in the order in which their tool declares them."""
    declared = [key for t in tools if t.name == name for key in t.parameters.get("properties", ())]
    order = dict.fromkeys((*(key for key in declared if key in arguments), *arguments))
    return {key: arguments[key] for key in order}
