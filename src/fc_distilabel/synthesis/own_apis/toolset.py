"""A passage that stands for a tool of the user's -> its toolset.

The needed tool keeps its schemas as they were read. Calls fill a part of the parameters
(`Toolset.asked`), and results give a part of what is declared (`Toolset.told`); a tool that
declares no result gets a small one, which says so in its `$comment`. The model takes part only in
wording values of free texts. Tools of the same file that
resemble the needed one stand beside it, and edits of it with a stated difference.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePath
from random import Random

from fc_distilabel.apis.naming import singular, words_of
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.lookalikes import edited_lookalikes
from fc_distilabel.synthesis.own_apis.parts import Parts, Untold
from fc_distilabel.synthesis.own_apis.reading import OwnApi, OwnApis
from fc_distilabel.synthesis.own_apis.tables import table
from fc_distilabel.synthesis.own_apis.values import hints, is_free, is_tellable, narrowed
from fc_distilabel.synthesis.own_apis.worded import worded_values
from fc_distilabel.synthesis.own_apis.wording import action_of, goal_of
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.synthesis.wording import STEM
from fc_distilabel.types import (
    Evidence,
    Json,
    Language,
    Passage,
    Scenario,
    Tool,
    Toolset,
    content_id,
)

DECLARED = "Declared by fc-distilabel: the API's definition has no schema of its result."
ROOM, MOST = 5, 9
"""Values of a call: what may be left out fills it up to so many, and what is needed may take more.
"""
TOLD_ROOM, TOLD_MOST = 3, 6
"""The same for a result, all of which is told in the answer."""
SIBLINGS, EDITS = 3, 2
SAME = 0.75
"""Share of common words from which on two tools may well do the same job."""
ALIKE = 0.1
READ = 400
_SAYS = frozenset(("properties", "allOf", "anyOf", "oneOf", "$ref"))
_WORD = re.compile("[a-z]{4,}|[\u4e00-\u9fff]{2}")


class OwnTools:
    """All tools of one file, found by the passages that stand for them."""

    def __init__(self, own: OwnApis) -> None:
        """Look at each tool once."""
        self.document = own.document
        self._apis = {api.passage(own.document).id: api for api in own.apis}
        self._words = {key: _words(api.tool) for key, api in self._apis.items()}

    def api(self, passage: Passage) -> OwnApi | None:
        """The tool that a passage stands for; None where the file has changed."""
        return self._apis.get(passage.id)

    def siblings(self, passage: Passage) -> list[Tool]:
        """Other tools of the file that resemble it most, without those that may do its job."""
        own, language = self._words[passage.id], self._apis[passage.id].language
        shares = {
            key: len(own & words) / len(own | words)
            for key, words in self._words.items()
            if key != passage.id and self._apis[key].language == language
        }
        alike = [key for key, share in shares.items() if ALIKE <= share < SAME]
        best = sorted(alike, key=lambda key: (-shares[key], key))[:SIBLINGS]
        return [self._apis[key].tool for key in best]


async def own_toolset(asker: Asker, own: OwnTools, passage: Passage) -> Toolset:
    """The toolset for a conversation over one tool.

    Raises `Dropped` where nothing tells what its arguments or results could be.
    """
    api = own.api(passage)
    if api is None:
        raise Dropped("unknown tool", f"{passage.title} is not in {own.document} any more")
    random_ = rng(*asker.seed_parts, "own toolset")
    scenario = _scenario(passage, api)
    asked = _part(api, api.tool.parameters, "arguments", (ROOM, MOST, 0), random_)
    needed = _with_result(api.tool, scenario)
    told = _told(api, needed.returns, scenario, random_)
    fields = dict(_fields(asked, "parameters")) | dict(_fields(told, "returns"))
    free = {p: s for p, s in fields.items() if is_free(_name(p), s, api.language)}
    worded = await worded_values(asker, api.tool, free)
    siblings = own.siblings(passage)
    edits = edited_lookalikes(needed, EDITS, siblings, api.language, random_)
    return Toolset(
        scenario=scenario,
        needed=needed,
        similar=(*siblings, *(each.tool for each in edits)),
        decided_by={each.tool.name: each.decided_by for each in edits},
        examples=_known(fields, api.language) | worded,
        asked=asked,
        told=told,
    )


def _scenario(passage: Passage, api: OwnApi) -> Scenario:
    index, goal = goal_of(api.tool, passage.sentences, api.language)
    return Scenario(
        id=content_id(passage.id, goal),
        passage_id=passage.id,
        document=passage.document,
        domain=PurePath(passage.document).stem,
        language=api.language,
        action=action_of(api.tool, goal, api.language),
        user_goal=goal,
        evidence=(Evidence(index=index, text=passage.sentences[index]),),
    )


def _with_result(tool: Tool, scenario: Scenario) -> Tool:
    """The tool; one that declares no result with the plain one of its action."""
    if tool.returns:
        return tool
    fields = table(scenario.language).results[scenario.action]
    returns = {"$comment": DECLARED} | closed_object(fields)
    return tool.model_copy(update={"returns": returns})


def _told(api: OwnApi, returns: Schema, scenario: Scenario, random_: Random) -> dict[str, Json]:
    """What a result tells; where the definition says only that it is some object, the plain one."""
    if returns.get("type") == "object" and _SAYS.isdisjoint(returns):
        return closed_object(table(scenario.language).results[scenario.action])
    return _part(api, returns, "result", (TOLD_ROOM, TOLD_MOST, 1), random_)


def _part(
    api: OwnApi, schema: Schema, what: str, bounds: tuple[int, int, int], random_: Random
) -> dict[str, Json]:
    tells: Callable[[str, Schema], bool] = partial(_tells, api.language)
    room, most, least = bounds
    try:
        return Parts(schema, tells, narrowed, random_).part(room, most, least)
    except Untold as untold:
        raise Dropped(f"no sensible {what}", f"{api.tool.name}: {untold}") from untold


def _tells(language: Language, name: str, schema: Schema) -> bool:
    return is_tellable(name, schema, language)


def _fields(part: Schema, side: str) -> Iterator[tuple[str, Schema]]:
    """The values of a part by path, items left out, as `instance_of` looks for them."""
    if "properties" in part:
        for name, inner in part["properties"].items():
            yield from _fields(inner, f"{side}/{name}")
    elif "items" in part:
        yield from _fields(part["items"], side)
    else:
        yield side, part


def _known(fields: dict[str, Schema], language: Language) -> dict[str, tuple[Json, ...]]:
    """The values that are known by what is written."""
    found = {path: hints(_name(path), schema, language) for path, schema in fields.items()}
    return {path: values for path, values in found.items() if values}


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _words(tool: Tool) -> frozenset[str]:
    """The words of name and description, as far as they tell tools apart."""
    said = tool.description[:READ].lower()
    name = {singular(word) for word in words_of(tool.name)}
    return frozenset(name | {word[:STEM] for word in _WORD.findall(said)})
