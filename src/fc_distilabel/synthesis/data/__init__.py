"""Words that are data, not code: example functions, look-alikes, everyday tools, personas (en, zh)."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from fc_distilabel.types import Language, Persona, Tool, canonical_json


@cache
def _load(name: str) -> Any:  # the shape is the file's own
    return json.loads((files(__name__) / f"{name}.json").read_text(encoding="utf-8"))


def toolset_examples(language: Language) -> list[dict[str, str]]:
    """`{"request", "reply"}` of example functions for the prompt; several, so none is copied."""
    return [
        {"request": entry["request"], "reply": canonical_json(entry["reply"])}
        for entry in _load("toolset_examples")[language]
    ]


def lookalike_templates(language: Language) -> list[dict[str, Any]]:
    """Templates of tools about the same subject that do another job."""
    templates: list[dict[str, Any]] = _load("lookalikes")[language]
    return templates


@cache
def everyday_tools(language: Language) -> tuple[Tool, ...]:
    """Ready tools of everyday life, offered where none of the domain's tools may fit."""
    return tuple(Tool.model_validate(entry) for entry in _load("everyday_tools")[language])


def message_examples(language: Language) -> list[str]:
    """Messages that the notes of the prompt `user_message` could become."""
    examples: list[str] = _load("message_examples")[language]
    return examples


@cache
def personas(language: Language) -> tuple[Persona, ...]:
    """Who may speak."""
    return tuple(Persona.model_validate(entry) for entry in _load("personas")[language])
