"""Tools that resemble another one, yet do another job."""

import random
from typing import Any

from fc_distilabel.apis.words import Operation, words
from fc_distilabel.types import Language, Tool

MAX_NAME = 64


def similar_tools(
    tool: Tool, k: int, random_: random.Random, language: Language = "en"
) -> tuple[Tool, ...]:
    """Up to `k` look-alikes of a tool: its read/write twin, then ones that can do less."""
    twins = [twin for twin in [_twin(tool, random_, language)] if twin]
    return tuple([*twins, *_fewer(tool, random_, language)][:k])


def _twin(tool: Tool, random_: random.Random, language: Language) -> Tool | None:
    """The same records, but read where the tool writes, and the other way round."""
    verb, _, noun = tool.name.partition("_")
    known = {verb: each for each in words(language).operations for verb in each.verbs}
    if verb not in known or not noun:
        return None
    access = "write" if known[verb].access == "read" else "read"
    others: list[Operation] = [o for o in words(language).operations if o.access == access]
    name = f"{random_.choice(random_.choice(others).verbs)}_{noun}"[:MAX_NAME]
    told = words(language).phrases[f"twin_{access}"].format(name=tool.name)
    return tool.model_copy(update={"name": name, "description": told})


def _fewer(tool: Tool, random_: random.Random, language: Language) -> list[Tool]:
    """The same job without one of the parameters, for each that can go."""
    names = [n for n in tool.parameters.get("properties", {}) if _can_go(tool.parameters, n)]
    random_.shuffle(names)
    return [_without(tool, name, language) for name in names]


def _can_go(parameters: dict[str, Any], name: str) -> bool:
    rules = parameters.get("dependentRequired", {})
    tied = any(name == key or name in needed for key, needed in rules.items())
    return len(parameters["properties"]) > 1 and not tied and not name.endswith("_id")


def _without(tool: Tool, name: str, language: Language) -> Tool:
    parameters = tool.parameters
    kept = {key: part for key, part in parameters["properties"].items() if key != name}
    required = [key for key in parameters.get("required", ()) if key != name]
    phrase = words(language).phrases["fewer"]
    return tool.model_copy(
        update={
            "name": f"{tool.name}_without_{name}"[:MAX_NAME],
            "description": phrase.format(what=tool.description, parameter=name.replace("_", " ")),
            "parameters": parameters | {"properties": kept, "required": required},
        }
    )
