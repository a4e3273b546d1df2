"""Passage -> scenario: which problem of a real user does this part of the document speak of?

The model points at a sentence by number and words the request; code copies the sentence. A kind of
action is given from outside (seeded), because a small model left alone asks for "information"
every time.
"""

from fc_distilabel.synthesis.asking import Asker, first_complaint
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.wording import closed_object, copies_prompt, in_language, text_field
from fc_distilabel.types import Evidence, Json, Language, Passage, Scenario, content_id

MAX_REQUEST: dict[Language, int] = {"en": 90, "zh": 32}
ACTIONS = ("look_up", "apply", "change", "work_out", "check")
"""What the person wants of the assistant; the prompts word them per language."""


async def mine_scenario(asker: Asker, passage: Passage) -> Scenario:
    """The scenario of one passage.

    Raises `Dropped` when the model finds no usable request in it.
    """
    action = rng(*asker.seed_parts, "action").choice(ACTIONS)
    reply = await asker.json(
        "scenario",
        _reply_schema(passage),
        lambda reply: _complaint(reply, passage),
        max_tokens=160,
        title=passage.title,
        sentences=passage.sentences,
        action=action,
    )
    index = reply["sentence"]
    evidence = (Evidence(index=passage.start + index, text=passage.sentences[index]),)
    return Scenario(
        id=content_id(passage.id, reply["request"]),
        passage_id=passage.id,
        document=passage.document,
        domain=reply["domain"],
        language=passage.language,
        user_goal=reply["request"].strip(),
        evidence=evidence,
    )


def _reply_schema(passage: Passage) -> dict[str, Json]:
    return closed_object(
        {
            "sentence": {"type": "integer", "enum": list(range(len(passage.sentences)))},
            "request": text_field(MAX_REQUEST[passage.language], 4),
            "domain": text_field(30, 2),
        }
    )


def _complaint(reply: dict[str, Json], passage: Passage) -> str:
    request, domain = reply["request"], reply["domain"]
    return first_complaint(
        [
            "" if in_language(request, passage.language) else f"wrong language: {request}",
            "" if in_language(domain, passage.language) else f"wrong language: {domain}",
            f"not a request of the person: {request}" if copies_prompt(request) else "",
            f"leave out numbers: {request}" if any(c.isdigit() for c in request) else "",
            f"one short instruction, not this: {request}" if _too_long(request, passage) else "",
        ]
    )


def _too_long(request: str, passage: Passage) -> bool:
    """A request that fills its bound was cut off by the decoder."""
    return len(request) >= MAX_REQUEST[passage.language]
