"""Planning over a user's own APIs: each kind that they can carry, without a change of theirs."""

import asyncio
from functools import cache
from pathlib import Path

import pytest

import own_scripts
from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.synthesis.own_apis import OwnTools, own_toolset, read_own_apis
from fc_distilabel.synthesis.own_apis.toolset import DECLARED
from fc_distilabel.types import KINDS, Blueprint, Kind, Toolset
from sound import require_sound, tools_of

CASES = Path(__file__).parents[1] / "cases"
SEEDS = 12


class Worded:
    """A model that words values."""

    identity = "worded"

    async def complete(self, request: ChatRequest) -> Completion:
        return Completion(text=own_scripts.good(request))


@cache
def own_toolsets() -> tuple[Toolset, ...]:
    found = []
    for name in ("own_apis_mcp", "own_apis_openai"):
        own = read_own_apis(str(CASES / f"{name}.json"))
        tools = OwnTools(own)
        for api in own.apis:
            passage = api.passage(own.document)
            asker = Asker(Worded(), "toolset", passage.language, (0, passage.id))
            found.append(asyncio.run(own_toolset(asker, tools, passage)))
    return tuple(found)


def planned(kind: Kind) -> list[tuple[Toolset, Blueprint]]:
    found = []
    for toolset in own_toolsets():
        for seed in range(SEEDS):
            try:
                found.append((toolset, plan_blueprint(toolset, kind, (7, seed))))
            except Dropped:
                continue
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_of_the_users_own_stay(kind: Kind) -> None:
    """Each kind can be planned, soundly; the tool takes and gives what it did."""
    found = planned(kind)
    print(f"{kind}: {len(found) / (SEEDS * len(own_toolsets())):.2f} of own APIs")
    assert found
    for toolset, blueprint in found:
        require_sound(blueprint, linted=False)
        tool = tools_of(blueprint)[toolset.needed.name]
        assert tool.parameters == toolset.needed.parameters
        if toolset.needed.returns.get("$comment") != DECLARED:
            assert tool.returns == toolset.needed.returns


def test_a_declared_result_does_not_fail() -> None:
    """Where the API's own definition says what it returns, no failure is made up."""
    for toolset, _ in planned("tool_error"):
        assert toolset.needed.returns["$comment"] == DECLARED


def test_names_are_not_looked_up() -> None:
    """No parameter of theirs becomes an id: a chain only goes on with what they return."""
    for toolset, blueprint in planned("dependent"):
        assert blueprint.asked_calls[0].name == toolset.needed.name
