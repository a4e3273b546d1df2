"""Passage -> scenario: which problem of a real user does this part of the document speak of?

The model names several requests at once and picks their verbs itself, as far as the text speaks of
such things: held to a verb given from outside it cancels the steps of a recipe. The decoder keeps
it to requests of a person; code throws out what is vague or not of the text, and takes the request
that the text bears out most. The evidence is chosen and copied by code.
"""

import re
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
    share_of_words,
    shared_words,
)
from fc_distilabel.types import Evidence, Json, Language, Passage, Scenario, content_id

EXAMPLES = 2
"""Examples shown at a time; others the next time, because a small model copies them."""
TRIES = 4
TITLED = 2
"""How many of them are shown the document's title."""
REQUESTS = 3
"""Requests named at a time."""
BORNE_OUT = 0.5
"""Share of a request's words that must stand in the text."""
EVIDENCE = 2
"""Sentences that a scenario rests on, at most."""
RANKED, LATER = 0.05, 0.08
"""What it counts against a request to be of a lower rank of action, and to be named later."""
MAX_REQUEST: dict[Language, int] = {"en": 70, "zh": 20}
_VAGUE: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(information|details?|data|status|progress|options?|things?|requests?|services?|users?"
        r"|the|an?|my|your|of|for|on|in|about|is|if|to|and|new)\b"
    ),
    "zh": re.compile("信息|详情|内容|资料|进度|状态|情况|事项|服务|用户|我的?|的|相关|具体|最新"),
}
"""Words that name no thing."""
_NO_THING: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(guides?|guidelines|manual|tutorial|article|chapter|document(ation)?|pages?|steps?"
        r"|instructions?|recipe|text)\b"
    ),
    "zh": re.compile("指南|手册|教程|文档|文章|章节|规定|条例|步骤|做法|操作流程|方法|附件|网址"),
}
"""Words of the document itself, or of how a thing is done: nothing that a service does."""


async def mine_scenario(asker: Asker, passage: Passage) -> Scenario:
    """The scenario of one passage.

    Raises `Dropped` when the model finds no usable request in it.
    """
    drop = Dropped("no request was asked for")
    for turn in range(TRIES):
        # A model that only points at the title is not shown it the next time.
        title = passage.title if turn < TITLED else _section(passage)
        try:
            return await _mine(asker, passage, turn, title)
        except Dropped as dropped:
            drop = dropped
    raise drop


async def _mine(asker: Asker, passage: Passage, turn: int, title: str) -> Scenario:
    possible = spoken_of(passage)
    examples = rng(*asker.seed_parts, "examples", turn).sample(
        scenario_examples(passage.language), EXAMPLES
    )
    reply = await asker.json(
        "scenario",
        _reply_schema(passage.language, possible),
        lambda reply: _complaint(reply, passage, examples),
        max_tokens=160,
        tries=1,
        draw=turn,
        title=title,
        sentences=passage.sentences,
        examples=examples,
        count=REQUESTS,
    )
    request = _best(reply, passage, examples)
    return Scenario(
        id=content_id(passage.id, request),
        passage_id=passage.id,
        document=passage.document,
        domain=subject_of(passage),
        language=passage.language,
        action=_action_of(request, possible).name,
        user_goal=request,
        evidence=_evidence(request, passage),
    )


def spoken_of(passage: Passage) -> list[Action]:
    """The actions that the passage has words for."""
    text = _text(passage)
    return [a for a in actions(passage.language) if re.search(a.cue, text, re.IGNORECASE)]


def _text(passage: Passage) -> str:
    return " ".join((passage.title, *passage.sentences))


def _reply_schema(language: Language, possible: Sequence[Action]) -> dict[str, Json]:
    begins = "|".join(begin for action in possible for begin in action.request)
    if language == "zh":
        pattern = f"^({begins})[{HAN}]{{2,{MAX_REQUEST['zh']}}}$"
    else:
        pattern = f"^({begins}) [a-z][a-z '-]{{5,{MAX_REQUEST['en']}}}$"
    items = {"type": "string", "pattern": pattern}
    listed = {"type": "array", "items": items, "minItems": REQUESTS, "maxItems": REQUESTS}
    return closed_object({"requests": listed})


def _action_of(request: str, possible: Sequence[Action]) -> Action:
    """The action whose words the request begins with."""
    return next(action for action in possible if request.startswith(action.request))


def _complaint(
    reply: dict[str, Json], passage: Passage, examples: Sequence[ScenarioExample]
) -> str:
    """What is wrong with all requests: with the first of them."""
    found = [_wrong(request, passage, examples) for request in reply["requests"]]
    return found[0] if all(found) else ""


def _best(reply: dict[str, Json], passage: Passage, examples: Sequence[ScenarioExample]) -> str:
    """The request that is borne out most; of equals that of the better action, then the first."""
    possible, text = spoken_of(passage), _text(passage)
    named: list[str] = reply["requests"]
    sound = [r.strip() for r in named if not _wrong(r, passage, examples)]

    def worth(request: str) -> float:
        share = share_of_words(_object(request, passage), text, passage.language)
        later = RANKED * _action_of(request, possible).rank + LATER * sound.index(request)
        return share - later

    return max(sound, key=worth)


def _object(request: str, passage: Passage) -> str:
    """The request without its verb."""
    begins = max(b for a in actions(passage.language) for b in a.request if request.startswith(b))
    return request.removeprefix(begins)


def _wrong(request: str, passage: Passage, examples: Sequence[ScenarioExample]) -> str:
    """What is wrong with a request, or `` when nothing is."""
    language, text, thing = passage.language, _text(passage), _object(request, passage)
    shown = " ".join(f"{e.title} {e.text} {' '.join(e.requests)}" for e in examples)
    begins = " ".join(begin for action in actions(language) for begin in action.request)
    copied = copied_words(request, shown, f"{text} {begins}", language)
    named = _VAGUE[language].sub(" ", thing)
    return first_complaint(
        [
            "" if in_language(request, language) else f"wrong language: {request}",
            f"not about this text: {request}" if copied or copies_prompt(request, text) else "",
            f"a thing to be done, not the title: {request}" if _is_title(request, passage) else "",
            f"nothing that a service does: {request}" if _NO_THING[language].search(thing) else "",
            "" if shared_words(named, text, language) else f"not about this text: {request}",
            ""
            if share_of_words(thing, text, language) >= BORNE_OUT
            else f"not about this text: {request}",
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
    """Whether the request only points at the document, as a model without an idea does.

    A title that is no name stands in the text as well, in its own words.
    """
    title, text = subject_of(passage), " ".join(passage.sentences)
    pointed = title.casefold() in request.casefold()
    return pointed and share_of_words(title, text, passage.language) < 1


def _evidence(request: str, passage: Passage) -> tuple[Evidence, ...]:
    """The sentences that share most words with the request, copied, the first of equals first."""
    shared = [shared_words(request, s, passage.language) for s in passage.sentences]
    ranked = sorted(range(len(shared)), key=lambda index: -shared[index])
    proving = [index for index in ranked[:EVIDENCE] if shared[index]] or ranked[:1]
    return tuple(
        Evidence(index=passage.start + index, text=passage.sentences[index]) for index in proving
    )
