"""Worlds: what they are made of, and that they are values."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from fc_distilabel.apis.domains import Domain, domains
from fc_distilabel.apis.sources import TODAY
from fc_distilabel.apis.worlds import World, diff, execute, make_world, world_tools
from fc_distilabel.apis.worlds.records import record_schema
from fc_distilabel.errors import InputError
from fc_distilabel.schemas.engine import Validator
from fc_distilabel.schemas.lint import lint_tools
from fc_distilabel.types import LANGUAGES, ToolCall, content_id

ALL = [domain for language in LANGUAGES for domain in domains(language)]
HOTELS = domains("en")[0]
SCRIPT = """
import random
from fc_distilabel.apis.domains import domains
from fc_distilabel.apis.worlds import draw_plan, make_world, run_plan
from fc_distilabel.types import content_id
made = []
for language in ("en", "zh"):
    for domain in domains(language)[:4]:
        world = make_world(domain, 5)
        plan = draw_plan(world, random.Random(5))
        run = run_plan(world, plan)
        made.append([world.to_json(), plan.to_json(), run.world.to_json(), list(run.results)])
print(content_id(made))
"""


def name_of(domain: Domain) -> str:
    """A readable id of a parameter."""
    return f"{domain.language}-{domain.name}"


@pytest.mark.parametrize("domain", ALL, ids=name_of)
def test_records_are_valid_and_related(domain: Domain) -> None:
    """Every record fits its schema and refers to records that exist; its dates rise."""
    world = make_world(domain, 11)
    for entity in domain.entities:
        judge = Validator(record_schema(domain, entity))
        dates = [field.name for field in entity.fields if field.kind == "date"]
        assert len(world.records[entity.name]) == 8
        for id_, record in world.records[entity.name].items():
            assert judge.violations(record) == []
            assert record[entity.id_field] == id_
            assert all(record[name] in world.records[t] for name, t in entity.refers_to.items())
            days = [record[name] for name in dates if name in record]
            assert days == sorted(days)


@pytest.mark.parametrize("domain", ALL, ids=name_of)
def test_tools_are_fit_to_offer(domain: Domain) -> None:
    """The tools of a domain have no flaw by the rules for definitions, results included."""
    tools = world_tools(domain)
    assert lint_tools(tools) == []
    assert all(tool.returns["anyOf"] for tool in tools)


def test_names_of_things_differ() -> None:
    """No two hotels of a world have one name, while there are names enough."""
    hotels = make_world(HOTELS, 1, size=10).listed("hotel")
    assert len({hotel["name"] for hotel in hotels}) == 10


def test_what_lies_ahead_is_not_over() -> None:
    """A stay that is still to come is confirmed or cancelled, never completed."""
    bookings = make_world(HOTELS, 1, size=60).listed("booking")
    ahead = [b["status"] for b in bookings if b["check_out_date"] > TODAY.isoformat()]
    assert len(ahead) == 60 and set(ahead) == {"confirmed", "cancelled"}


def test_equal_seeds_make_equal_worlds() -> None:
    """A seed decides the world; another seed makes another."""
    assert make_world(HOTELS, 3) == make_world(HOTELS, 3)
    assert make_world(HOTELS, 3) != make_world(HOTELS, 4)


def test_processes_agree() -> None:
    """Worlds, plans and results do not depend on a process's hash seed."""
    found = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout.strip())
    assert len(found) == 1 and len(found.pop()) == 16


def test_domains_do_not_share_ids() -> None:
    """The first book of an English library and of a Chinese one have different ids."""
    libraries = [d for d in ALL if d.name == "library"]
    first, second = (set(make_world(library, 1).records["book"]) for library in libraries)
    assert first != second


@pytest.mark.parametrize("domain", [domains("en")[0], domains("zh")[0]], ids=name_of)
def test_worlds_survive_json(domain: Domain) -> None:
    """A world read back from its JSON is equal and answers in the same words."""
    world = make_world(domain, 2)
    again = World.model_validate_json(world.to_json())
    assert again == world and hash(again.domain) == hash(world.domain)
    for tool in world_tools(domain):
        if tool.name.startswith("search_"):
            call = ToolCall(name=tool.name, arguments={})
            assert json.dumps(execute(again, call)[1]) == json.dumps(execute(world, call)[1])


def test_calls_leave_the_old_world_as_it_was() -> None:
    """A write makes a new world; neither it nor a changed result reaches the old one."""
    world = make_world(HOTELS, 2)
    before = content_id(world.records)
    [guest, *_] = world.listed("guest")
    call = ToolCall(
        name="update_guest", arguments={"guest_id": guest["guest_id"], "phone": "555-555-5555"}
    )
    after, result = execute(world, call)
    result["guest"]["phone"] = "nothing"
    assert content_id(world.records) == before
    assert after.records["guest"][guest["guest_id"]]["phone"] == "555-555-5555"


def test_diff_names_what_changed() -> None:
    """A difference is a record with what it was and what it is; none without a change."""
    world = make_world(HOTELS, 2)
    [guest, *_] = world.listed("guest")
    changed = world.put("guest", guest | {"phone": "555-555-5555"})
    [change] = diff(world, changed)
    assert (change.entity, change.id) == ("guest", guest["guest_id"])
    assert change.before == guest and change.after == guest | {"phone": "555-555-5555"}
    [gone] = diff(world, world.drop("guest", guest["guest_id"]))
    assert gone.before == guest and gone.after is None
    assert diff(world, world) == ()


@pytest.mark.parametrize("size", [0, -1, 501])
def test_worlds_are_small(size: int) -> None:
    """A size that makes no sense is refused with the bounds."""
    with pytest.raises(InputError, match="1 to 500"):
        make_world(HOTELS, 1, size)


def test_independent_calls_may_swap() -> None:
    """Two new records are the same whichever was made first."""
    world = make_world(HOTELS, 2)
    calls = [
        ToolCall(
            name="create_guest",
            arguments={
                "full_name": name,
                "email": "a@example.com",
                "phone": "555-555-5555",
                "home_city": "Boston",
            },
        )
        for name in ("Ann Lee", "Bob Ray")
    ]
    ends: list[Any] = []
    for order in (calls, calls[::-1]):
        end = world
        for call in order:
            end, _ = execute(end, call)
        ends.append(end)
    assert diff(ends[0], ends[1]) == () and len(diff(world, ends[0])) == 2
