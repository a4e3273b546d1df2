"""What the assistant has to say at the end of a turn: four tasks, each with its own checks.

tell     what the calls gave back, every value of it
ask      for a value that nobody said yet
refuse   a value that the tool does not take, and what it takes
decline  what no tool can do
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fc_distilabel.prompts import render
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.synthesis.asking import first_complaint
from fc_distilabel.synthesis.sampling import say, short_label
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.talk import Talk
from fc_distilabel.synthesis.user_notes import notes_of
from fc_distilabel.synthesis.wording import (
    NOTE_VARIANTS,
    keeps_words,
    mentions,
    sentences,
    shared_words,
)
from fc_distilabel.types import Ending, Exchange, Fact, Json, Language, Tool, canonical_json
from fc_distilabel.verifiers.grounding import unsupported_values
from fc_distilabel.verifiers.kinds.phrases import ASKS, DECLINES, REFUSES
from fc_distilabel.verifiers.kinds.places import leaf_at, place_of
from fc_distilabel.verifiers.leaves import Leaf, leaves

MAX_ANSWER = 400
LABEL_SHARE = 0.3
"""How much of the words of a value's label an answer must keep."""
ADVICE = re.compile(
    r"\b(please|you (can|could|should|may)|contact|try|instead|let me)\b"
    r"|请(您|你)?(提供|联系|前往|尝试)|建议|可以(尝试|联系)",
    re.IGNORECASE,
)
"""Words of an assistant that goes on after its refusal, where nothing is known to say."""

_CODE = re.compile(r"[A-Z]{2,}-[0-9]+")
_BOUNDS = (("minimum", "minLength"), ("maximum", "maxLength"))
_PARTS = re.compile(r"([A-Z-]+)|(\[0-9\]|\\d|\[A-Z\])(?:\{(\d+)\})?")
"""What codes are made of: letters as they stand, so many digits, so many letters."""


@dataclass(frozen=True)
class Task:
    """What is to be said: how a model is asked for it, and how code would say it."""

    prompt: str
    variables: dict[str, Json]
    complaint: Callable[[str], str]
    """What is wrong with a text, or ``."""
    notes: Callable[[], str]
    """The same in note form."""
    sources: Sequence[str] = field(default_factory=list)
    """All that the text may rely on."""
    completed: Callable[[str], str] = field(default=lambda text: "")
    """A text with what it leaves out added in note form; empty where that cannot be done."""


def task_of(talk: Talk, number: int) -> Task:
    """What the assistant has to say at the end of an exchange."""
    exchange = talk.blueprint.turns[number]
    make: dict[Ending, Callable[[Talk, int, Exchange], Task]] = {
        "tell": _tell,
        "ask": _ask,
        "refuse": _refuse,
        "decline": _decline,
    }
    return make[exchange.ends](talk, number, exchange)


def _tell(talk: Talk, number: int, exchange: Exchange) -> Task:
    """Tell every value that the last round of calls gave back."""
    numbers = exchange.rounds[-1]
    words = [_in_words(talk, each) for each in numbers]
    subjects = _subjects(talk, numbers)
    told = [value for outcome in words for _, value in outcome] + subjects
    labels = [label for outcome in words for label, _ in outcome]

    def complaint(text: str) -> str:
        missing = [value for value in told if not mentions(text, value, talk.language)]
        # A value under another name is another fact: a date it takes effect is no return date.
        unnamed = [n for n in labels if not keeps_words(text, n, talk.language, LABEL_SHARE)]
        unnamed += [n for each in words for n, v in each if _is_bare(text, n, v, talk.language)]
        return first_complaint(
            [
                f"these values are missing: {'; '.join(missing)}" if missing else "",
                f"say what each value is: {'; '.join(unnamed)}" if unnamed else "",
            ]
        )

    def notes() -> str:
        pairs = list(zip(subjects or [""] * len(words), words, strict=True))
        return render("answer_notes", talk.language, variant=_variant(talk, number), notes=pairs)

    def completed(text: str) -> str:
        left_out = [(k, v) for k, v in words[0] if not mentions(text, v, talk.language)]
        if len(words) > 1 or len(left_out) == len(words[0]):
            return ""  # nothing would say which call is meant; or the text is about something else
        return render("answer_rest", talk.language, text=text, notes=left_out)

    outcomes = [
        ("" if not subjects else f"({subjects[i]}) ") + "; ".join(f"{k}: {v}" for k, v in outcome)
        for i, outcome in enumerate(words)
    ]
    variables = {"wish": _wish(talk, number), "message": _last_said(talk), "outcomes": outcomes}
    return Task("answer", variables, complaint, notes, talk.sources, completed)


def _ask(talk: Talk, number: int, exchange: Exchange) -> Task:
    """Ask for what nobody said yet."""
    labels = [_fact(talk, path, number + 1).label for path in exchange.about]

    def complaint(text: str) -> str:
        unasked = [n for n in labels if not keeps_words(text, n, talk.language, LABEL_SHARE)]
        return first_complaint(
            [
                f"ask for: {'; '.join(unasked)}" if unasked else "",
                "" if ASKS.search(text) else "ask for it",
            ]
        )

    def notes() -> str:
        return render("ask_notes", talk.language, labels=labels)

    variables = {"message": _last_said(talk), "labels": labels}
    sources = [*talk.sources, *_declared(talk)]
    return Task("ask", variables, complaint, notes, sources)


def _refuse(talk: Talk, number: int, exchange: Exchange) -> Task:
    """Say that a value is not taken, and which are."""
    path = exchange.about[0]
    fact = _fact(talk, path, number)
    schema = _schema_at(talk, path)
    options, possible = allowed(schema, talk.language)

    def complaint(text: str) -> str:
        named = [o for o in options if mentions(text, o, talk.language)]
        return first_complaint(
            [
                "" if mentions(text, fact.said, talk.language) else f"name the value: {fact.said}",
                "" if REFUSES.search(text) else "say that it is not possible",
                "" if len(named) == len(options) else f"name what is possible: {possible}",
            ]
        )

    def notes() -> str:
        told = {"label": fact.label, "value": fact.said, "allowed": possible}
        return render("refuse_notes", talk.language, variant=_variant(talk, number), **told)

    variables = {
        "message": _last_said(talk),
        "label": fact.label,
        "value": fact.said,
        "allowed": possible,
    }
    return Task("refuse", variables, complaint, notes, [*talk.sources, *_declared(talk), possible])


def _decline(talk: Talk, number: int, exchange: Exchange) -> Task:
    """Say that no tool fits, and nothing else."""

    def complaint(text: str) -> str:
        if ADVICE.search(text):
            return "only say that it cannot be done: ask, advise and promise nothing"
        return "" if DECLINES.search(text) else "say that it cannot be done"

    def notes() -> str:
        goal = talk.blueprint.scenario.user_goal
        told = {"variant": _variant(talk, number), "goal": goal[0].lower() + goal[1:]}
        return render("refusal_notes", talk.language, **told)

    return Task("refusal", {"message": _last_said(talk)}, complaint, notes, talk.sources)


def _is_bare(text: str, label: str, value: str, language: Language) -> bool:
    """Whether a code stands in sentences that do not say what it is (`changed to CH-1714`)."""
    told = [part for part in sentences(text) if value in part]
    head = label[-2:] if language == "zh" else label.partition(" of ")[0]
    named = (head.casefold() in p.casefold() or shared_words(p, head, language) for p in told)
    return bool(told and _CODE.fullmatch(value)) and not any(named)


def _variant(talk: Talk, number: int) -> int:
    """Which of the note forms is used; another one upon each turn of a conversation."""
    return rng(talk.blueprint.id, "answer notes").randrange(NOTE_VARIANTS) + number


def _wish(talk: Talk, number: int) -> str:
    """What is asked for, where the user's last words (`Sure, FL-2500.`) need not say it."""
    if not number:
        return ""
    notes = notes_of(talk.blueprint, number)
    return notes.wish or notes.goal


def _last_said(talk: Talk) -> str:
    return next(m.content for m in reversed(talk.messages) if m.role == "user")


def _fact(talk: Talk, path: str, turn: int) -> Fact:
    """What is said at a path in a turn of the user's."""
    return next(f for f in talk.blueprint.facts if f.path == path and f.turn == turn)


def _subjects(talk: Talk, numbers: Sequence[int]) -> list[str]:
    """What tells the calls of one round apart, as the user said it; empty for a single call."""
    calls = {str(number) for number in numbers}
    here = [fact for fact in talk.blueprint.facts if fact.path.partition("/")[0] in calls]
    later = {
        fact.path.partition("/")[2]
        for fact in here
        if fact.path.partition("/")[0] != str(numbers[0])
    }
    return [fact.said for fact in here if fact.path.partition("/")[2] in later]


def _in_words(talk: Talk, number: int) -> list[tuple[str, str]]:
    """`(label, value)` pairs of one result, with dates as the language writes them."""
    blueprint = talk.blueprint
    call, result = blueprint.asked_calls[number], blueprint.results[number]
    schema = _tool(talk, call.name).returns
    return [
        (_label(leaf, talk.sources), say(leaf.value, leaf.schema, talk.language))
        for leaf in leaves(Leaf("", result, schema, False, ""), schema)
    ]


def _label(leaf: Leaf, sources: Sequence[str]) -> str:
    """What a value is; by its name alone where its description states something by itself.

    `Score, from 1 to 100` and `Icon of the Acme API` would be facts that nothing before them says.
    """
    label = short_label(leaf.schema, leaf.name)
    return leaf.name.replace("_", " ") if unsupported_values(label, sources) else label


def _tool(talk: Talk, name: str) -> Tool:
    return next(tool for tool in talk.blueprint.tools if tool.name == name)


def _declared(talk: Talk) -> list[str]:
    """What the tools that are to be called say of themselves."""
    names = {call.name for call in talk.blueprint.asked_calls}
    return [canonical_json(t.parameters) for t in talk.blueprint.tools if t.name in names]


def _schema_at(talk: Talk, path: str) -> Schema:
    """What is asked of an argument, by its place as in `Fact.path`."""
    place = place_of(path, talk.blueprint)
    call = talk.blueprint.asked_calls[place.call]
    leaf = leaf_at(call, _tool(talk, call.name), place.within)
    return leaf.schema if leaf else {}


def allowed(schema: Schema, language: Language) -> tuple[list[str], str]:
    """What a parameter takes: the values to be named, and all of it in words."""
    options = [say(value, schema, language) for value in schema.get("enum", ())]
    ends = [schema.get(name, schema.get(length, "")) for name, length in _BOUNDS]
    told = render(
        "allowed",
        language,
        options=options,
        low=str(ends[0]),
        high=str(ends[1]),
        counts_characters="minLength" in schema or "maxLength" in schema,
        form=_form(schema.get("pattern", "")),
    )
    return options or [str(bound) for bound in ends if bound != ""], told


def _form(pattern: str) -> list[tuple[str, str, int]]:
    """What a plain code is made of: letters as they stand, or a class and its count."""
    parts = list(_PARTS.finditer(pattern))
    if "^" + "".join(part[0] for part in parts) + "$" != pattern:
        return []
    return [(part[1] or "", part[2] or "", int(part[3] or 1)) for part in parts]
