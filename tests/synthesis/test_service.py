"""The world behind a toolset: what its tools answer, and what conversations leave in it."""

from collections import defaultdict
from itertools import pairwise, product
from typing import Any

import pytest

from domain_toolsets import toolsets
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.planning.service import READS, answer
from fc_distilabel.synthesis.planning.soundness import require_sound
from fc_distilabel.types import (
    KINDS,
    LANGUAGES,
    Blueprint,
    Kind,
    Language,
    ToolCall,
    Toolset,
    canonical_json,
)
from talk import scenario

FEE = {"type": "integer", "minimum": 0, "description": "Insurance fee"}
WORTH = {"type": "integer", "minimum": 1, "description": "Value of the item"}


def insured(action: str = "work_out", **returns: Any) -> Toolset:
    """A tool that works out a fee from a value, of which one example of each is known."""
    base = scenario(action=action)
    return Toolset.model_validate(
        {
            "scenario": base,
            "needed": {
                "name": "calculate_insurance_fee",
                "description": "Work out the fee.",
                "parameters": closed_object({"item_value": WORTH, "full_name": {"type": "string"}}),
                "returns": closed_object({"insurance_fee": FEE} | returns),
            },
            "similar": (),
            "examples": {"returns/insurance_fee": (50,), "parameters/item_value": (2000,)},
        }
    )


def fee(toolset: Toolset, worth: int, sender: str = "Ann") -> Any:
    arguments = {"item_value": worth, "full_name": sender}
    return answer(toolset, ToolCall(name=toolset.needed.name, arguments=arguments))


def planned(
    language: Language, preset: int, kinds: tuple[Kind, ...] = KINDS, every: int = 8
) -> list[tuple[Toolset, Blueprint]]:
    """Blueprints of those kinds over every so many toolsets, with two seeds each."""
    found = []
    for toolset, kind, seed in product(toolsets(language, preset, every), kinds, (1, 2)):
        try:
            found.append((toolset, plan_blueprint(toolset, kind, (toolset.scenario.id, seed))))
        except Dropped:
            continue
    return found


def test_amounts_follow_from_the_quantity() -> None:
    """Twice the value costs twice as much, within the bounds, and at the known rate."""
    fees = [fee(insured(), worth)["insurance_fee"] for worth in (500, 1000, 2000, 3000, 4000)]
    assert fees == [12, 25, 50, 75, 100]
    capped = insured(insurance_fee=FEE | {"maximum": 60})
    assert fee(capped, 8000)["insurance_fee"] == 60


def test_limits_do_not_follow() -> None:
    """A rate or a limit stays what it is, and of a look-up only money moves."""
    limit = {"type": "integer", "minimum": 30, "maximum": 30, "description": "Most days"}
    assert fee(insured(days_limit=limit), 8000)["days_limit"] == 30
    shelves = {"type": "integer", "minimum": 1, "maximum": 9, "description": "Shelves"}
    looked = [fee(insured("look_up", shelves=shelves), worth) for worth in (2000, 4000)]
    assert [each["insurance_fee"] for each in looked] == [50, 100]
    assert all(1 <= each["shelves"] <= 9 for each in looked)


def test_who_asks_makes_no_difference() -> None:
    """A price is the same for all; a booking is each person's own."""
    code = {"type": "string", "pattern": "^RF-[0-9]{4}$", "description": "Reference"}
    priced, booked = insured(code=code), insured("apply", code=code)
    assert fee(priced, 900, "Ann") == fee(priced, 900, "Bob")
    assert fee(booked, 900, "Ann") != fee(booked, 900, "Bob")


@pytest.mark.parametrize("preset", [0, 3])
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_world_to_each_toolset(language: Language, preset: int) -> None:
    """In all conversations of all kinds over a toolset, equal calls have equal results."""
    results: dict[str, set[str]] = defaultdict(set)
    for toolset, blueprint in planned(language, preset):
        for number, (call, result) in enumerate(
            zip(blueprint.gold_calls, blueprint.results, strict=True)
        ):
            if number not in blueprint.failed and not call.name.startswith("get_"):
                tool = next(t for t in blueprint.tools if t.name == call.name)
                key = [toolset.scenario.id, tool.name, tool.parameters, call.arguments]
                results[canonical_json(key)].add(canonical_json(result))
    again = [found for found in results.values() if len(found) > 1]
    assert len(results) > 300 and not again


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_calls_leave_behind(language: Language) -> None:
    """Calls that change something leave a record each, which later ones refer to; reads none."""
    tied = 0
    for toolset, blueprint in planned(language, 0):
        made = {record.call: record for record in blueprint.end_state}
        for number, call in enumerate(blueprint.gold_calls):
            if call.name == toolset.needed.name:
                wanted = toolset.scenario.action not in READS and number not in blueprint.failed
                assert (number in made) == wanted
        for first, then in pairwise(blueprint.end_state):
            tied += then.of == first.id
    assert tied > 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_write_is_seen_by_a_later_read(language: Language) -> None:
    """Who asks how a case stands sees what was stated when it was made."""
    seen = 0
    for _, blueprint in planned(language, 0, ("dependent", "multi_turn"), every=2):
        for number, call in enumerate(blueprint.gold_calls):
            if call.name.endswith("_progress"):
                [record] = blueprint.end_state[-1:]
                result = blueprint.results[number]
                assert record.id in call.arguments.values() and record.call == number - 1
                shared = result.keys() & record.fields.keys()
                assert all(result[name] == record.fields[name] for name in shared)
                seen += bool(shared)
    assert seen > 3


def test_a_made_up_end_state_is_found() -> None:
    """A record of no call, records of one id, and a changed answer make a blueprint unsound."""
    found = [b for _, b in planned("en", 0) if len(b.end_state) == 2]
    blueprint = found[0]
    one, other = blueprint.end_state
    for wrong in (
        (one.model_copy(update={"call": 9}), other),
        (one.model_copy(update={"id": other.id}), other),
        (one.model_copy(update={"fields": {}}), other),
    ):
        with pytest.raises(Dropped, match="not sound"):
            require_sound(blueprint.model_copy(update={"end_state": wrong}), own=False)
