"""Failures to order: their shape, when they come, and that they leave nothing behind."""

from typing import Any

import pytest
from pydantic import ValidationError

from benchmarks.worlds import ALL, injected
from fc_distilabel.apis.domains import Domain, domains
from fc_distilabel.apis.worlds import (
    Fault,
    World,
    execute,
    failures,
    inject,
    make_world,
    operations,
)
from fc_distilabel.errors import InputError
from fc_distilabel.types import ToolCall

HOTELS = make_world(domains("en")[0], 1)
SEARCH = ToolCall(name="search_hotels", arguments={"limit": 4})


def statuses(world: World, call: ToolCall, times: int) -> list[str]:
    """What comes of calling again and again."""
    found = []
    for _ in range(times):
        world, result = execute(world, call)
        found.append(result["status"])
    return found


@pytest.mark.parametrize("domain", ALL[::4], ids=lambda domain: f"{domain.language}-{domain.name}")
def test_failures_have_their_declared_shape(domain: Domain) -> None:
    """Each failure of each tool is valid under `returns`, changes nothing, and passes."""
    found = list(injected(make_world(domain, 3)))
    assert {kind for kind, _ in found} == {
        *("not_found", "invalid_value", "rate_limit", "timeout", "permission", "partial_result")
    }
    assert [bad for _, bad in found if bad] == []


def test_a_failure_meets_the_nth_sound_call() -> None:
    """Calls before and after it go well, and calls that are wrong anyway do not use it up."""
    world = inject(HOTELS, Fault(tool="search_hotels", kind="timeout", call=1))
    assert statuses(world, SEARCH, 3) == ["ok", "error", "ok"]
    wrong = ToolCall(name="search_hotels", arguments={"limit": 0})
    for _ in range(2):
        world, _ = execute(world, wrong)
    other = ToolCall(name="search_guests", arguments={})
    world, _ = execute(world, other)
    assert statuses(world, SEARCH, 3) == ["ok", "error", "ok"]


def test_a_failed_write_can_be_repeated() -> None:
    """After a failure nothing was done, so trying again ends as if there had been none."""
    guest = HOTELS.listed("guest")[0]
    call = ToolCall(
        name="update_guest", arguments={"guest_id": guest["guest_id"], "phone": "555-555-5555"}
    )
    world = inject(HOTELS, Fault(tool=call.name, kind="rate_limit"))
    world, failed = execute(world, call)
    assert failed["error"]["retry_after_seconds"] > 0
    assert world.records == HOTELS.records
    world, _ = execute(world, call)
    assert world.records == execute(HOTELS, call)[0].records


def test_a_partial_list_says_which_records_are_missing() -> None:
    """What is there and what is missing are together what a whole result has."""
    _, whole = execute(HOTELS, SEARCH)
    _, part = execute(inject(HOTELS, Fault(tool=SEARCH.name, kind="partial_result")), SEARCH)
    assert part["status"] == "partial" and part["total"] == whole["total"]
    there = [hotel["hotel_id"] for hotel in part["hotels"]]
    assert there + part["missing"] == [hotel["hotel_id"] for hotel in whole["hotels"]]


def test_a_partial_record_says_which_fields_are_missing() -> None:
    """The fields that are there are right, the others are named, the id is always there."""
    hotel = HOTELS.listed("hotel")[0]
    call = ToolCall(name="get_hotel", arguments={"hotel_id": hotel["hotel_id"]})
    _, part = execute(inject(HOTELS, Fault(tool=call.name, kind="partial_result")), call)
    assert part["hotel"] == {n: v for n, v in hotel.items() if n not in part["missing"]}
    assert part["hotel"]["hotel_id"] and part["missing"]
    assert set(part["hotel"]) | set(part["missing"]) == set(hotel)


def test_of_nothing_nothing_is_missing() -> None:
    """A search without a hit has no part to leave out, and stays as it is."""
    call = ToolCall(name="search_hotels", arguments={"city": "Nowhere"})
    _, result = execute(inject(HOTELS, Fault(tool=call.name, kind="partial_result")), call)
    assert result == {"status": "ok", "hotels": [], "total": 0}


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"tool": "search_hotels", "kind": "not_found"}, "cannot fail with not_found"),
        ({"tool": "create_booking", "kind": "partial_result"}, "it can with invalid_value"),
        ({"tool": "fly", "kind": "timeout"}, "no tool"),
    ],
)
def test_impossible_failures_are_refused(fault: dict[str, Any], says: str) -> None:
    """A failure that no call could meet is refused, with those that there are."""
    with pytest.raises(InputError, match=says):
        inject(HOTELS, Fault(**fault))


def test_a_failure_counts_from_nought() -> None:
    """There is no call before the first."""
    with pytest.raises(ValidationError):
        Fault(tool="search_hotels", kind="timeout", call=-1)


def test_only_reads_are_partial() -> None:
    """Every tool can time out; only what reads can give a part."""
    for operation in operations(HOTELS.domain).values():
        kinds = failures(operation)
        assert "timeout" in kinds
        assert ("partial_result" in kinds) == (operation.verb in ("search", "list", "get"))
