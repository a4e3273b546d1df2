"""Plans: what they refer to, and that random ones can be carried out."""

import random
from typing import Any

import pytest

from benchmarks.worlds import ALL, flaws, plans, verbs
from fc_distilabel.apis.domains import Domain, domains
from fc_distilabel.apis.worlds import (
    Plan,
    diff,
    draw_plan,
    expected_end,
    make_world,
    operations,
    run_plan,
)
from fc_distilabel.errors import InputError
from fc_distilabel.types import ToolCall

HOTELS = make_world(domains("en")[0], 1)
ORDER = ["search", "list", "get", "create", "update", "cancel"]


def plan(*calls: tuple[str, dict[str, Any]]) -> Plan:
    """A plan of these calls."""
    return Plan(calls=tuple(ToolCall(name=name, arguments=given) for name, given in calls))


def test_random_plans_reach_their_end() -> None:
    """Plans over all domains: results valid, dependent, the end as the calls say, JSON-proof."""
    drawn = list(plans(4 * len(ALL)))
    assert [found for world, one in drawn if (found := flaws(world, one))] == []
    assert sum(bool(diff(world, expected_end(world, one))) for world, one in drawn) > len(drawn) / 2


def test_plans_go_the_way_people_go() -> None:
    """First a look, then changes, then an end; no tool twice; two to four calls."""
    for seed in range(60):
        one = draw_plan(HOTELS, random.Random(seed))
        steps = [ORDER.index(verb) for verb in verbs(HOTELS, one)]
        names = [call.name for call in one.calls]
        assert 2 <= len(names) <= 4 and len(set(names)) == len(names)
        assert steps == sorted(steps) and steps[0] <= 2


def test_equal_seeds_draw_equal_plans() -> None:
    """A seed decides the plan, also in a world that was read from JSON."""
    again = type(HOTELS).model_validate_json(HOTELS.to_json())
    for seed in range(20):
        assert draw_plan(HOTELS, random.Random(seed)) == draw_plan(again, random.Random(seed))


@pytest.mark.parametrize("length", [2, 3, 4])
def test_the_length_can_be_set(length: int) -> None:
    """A plan has as many calls as wanted."""
    assert len(draw_plan(HOTELS, random.Random(1), length).calls) == length


def test_a_plan_that_cannot_be_is_said() -> None:
    """More calls than a domain has tools is no plan; a domain without relations may have none."""
    with pytest.raises(InputError, match="no plan of 90 calls"):
        draw_plan(HOTELS, random.Random(1), 90)
    lone = {"name": "note", "plural": "notes", "label": "note", "fields": [], "writable": False}
    data = {"name": "lone", "label": "Lone", "language": "en", "entities": [lone]}
    world = make_world(Domain.model_validate(data), 1)
    with pytest.raises(InputError, match="no plan of 3 calls"):
        draw_plan(world, random.Random(1), 3)


def test_bare_entities_have_plans_too() -> None:
    """Types with no field but a reference, or only optional ones, are worked with as well."""
    noted = {"name": "note", "label": "Note", "kind": "text", "given": "optional"}
    entities = [
        {"name": "box", "plural": "boxes", "label": "thing", "fields": []},
        {
            "name": "item",
            "plural": "items",
            "label": "thing",
            "fields": [],
            "refers_to": {"box_id": "box"},
        },
        {
            "name": "mark",
            "plural": "marks",
            "label": "thing",
            "fields": [noted],
            "refers_to": {"box_id": "box"},
        },
    ]
    data = {"name": "bare", "label": "Bare", "language": "en", "entities": entities}
    world = make_world(Domain.model_validate(data), 1)
    assert "update_box" not in operations(world.domain)
    for seed in range(40):
        assert flaws(world, draw_plan(world, random.Random(seed))) == []


def test_references_stand_for_earlier_results() -> None:
    """An argument takes its value from the place in the result that it names."""
    run = run_plan(
        HOTELS,
        plan(
            ("search_bookings", {"limit": 2}),
            ("get_hotel", {"hotel_id": {"$from": 0, "path": "bookings/1/hotel_id"}}),
        ),
    )
    wanted = run.results[0]["bookings"][1]["hotel_id"]
    assert run.calls[1].arguments == {"hotel_id": wanted}
    assert run.results[1]["hotel"]["hotel_id"] == wanted


@pytest.mark.parametrize(
    "reference",
    [
        {"$from": 0, "path": "bookings/99/hotel_id"},
        {"$from": 0, "path": "bookings/-1/hotel_id"},
        {"$from": 0, "path": "hotels/0/hotel_id"},
        {"$from": 0, "path": "total/0"},
        {"$from": 0, "path": "bookings/first"},
        {"$from": 0, "path": ""},
        {"$from": 0, "path": 3},
        {"$from": 1, "path": "hotel/hotel_id"},
        {"$from": -1, "path": "bookings/0/hotel_id"},
        {"$from": 0.5, "path": "bookings/0/hotel_id"},
        {"$from": None, "path": "bookings/0/hotel_id"},
    ],
    ids=str,
)
def test_references_to_nothing_are_refused(reference: dict[str, Any]) -> None:
    """A plan that refers to what no earlier result has is no plan."""
    broken = plan(("search_bookings", {"limit": 2}), ("get_hotel", {"hotel_id": reference}))
    with pytest.raises(InputError, match="no earlier result has"):
        run_plan(HOTELS, broken)


def test_plans_are_bounded() -> None:
    """Arguments nested without end are refused before they are looked at."""
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    with pytest.raises(InputError, match="64 levels"):
        run_plan(HOTELS, plan(("search_bookings", {"limit": deep})))
