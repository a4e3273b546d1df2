"""Which values a message says: all of its turn's, none of later ones, none of its own making."""

import re
from collections.abc import Iterator, Sequence

from fc_distilabel.synthesis.user_checks.draft import Draft, Flaw, without
from fc_distilabel.synthesis.user_notes import says, telling
from fc_distilabel.synthesis.wording import keeps_words, named_tools
from fc_distilabel.types import Fact, Json
from fc_distilabel.verifiers.grounding import unsupported_values

LABEL_SHARE = 0.3
"""How much of its name a message must keep of what is just so or not."""
_DAYS = re.compile(
    r"\b(today|tonight|tomorrow|yesterday|(this|next|last) (week|month|year|weekend|morning"
    r"|afternoon|evening|(mon|tues|wednes|thurs|fri|satur|sun)day))\b"
    r"|今天|今晚|今早|明天|明早|明晚|大?后天|昨天|[上下这本]个?(周|星期|礼拜|月)|周末|[今明去]年",
    re.IGNORECASE,
)
"""Days said by their distance: values too, which no one decided on."""
_NO = re.compile(r"\b(no|not|without|never)\b|n't\b|不|无|没|别|否", re.IGNORECASE)
_INSTEAD = re.compile(
    r"\b(instead|not|no longer|rather|from|was|were|than|drop|forget|replace|change|switch)\b|n't\b"
    r"|不|别|换|改|从|原来|之前|代替",
    re.IGNORECASE,
)
"""How an old value is named as such."""
_GAPS = re.compile(r"\[[^\]\d]{2,40}\]|<[^<>]{2,40}>|\{[^{}]{0,80}\}|_{3,}|\bX{2,}\b|某某|x{3,}")
_CODE_WORDS = re.compile(
    r"\b[A-Za-z]+[0-9]*(?:_[A-Za-z0-9]+)+\b|\b[a-z][a-z0-9]*[A-Z][a-z]\w*", re.ASCII
)


def wrong_values(draft: Draft) -> Iterator[Flaw]:
    """Values missing, said too early, or made up; names that only tools have."""
    facts = draft.notes.facts
    if missing := [fact.said for fact in facts if not _states(draft, fact)]:
        yield Flaw("missing", f"these values are missing: {'; '.join(missing)}")
    if early := [fact.said for fact in _withheld(draft) if says(draft.text, fact.said)]:
        yield Flaw("withheld", f"do not say these: {'; '.join(dict.fromkeys(early))}")
    if invented := [*unsupported_values(draft.text, draft.sources), *_own_days(draft)]:
        yield Flaw("invented", f"these were not asked for: {'; '.join(invented)}")
    if _GAPS.search(draft.frame):
        yield Flaw("invented", "leave no gaps to fill in")
    if named := _code_names(draft):
        yield Flaw("names", f"do not name functions or parameters: {named[0]}")


def mistakable_values(draft: Draft) -> Iterator[Flaw]:
    """What the user was told and no call takes, in the form of an argument: `and on May 18?`.

    The price of a table may be spoken of; another day than that of the call may not.
    """
    if not draft.notes.turn:
        return
    forms = {_form(fact.said) for fact in draft.notes.blueprint.facts}
    told = unsupported_values(draft.text, [*draft.due, *draft.own, *draft.asked])
    if taken := [value for value in told if _form(value) in forms]:
        yield Flaw("invented", f"leave out what you were told: {'; '.join(taken)}")


def _form(value: str) -> str:
    """A value without what tells it from its like: `May 18, 2026` as `a 0, 0`."""
    return re.sub(r"[0-9]+", "0", re.sub(r"[^\W\d_]+", "a", value))


def _states(draft: Draft, fact: Fact) -> bool:
    """Whether the value stands there; what is just so or not is told by its name and a no."""
    if not isinstance(fact.value, bool):
        return says(draft.text, fact.said)
    # Who is asked answers by yes or no; in an opening nobody knows what that is about.
    named = draft.notes.turn or keeps_words(draft.text, fact.label, draft.language, LABEL_SHARE)
    denied = bool(_NO.search(draft.text))
    return bool(named) and (says(draft.text, fact.said) or denied is not fact.value)


def _withheld(draft: Draft) -> Iterator[Fact]:
    """The facts that the turn must not tell, apart from what was said before anyway."""
    notes = draft.notes
    for facts, known in (
        (notes.later, (*notes.said, *draft.own)),
        (notes.silent, (*notes.said, notes.goal, notes.wish, *draft.heard)),
    ):
        for fact in facts:
            if telling(fact) and not any(says(text, fact.said) for text in known):
                yield fact


def overruled_values(draft: Draft) -> Iterator[Flaw]:
    """Old values beside those that take their place: nobody would know which is meant."""
    if old := [*_overruled(draft)]:
        yield Flaw("overruled", f"this holds no longer, do not ask for it too: {'; '.join(old)}")


def _overruled(draft: Draft) -> Iterator[str]:
    """What the turn puts another value in the place of, unless it is named as that."""
    if not draft.notes.turn or _INSTEAD.search(draft.text):
        return
    now = {fact.path.partition("/")[2]: fact.said for fact in draft.notes.facts}
    for fact in draft.notes.blueprint.facts:
        said = now.get(fact.path.partition("/")[2], fact.said)
        if fact.turn < draft.notes.turn and said != fact.said and says(draft.text, fact.said):
            yield fact.said


def _own_days(draft: Draft) -> Iterator[str]:
    for found in _DAYS.finditer(draft.text):
        if not _in_any(found[0], draft.sources):
            yield found[0]


def _in_any(words: str, sources: Sequence[str]) -> bool:
    return any(words.casefold() in source.casefold() for source in sources)


def _code_names(draft: Draft) -> list[str]:
    """Names of functions and parameters in the message, and words that look like such."""
    blueprint = draft.notes.blueprint
    tools = [*blueprint.tools, *([blueprint.missing] if blueprint.missing else [])]
    text = without(draft.text, draft.notes.said)
    parameters = {name for tool in tools for name in _fields(tool.parameters)}
    words = [word[0] for word in _CODE_WORDS.finditer(text)]
    return [
        *named_tools(text, (tool.name for tool in tools)),
        *(w for w in words if ("_" in w or w in parameters) and not _in_any(w, draft.sources)),
    ]


def _fields(schema: Json) -> Iterator[str]:
    """Names of parameters, at whatever depth."""
    if isinstance(schema, list):
        for part in schema:
            yield from _fields(part)
    elif isinstance(schema, dict):
        yield from schema["properties"] if isinstance(schema.get("properties"), dict) else ()
        for part in schema.values():
            yield from _fields(part)
