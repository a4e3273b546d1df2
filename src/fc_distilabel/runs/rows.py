"""The full row: the training conversation and every reason to trust it."""

from fc_distilabel.types import Json, Trajectory, Verdict


def full_row(trajectory: Trajectory, verdict: Verdict) -> dict[str, Json]:
    """One line of `rows.jsonl`, JSON-ready, with keys in reading order."""
    blueprint = trajectory.blueprint
    scenario = blueprint.scenario
    return {
        "id": blueprint.id,
        "kind": blueprint.kind,
        "language": scenario.language,
        "domain": scenario.domain,
        "document": scenario.document,
        "user_goal": scenario.user_goal,
        "evidence": [evidence.model_dump() for evidence in scenario.evidence],
        "persona": blueprint.persona.model_dump(),
        "tools": [tool.openai() for tool in blueprint.tools],
        "result_schemas": {tool.name: tool.returns for tool in blueprint.tools},
        "messages": [message.openai() for message in trajectory.messages],
        "gold_calls": [
            {"name": call.name, "arguments": call.arguments} for call in blueprint.gold_calls
        ],
        "grounding": [provenance.model_dump() for provenance in verdict.provenance],
        "violations": [violation.model_dump() for violation in verdict.violations],
    }
