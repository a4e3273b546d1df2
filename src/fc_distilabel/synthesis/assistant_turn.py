"""The assistant's words: the outcome of its calls, or that it cannot help; nothing made up.

The model words them; where it leaves out or adds a value after all tries, code words them in note
form from the same values, and the row says so (`Trajectory.wording`).
"""

import re
from collections.abc import Callable

from fc_distilabel.errors import Dropped
from fc_distilabel.prompts import render
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.asking import Asker, first_complaint
from fc_distilabel.synthesis.sampling import say, short_label
from fc_distilabel.synthesis.wording import (
    copies_prompt,
    in_language,
    keeps_words,
    mentions,
    named_tools,
    text_field,
)
from fc_distilabel.types import Author, Blueprint, Json, ToolCall, canonical_json
from fc_distilabel.verifiers.grounding import unsupported_values
from fc_distilabel.verifiers.leaves import Leaf, leaves

MAX_ANSWER = 400
LABEL_SHARE = 0.3
"""How much of the words of a value's label an answer must keep."""
TRIES = 2
REFUSALS = re.compile(
    r"\b(can(no|')t|cannot|unable|not able|don't have|do not have|not available)\b"
    r"|无法|不能|没有(办法|相应|合适|相关)|没办法|办不了|暂不支持|不支持",
    re.IGNORECASE,
)

ADVICE = re.compile(
    r"\b(please|you (can|could|should|may)|contact|try|instead|let me)\b"
    r"|请(您|你)?(提供|联系|前往|尝试)|建议|可以(尝试|联系)",
    re.IGNORECASE,
)
"""Words of an assistant that goes on after its refusal, where nothing is known to say."""

Words = list[tuple[str, str]]
"""`(label, value)` pairs of one result."""


async def tell_results(asker: Asker, blueprint: Blueprint, message: str) -> tuple[str, Author]:
    """An answer that tells every returned value and nothing that was not returned or said."""
    acted = list(zip(blueprint.gold_calls, blueprint.results, strict=True))
    sources = [message, *(canonical_json(result) for result in blueprint.results)]
    words = [_in_words(blueprint, call, result, sources) for call, result in acted]
    subjects = _subjects(blueprint)
    told = [value for outcome in words for _, value in outcome] + subjects

    labels = [label for outcome in words for label, _ in outcome]

    def complaint(text: str) -> str:
        missing = [value for value in told if not mentions(text, value, asker.language)]
        # A value under another name is another fact: a date it takes effect is no return date.
        unnamed = [n for n in labels if not keeps_words(text, n, asker.language, LABEL_SHARE)]
        return first_complaint(
            [
                f"these values are missing: {'; '.join(missing)}" if missing else "",
                f"say what each value is: {'; '.join(unnamed)}" if unnamed else "",
            ]
        )

    outcomes = [
        ("" if not subjects else f"({subjects[i]}) ") + "; ".join(f"{k}: {v}" for k, v in outcome)
        for i, outcome in enumerate(words)
    ]
    try:
        return await _write(
            asker, "answer", blueprint, sources, complaint, message=message, outcomes=outcomes
        ), "model"
    except Dropped:
        notes = list(zip(subjects or [""] * len(words), words, strict=True))
        return render("answer_notes", asker.language, notes=notes), "code"


async def decline(asker: Asker, blueprint: Blueprint, message: str) -> tuple[str, Author]:
    """An answer that says that none of the tools fits; it calls, promises and states nothing."""

    def complaint(text: str) -> str:
        if ADVICE.search(text):
            return "only say that it cannot be done: ask, advise and promise nothing"
        return "" if REFUSALS.search(text) else "say that it cannot be done"

    try:
        return await _write(
            asker, "refusal", blueprint, [message], complaint, message=message
        ), "model"
    except Dropped:
        goal = blueprint.scenario.user_goal
        return render("refusal_notes", asker.language, goal=goal[0].lower() + goal[1:]), "code"


async def _write(
    asker: Asker,
    prompt: str,
    blueprint: Blueprint,
    sources: list[str],
    complaint: Callable[[str], str],
    **variables: Json,
) -> str:
    reply = await asker.json(
        prompt,
        closed_object({"reply": text_field(MAX_ANSWER, 8)}),
        lambda reply: complaint(reply["reply"]) or _wrong(reply["reply"], blueprint, sources),
        max_tokens=240,
        temperature=0.4,
        tries=TRIES,
        **variables,
    )
    text: str = reply["reply"]
    return text.strip()


def _wrong(text: str, blueprint: Blueprint, sources: list[str]) -> str:
    """What is wrong with an assistant's words, given all that it may rely on."""
    invented = unsupported_values(text, sources)
    named = named_tools(text, (tool.name for tool in blueprint.tools))
    values = [fact.said for fact in blueprint.facts]
    one_language = in_language(text, blueprint.scenario.language, values)
    return first_complaint(
        [
            f"not in what was returned: {'; '.join(invented)}" if invented else "",
            f"do not name functions: {named[0]}" if named else "",
            "speak of this request only" if copies_prompt(text, " ".join(sources)) else "",
            "" if one_language else "write in one language only",
            "too long" if len(text) >= MAX_ANSWER else "",
        ]
    )


def _subjects(blueprint: Blueprint) -> list[str]:
    """What tells the calls of one turn apart, as the user said it; empty for a single call."""
    later = {fact.path.partition("/")[2] for fact in blueprint.facts if fact.path[0] != "0"}
    return [fact.said for fact in blueprint.facts if fact.path.partition("/")[2] in later]


def _in_words(blueprint: Blueprint, call: ToolCall, result: Json, sources: list[str]) -> Words:
    """A result in words, with dates as the language writes them."""
    language = blueprint.scenario.language
    tool = next(tool for tool in blueprint.tools if tool.name == call.name)
    return [
        (_label(leaf, sources), say(leaf.value, leaf.schema, language))
        for leaf in leaves(Leaf("", result, tool.returns, False, ""), tool.returns)
    ]


def _label(leaf: Leaf, sources: list[str]) -> str:
    """What a value is; by its name alone where its description states something by itself.

    `Score, from 1 to 100` and `Icon of the Acme API` would be facts that nothing before them says.
    """
    label = short_label(leaf.schema, leaf.name)
    return leaf.name.replace("_", " ") if unsupported_values(label, sources) else label
