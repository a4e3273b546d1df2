"""Blueprint -> trajectory: a persona asks, the assistant calls, the world answers, it is told.

The user's side is in `user_turn`, the assistant's words are in `assistant_turn`; the calls and
their results were fixed with the blueprint.
"""

from fc_distilabel.prompts import render
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.assistant_turn import decline, tell_results
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.user_turn import user_message
from fc_distilabel.types import Blueprint, Message, Trajectory, canonical_json

SYSTEM_VARIANTS = 9


async def hold_dialogue(asker: Asker, blueprint: Blueprint) -> Trajectory:
    """The conversation that `blueprint` decides.

    Raises `Dropped` when no user message gives the gold calls back.
    """
    message, asked_by = await user_message(asker, blueprint)
    variant = rng(*asker.seed_parts, "system").randrange(SYSTEM_VARIANTS)
    opening = (
        Message(role="system", content=render("system", asker.language, variant=variant)),
        Message(role="user", content=message),
    )
    if blueprint.missing:
        answer, told_by = await decline(asker, blueprint, message)
    else:
        answer, told_by = await tell_results(asker, blueprint, message)
    closing = Message(role="assistant", content=answer)
    return Trajectory(
        tools=blueprint.tools,
        blueprint=blueprint,
        messages=(*opening, *_acting(blueprint), closing),
        wording={"user": asked_by, "answer": told_by},
    )


def _acting(blueprint: Blueprint) -> tuple[Message, ...]:
    """The assistant's calls and what the tools gave back; nothing where no call is right."""
    if not blueprint.gold_calls:
        return ()
    results = (
        Message(role="tool", content=canonical_json(result), tool_call_id=call.id, name=call.name)
        for call, result in zip(blueprint.gold_calls, blueprint.results, strict=True)
    )
    return (Message(role="assistant", tool_calls=blueprint.gold_calls), *results)
