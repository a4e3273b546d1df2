"""Calls to a world: what they find, what they change, what they refuse."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.apis.domains import domains
from fc_distilabel.apis.worlds import World, diff, execute, make_world, operations
from fc_distilabel.errors import InputError
from fc_distilabel.schemas.engine import Validator
from fc_distilabel.types import ToolCall, canonical_json

CASES = json.loads(
    (Path(__file__).parents[1] / "cases/world_calls.json").read_text(encoding="utf-8")
)
WORLDS = {language: make_world(domains(language)[0], 1) for language in ("en", "zh")}
HOTELS = WORLDS["en"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def ask(world: World, name: str, /, **arguments: Any) -> tuple[World, dict[str, Any]]:
    """The world after a call, and its result, which must be as declared."""
    after, result = execute(world, ToolCall(name=name, arguments=arguments))
    returns = operations(world.domain)[name].tool.returns
    assert Validator(returns).violations(result) == []
    return after, result


def new_booking(world: World) -> tuple[World, dict[str, Any]]:
    """A booking of the first hotel for the first guest."""
    after, result = ask(
        world,
        "create_booking",
        hotel_id=world.listed("hotel")[0]["hotel_id"],
        guest_id=world.listed("guest")[0]["guest_id"],
        check_in_date="2026-03-10",
        check_out_date="2026-03-12",
        adults=2,
        bed_type="king",
    )
    return after, result["booking"]


def test_a_write_is_seen_by_later_reads() -> None:
    """What is created can be fetched, searched and listed; a change and its end show too."""
    world, booking = new_booking(HOTELS)
    key = {"booking_id": booking["booking_id"]}
    assert booking["status"] == "confirmed" and "children" not in booking
    assert ask(world, "get_booking", **key)[1]["booking"] == booking
    listed = ask(world, "list_hotel_bookings", hotel_id=booking["hotel_id"])[1]["bookings"]
    assert booking in listed
    world, _ = ask(world, "update_booking", **key, adults=4)
    assert ask(world, "get_booking", **key)[1]["booking"] == booking | {"adults": 4}
    world, _ = ask(world, "cancel_booking", **key)
    found = ask(world, "get_booking", **key)[1]["booking"]
    assert found == booking | {"adults": 4, "status": "cancelled"}
    assert [change.after for change in diff(HOTELS, world)] == [found]


def test_searches_find_exactly_what_fits() -> None:
    """A search gives the records that pass every filter, no others, and says how many."""
    for low in range(2, 6):
        wanted = [
            hotel
            for hotel in HOTELS.listed("hotel")
            if hotel["star_rating"] >= low and hotel["price_per_night"] <= 250
        ]
        _, found = ask(HOTELS, "search_hotels", min_star_rating=low, max_price_per_night=250)
        assert found["hotels"] == wanted[:5] and found["total"] == len(wanted)
    hotel = HOTELS.listed("hotel")[0]
    _, found = ask(HOTELS, "search_hotels", city=hotel["city"].upper(), limit=20)
    assert hotel in found["hotels"]
    assert len(ask(HOTELS, "search_hotels", limit=2)[1]["hotels"]) == 2


def test_dates_are_searched_by_their_bounds() -> None:
    """A span of days is inclusive at both ends."""
    booking = HOTELS.listed("booking")[0]
    day = booking["check_in_date"]
    _, found = ask(HOTELS, "search_bookings", check_in_date_from=day, check_in_date_to=day)
    assert booking in found["bookings"]
    assert all(one["check_in_date"] == day for one in found["bookings"])


def test_what_is_over_cannot_be_changed() -> None:
    """A cancelled booking is neither changed nor cancelled again."""
    world, booking = new_booking(HOTELS)
    key = {"booking_id": booking["booking_id"]}
    world, _ = ask(world, "cancel_booking", **key)
    for name, more in (("cancel_booking", {}), ("update_booking", {"adults": 1})):
        after, result = ask(world, name, **key, **more)
        assert result["error"]["code"] == "conflict" and after == world


def test_what_is_in_use_cannot_be_deleted() -> None:
    """A guest with bookings stays; one without is gone after being deleted."""
    world, booking = new_booking(HOTELS)
    _, result = ask(world, "delete_guest", guest_id=booking["guest_id"])
    assert result["error"]["code"] == "conflict" and "bookings" in result["error"]["message"]
    world, made = ask(
        world,
        "create_guest",
        full_name="Ann Lee",
        email="ann@example.com",
        phone="555-555-5555",
        home_city="Boston",
    )
    key = {"guest_id": made["guest"]["guest_id"]}
    world, gone = ask(world, "delete_guest", **key)
    assert gone["guest"] == made["guest"]
    assert ask(world, "get_guest", **key)[1]["error"]["code"] == "not_found"


def test_what_the_service_fills_in_begins_today() -> None:
    """A new record is at the first choice, without counts, and dated today or as soon as can be."""
    library = make_world(next(d for d in domains("en") if d.name == "library"), 1)
    book, reader = library.listed("book")[0], library.listed("reader")[0]
    _, result = ask(
        library,
        "create_loan",
        book_id=book["book_id"],
        reader_id=reader["reader_id"],
        pickup_branch="Central",
        loan_type="short",
        reminder="none",
    )
    loan = result["loan"]
    assert (loan["lent_on"], loan["due_date"], loan["renewals"]) == ("2026-03-02", "2026-03-16", 0)


def test_the_same_again_is_another_record() -> None:
    """Two equal orders are two records."""
    world, first = new_booking(HOTELS)
    world, second = new_booking(world)
    assert first["booking_id"] != second["booking_id"] and len(diff(HOTELS, world)) == 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_mistakes_are_declared_errors(case: dict[str, Any]) -> None:
    """A wrong call changes nothing and says what is wrong with which parameter."""
    world = WORLDS[case["language"]]
    after, result = ask(world, case["tool"], **case["arguments"])
    assert after == world
    assert result["error"]["code"] == case["code"]
    assert result["error"]["parameter"] == case["parameter"]
    assert case["says"] in result["error"]["message"]


def test_a_tool_of_another_world_is_no_result() -> None:
    """A call of a tool that is not there is the caller's mistake, and names what there is."""
    with pytest.raises(InputError, match="search_hotels"):
        execute(HOTELS, ToolCall(name="fly", arguments={}))


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(operations(HOTELS.domain))),
    sound=st.booleans(),
    arguments=st.dictionaries(st.text(max_size=80), JSON, max_size=4),
)
def test_any_arguments_have_a_declared_result(
    name: str, sound: bool, arguments: dict[str, Any]
) -> None:
    """Whatever a model writes, the result is valid and can be written as JSON."""
    properties = operations(HOTELS.domain)[name].tool.parameters["properties"]
    if sound:  # the right names with wrong values
        arguments = dict(zip(properties, arguments.values(), strict=False))
    _, result = ask(HOTELS, name, **arguments)
    canonical_json(result).encode()
