"""Words that are data, not code: examples, look-alikes, everyday tools, personas (en, zh)."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from fc_distilabel.types import Json, Language, Noun, Persona, Tool

WORDED = ("text", "choice")
"""Kinds of field whose examples are words."""


class ScenarioExample(Noun):
    """An example passage for the prompt that asks what a person may want."""

    title: str
    text: str
    requests: tuple[str, ...]

    @property
    def reply(self) -> str:
        """What the model would answer, as JSON."""
        return json.dumps({"requests": self.requests}, ensure_ascii=False)


class ToolsetExample(Noun):
    """An example function for the prompt that asks for one."""

    request: str
    reply: str
    """What the model would answer, as JSON."""
    bare: str
    """The same without its result fields."""
    names: frozenset[str]
    """Names of its fields."""
    words: frozenset[str]
    """The values that its fields give as examples, numbers aside."""


class MessageExample(Noun):
    """An example of what a user writes, for the prompts that ask for a message."""

    notes: str
    """What it has to say."""
    message: str
    assistant: str = ""
    """What it answers; empty where it opens."""


class Action(Noun):
    """One sort of thing that a person wants done, and how it is spoken of."""

    name: str
    rank: int
    """Which is preferred: first what a small model finds a sensible function for."""
    cue: str
    """Pattern of the words of a text that speaks of such things; empty where every text may."""
    request: tuple[str, ...]
    """How a request for it begins."""
    verbs: tuple[str, ...]
    """How the name of a function for it begins."""
    returns: dict[str, Json]
    """What such a function gives back, where that does not depend on the domain."""


@cache
def _load(name: str) -> Any:  # the shape is the file's own
    return json.loads((files(__name__) / f"{name}.json").read_text(encoding="utf-8"))


@cache
def scenario_examples(language: Language) -> tuple[ScenarioExample, ...]:
    """Example passages and requests; two at a time are shown."""
    return tuple(ScenarioExample.model_validate(e) for e in _load("scenario_examples")[language])


@cache
def toolset_examples(language: Language) -> tuple[ToolsetExample, ...]:
    """Example functions; several, so that none is always copied."""
    return tuple(_example(entry) for entry in _load("toolset_examples")[language])


def _example(entry: Any) -> ToolsetExample:  # Any: as the file has it
    reply = entry["reply"]
    fields = (*reply["parameters"], *reply["result"])
    bare = {key: value for key, value in reply.items() if key != "result"}
    return ToolsetExample(
        request=entry["request"],
        reply=json.dumps(reply, ensure_ascii=False),
        bare=json.dumps(bare, ensure_ascii=False),
        names=frozenset(field["name"] for field in fields),
        words=frozenset(v for f in fields if f["kind"] in WORDED for v in f.get("examples", ())),
    )


@cache
def actions(language: Language) -> tuple[Action, ...]:
    """What a person may want of a service."""
    return tuple(Action.model_validate(entry) for entry in _load("actions")[language])


def lookalike_templates(language: Language) -> list[dict[str, Any]]:
    """Templates of tools about the same subject that do another job."""
    templates: list[dict[str, Any]] = _load("lookalikes")[language]
    return templates


@cache
def everyday_tools(language: Language) -> tuple[Tool, ...]:
    """Ready tools of everyday life, offered where none of the domain's tools may fit."""
    return tuple(Tool.model_validate(entry) for entry in _load("everyday_tools")[language])


def cities(language: Language) -> list[str]:
    """Real cities; Faker's English ones are made up and read like it."""
    names: list[str] = _load("cities")[language]
    return names


@cache
def message_examples(language: Language, form: str) -> tuple[MessageExample, ...]:
    """What users write where a form of message is due (`terse`, `parallel`, `supply`, ...)."""
    return tuple(
        MessageExample(message=message, notes=scene["notes"], assistant=scene.get("assistant", ""))
        for scene in _load("message_examples")[language][form]
        for message in scene["messages"]
    )


@cache
def personas(language: Language) -> tuple[Persona, ...]:
    """Who may speak: every role in every tone, otherwise plain."""
    words = _load("personas")[language]
    roles = (*words["office"], *words["everyday"])
    return tuple(Persona(role=role, tone=tone) for role in roles for tone in words["tones"])


@cache
def office_roles(language: Language) -> frozenset[str]:
    """The roles of those who work in offices, whose speech has its own words."""
    return frozenset(_load("personas")[language]["office"])
