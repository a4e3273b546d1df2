"""Passage -> scenario: which problem of a real user does this part of the document speak of?

What sort of thing the person wants is given from outside (seeded) and the decoder is held to a
request that begins so: a small model left alone asks for "information", or retells the text. The
evidence is chosen and copied by code: the sentence that shares most with the request.
"""

import random
from collections.abc import Sequence

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.asking import Asker, first_complaint
from fc_distilabel.synthesis.data import Action, ScenarioExample, actions, scenario_examples
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.wording import (
    HAN,
    copied_words,
    copies_prompt,
    in_language,
    shared_words,
)
from fc_distilabel.types import Evidence, Json, Language, Passage, Scenario, content_id

EXAMPLES = 2
"""Examples shown at a time; others the next time, because a small model copies them."""
OUT_OF_RANK = 0.25
"""Share of passages for which the second rank of actions may come first."""
TITLED = 2
"""How many of them are shown the document's title."""
MAX_REQUEST: dict[Language, int] = {"en": 70, "zh": 20}


async def mine_scenario(asker: Asker, passage: Passage) -> Scenario:
    """The scenario of one passage.

    Raises `Dropped` when the model finds no usable request in it.
    """
    choices = actions(passage.language)
    drop = Dropped("no action was tried")
    for turn, action in enumerate(_order(choices, rng(*asker.seed_parts, "action"))):
        # A model that only points at the title is not shown it the next time.
        title = passage.title if turn < TITLED else _section(passage)
        try:
            return await _mine(asker, passage, action, title)
        except Dropped as dropped:
            drop = dropped
    raise drop


def _order(choices: Sequence[Action], random_: random.Random) -> list[Action]:
    """All actions, those first for which functions come out best; sometimes less strictly."""
    mixed = random_.sample(choices, len(choices))
    level = 1 if random_.random() < OUT_OF_RANK else 0
    return sorted(mixed, key=lambda action: max(action.rank, level))


async def _mine(asker: Asker, passage: Passage, action: Action, title: str) -> Scenario:
    examples = rng(*asker.seed_parts, "examples", action.name).sample(
        scenario_examples(passage.language), EXAMPLES
    )
    reply = await asker.json(
        "scenario",
        _reply_schema(passage.language, action),
        lambda reply: _complaint(reply, passage, action, examples),
        max_tokens=60,
        tries=1,
        draw=action.name,
        title=title,
        sentences=passage.sentences,
        wish=action.wish,
        examples=examples,
    )
    request = reply["request"].strip()
    return Scenario(
        id=content_id(passage.id, request),
        passage_id=passage.id,
        document=passage.document,
        domain=subject_of(passage),
        language=passage.language,
        action=action.name,
        user_goal=request,
        evidence=(_evidence(request, passage),),
    )


def _reply_schema(language: Language, action: Action) -> dict[str, Json]:
    begins = "|".join(action.request)
    if language == "zh":
        pattern = f"^({begins})[{HAN}]{{2,{MAX_REQUEST['zh']}}}$"
    else:
        pattern = f"^({begins}) [a-z][a-z '-]{{5,{MAX_REQUEST['en']}}}$"
    return closed_object({"request": {"type": "string", "pattern": pattern}})


def _complaint(
    reply: dict[str, Json], passage: Passage, action: Action, examples: list[ScenarioExample]
) -> str:
    request = reply["request"]
    language = passage.language
    text = " ".join((passage.title, *passage.sentences))
    shown = " ".join(f"{e.title} {e.text} {e.request}" for e in examples)
    allowed = " ".join((text, action.wish, *action.request))
    copied = copied_words(request, shown, allowed, language)
    return first_complaint(
        [
            "" if in_language(request, language) else f"wrong language: {request}",
            f"not about this text: {request}" if copied or copies_prompt(request, text) else "",
            f"a thing to be done, not the title: {request}" if _is_title(request, passage) else "",
            "" if shared_words(request, text, language) else f"not about this text: {request}",
            # What fills its bound was cut off by the decoder.
            f"too long: {request}" if len(request) >= MAX_REQUEST[language] else "",
        ]
    )


def subject_of(passage: Passage) -> str:
    """The document's own title, without the section."""
    return passage.title.partition(" – ")[0]


def _section(passage: Passage) -> str:
    return passage.title.partition(" – ")[2]


def _is_title(request: str, passage: Passage) -> bool:
    """Whether the request only points at the document, as a model without an idea does."""
    return subject_of(passage).casefold() in request.casefold()


def _evidence(request: str, passage: Passage) -> Evidence:
    """The first of the sentences that share most words with the request, copied."""
    shared = [shared_words(request, s, passage.language) for s in passage.sentences]
    index = shared.index(max(shared))
    return Evidence(index=passage.start + index, text=passage.sentences[index])
