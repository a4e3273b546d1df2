"""The assistant's words at the end of its turn: accepted by code, nothing made up.

What has to be said is a `Task` (`assistant_tasks`). The model words it. Where all that is wrong is
that it leaves out values of a result of which it tells others, code adds them; where nothing of the
model's can be taken after all tries, code words the same in note form. The row says so
(`Trajectory.wording`), and what was refused is kept as a candidate, with the reason.
"""

import re
from collections.abc import Callable, Sequence

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.asking import Asker, first_complaint
from fc_distilabel.synthesis.assistant_tasks import MAX_ANSWER, Task, task_of
from fc_distilabel.synthesis.talk import AUTHORS, Talk
from fc_distilabel.synthesis.wording import copies_prompt, in_language, named_tools, text_field
from fc_distilabel.types import Author, Candidate, Message, Violation
from fc_distilabel.verifiers.grounding import unsupported_values

TRIES = 2
_DAYS = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:周|星期|礼拜)[一二三四五六日天]"
)
"""Days of the week: values too, though they have no figures in them."""
RULE = "answer"
"""Rule of the violation that a refused answer carries."""


async def answer(asker: Asker, talk: Talk, number: int, draws: int = 1) -> tuple[Message, Author]:
    """What the assistant says at the end of an exchange, and who worded it.

    With `draws` above 1 more answers are written and kept as candidates, right and wrong.
    """
    task = task_of(talk, number)

    def complaint(text: str) -> str:
        return task.complaint(text) or _wrong(text, talk, task.sources)

    settled: dict[str, str] = {}

    def check(text: str) -> str:
        why = complaint(text)
        whole = text
        if why:
            talk.also_written([_refused(talk, text, why)])
            whole = task.completed(text)
        if not why or (whole and not complaint(whole)):
            settled[text] = whole
            return ""
        return why

    found: dict[str, Author] = dict.fromkeys(_spoken_already(talk, complaint), "model")
    for draw in range(0 if found and draws == 1 else draws):
        if text := await _write(asker, talk, task, check, draw):
            found.setdefault(settled[text], "model" if settled[text] == text else "both")
    if not found:
        return Message(role="assistant", content=task.notes()), "code"
    said = min(found, key=lambda text: AUTHORS.index(found[text]))
    others = [text for text, author in found.items() if author == "model" and text != said]
    talk.also_written(Candidate(at=talk.at, text=text, right=True) for text in others)
    return Message(role="assistant", content=said), found[said]


def _spoken_already(talk: Talk, complaint: Callable[[str], str]) -> list[str]:
    """Words that stood in the place of calls when the assistant chose to make none.

    Those that are in order leave the candidates; the others stay with what is wrong with them.
    """
    here = [c for c in talk.candidates if c.at == talk.at and c.right and not c.calls]
    told = {candidate.text: complaint(candidate.text) for candidate in here}
    talk.candidates = [c for c in talk.candidates if c not in here]
    talk.also_written(
        _refused(talk, text, why) for text, why in told.items() if why and text != "[]"
    )
    return [text for text, why in told.items() if not why]


async def _write(
    asker: Asker, talk: Talk, task: Task, check: Callable[[str], str], draw: int
) -> str:
    """A model's text that passes the check, or `` after all tries."""
    try:
        reply = await asker.json(
            task.prompt,
            closed_object({"reply": text_field(MAX_ANSWER, 8)}),
            lambda reply: check(reply["reply"].strip()),
            max_tokens=240,
            temperature=0.4,
            draw=f"{talk.at}/{draw}",
            tries=TRIES,
            **task.variables,
        )
    except Dropped:
        return ""
    return str(reply["reply"]).strip()


def _refused(talk: Talk, text: str, why: str) -> Candidate:
    flaw = Violation(rule=RULE, path=f"messages/{talk.at}", message=why)
    return Candidate(at=talk.at, text=text, violations=(flaw,))


def _wrong(text: str, talk: Talk, sources: Sequence[str]) -> str:
    """What is wrong with an assistant's words, given all that it may rely on."""
    blueprint = talk.blueprint
    days = [day for day in _DAYS.findall(text) if not any(day in source for source in sources)]
    invented = [*unsupported_values(text, sources), *days]
    named = named_tools(text, (tool.name for tool in blueprint.tools))
    values = [fact.said for fact in blueprint.facts]
    return first_complaint(
        [
            f"not in what was returned: {'; '.join(invented)}" if invented else "",
            f"do not name functions: {named[0]}" if named else "",
            "speak of this request only" if copies_prompt(text, " ".join(sources)) else "",
            "" if in_language(text, talk.language, values) else "write in one language only",
            "too long" if len(text) >= MAX_ANSWER else "",
        ]
    )
