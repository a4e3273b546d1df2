"""Random dependent plans over every built-in domain, and every failure that a tool can meet.

    python tests/benchmarks/worlds.py [PLANS]

The end state of a plan is compared with one that is worked out here from the calls alone, on plain
dictionaries: a created record is what its result says, an update its arguments, and so on.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from fc_distilabel.apis.domains import Domain, domains
from fc_distilabel.apis.worlds import (
    Fault,
    Operation,
    Plan,
    World,
    diff,
    draw_plan,
    execute,
    expected_end,
    failures,
    inject,
    make_world,
    operations,
    run_plan,
)
from fc_distilabel.schemas.engine import Validator
from fc_distilabel.types import LANGUAGES, ToolCall

ALL = tuple(domain for language in LANGUAGES for domain in domains(language))
PLANS_PER_WORLD = 4


def main(count: int) -> int:
    """Measure and print."""
    start = time.perf_counter()
    worlds = [make_world(domain, seed) for seed in range(5) for domain in ALL]
    print(f"{len(worlds) / (time.perf_counter() - start):,.0f} worlds made per second")
    size = sum(len(world.to_json()) for world in worlds) / len(worlds)
    records = sum(len(r) for world in worlds for r in world.records.values()) / len(worlds)
    print(f"a world: {records:.0f} records, {size / 1000:.1f} kB as JSON with its domain")
    report_plans(count)
    report_faults()
    return 0


def report_plans(count: int) -> None:
    """Plans: how many reach the expected end, and how fast."""
    start = time.perf_counter()
    drawn = list(plans(count))
    print(f"{count:,} plans drawn over {len(ALL)} domains, {rate(count, start)} per second")
    start = time.perf_counter()
    runs = [run_plan(world, plan) for world, plan in drawn]
    calls = sum(len(run.calls) for run in runs)
    print(f"carried out: {rate(count, start)} plans, {rate(calls, start)} calls per second")
    reached = sum(flaws(world, plan) == [] for world, plan in drawn)
    print(f"{reached:,} of {count:,} reach the expected end with every result valid")
    changing = sum(
        bool(diff(world, run.world)) for (world, _), run in zip(drawn, runs, strict=True)
    )
    print(f"{changing / count:.1%} change the world; {calls / count:.2f} calls each")
    chains = Counter(" ".join(verbs(world, plan)) for world, plan in drawn)
    print("most frequent:", ", ".join(f"{chain} {n}" for chain, n in chains.most_common(8)))
    print(f"{len(chains)} different chains of verbs")


def report_faults() -> None:
    """Failures: how many have their declared shape."""
    tools = sum(len(operations(domain)) for domain in ALL)
    found = [(kind, bad) for domain in ALL for kind, bad in injected(make_world(domain, 3))]
    counts = Counter(kind for kind, _ in found)
    sound = sum(not bad for _, bad in found)
    print(f"{tools} tools; {sound:,} of {len(found):,} injected failures are as declared")
    print(", ".join(f"{kind} {n}" for kind, n in sorted(counts.items())))


def plans(count: int) -> Iterator[tuple[World, Plan]]:
    """Random plans, a few to a world, evenly over domains and languages."""
    for index in range(count):
        domain = ALL[index % len(ALL)]
        seed = index // (len(ALL) * PLANS_PER_WORLD)
        yield _world(domain, seed), draw_plan(_world(domain, seed), random.Random(f"plan {index}"))


def flaws(world: World, plan: Plan) -> list[str]:
    """What is wrong with how a plan goes: nothing, when all is well."""
    run = run_plan(world, plan)
    found: list[str] = []
    for index, (call, result) in enumerate(zip(run.calls, run.results, strict=True)):
        if validator(world.domain, call.name).violations(result):
            found.append(f"result {index} is invalid")
        if result["status"] != "ok":
            found.append(f"result {index} is {result['status']}")
    found += [f"{call.name} depends on nothing" for call in plan.calls[1:] if not depends(call)]
    if worked_out(world, run.calls, run.results) != run.world.records:
        found.append("the end is not what the calls amount to")
    again = World.model_validate_json(world.to_json())
    if diff(expected_end(again, Plan.model_validate_json(plan.to_json())), run.world):
        found.append("another end from JSON")
    return found


def depends(call: ToolCall) -> bool:
    """Whether an argument comes from an earlier result."""
    return any(isinstance(value, dict) for value in call.arguments.values())


def worked_out(world: World, calls: Any, results: Any) -> dict[str, dict[str, Any]]:
    """The end state by the calls and what creating gave, independent of how a world is kept."""
    state = {type_: dict(records) for type_, records in world.records.items()}
    for call, result in zip(calls, results, strict=True):
        operation = operations(world.domain)[call.name]
        entity, records = operation.entity, state[operation.entity.name]
        id_ = call.arguments.get(entity.id_field, "")
        if operation.verb == "create":
            record = result[entity.name]
            assert record == record | call.arguments, "a new record is not what was asked for"
            assert record[entity.id_field] not in records, "a new record took the place of another"
            records[record[entity.id_field]] = record
        elif operation.verb == "update":
            records[id_] = records[id_] | call.arguments
        elif operation.verb == "cancel" and entity.cancelled:
            records[id_] = records[id_] | entity.cancelled
        elif operation.verb == "cancel":
            del records[id_]
    return state


def injected(world: World) -> Iterator[tuple[str, list[str]]]:
    """Each failure that each tool can meet, with what is wrong with it."""
    for operation in operations(world.domain).values():
        call = sound_call(world, operation)
        if call is None:
            continue
        for kind in failures(operation):
            yield kind, fault_flaws(world, operation, call, Fault(tool=call.name, kind=kind))


def fault_flaws(world: World, operation: Operation, call: ToolCall, fault: Fault) -> list[str]:
    """What is wrong with how a failure comes and goes."""
    after, result = execute(inject(world, fault), call)
    _, retried = execute(after, call)
    found = [v.message for v in validator(world.domain, call.name).violations(result)]
    if result["status"] == "error":
        given = result["error"]["code"]
    else:
        given = "partial_result" if result["status"] == "partial" and result["missing"] else "none"
    if given != fault.kind:
        found.append(f"{fault.kind} gave {given}")
    if diff(world, after):
        found.append("a failure changed the world")
    if retried != execute(world, call)[1]:
        found.append("the next call does not go well")
    return found


def sound_call(world: World, operation: Operation) -> ToolCall | None:
    """A call of that tool that goes well: its arguments are what some record holds."""
    for record in world.listed(operation.entity.name):
        names = [name for name in operation.tool.parameters["properties"] if name in record]
        arguments = {name: record[name] for name in names}
        call = ToolCall(name=operation.tool.name, arguments=arguments)
        if execute(world, call)[1]["status"] == "ok":
            return call
    return None


def verbs(world: World, plan: Plan) -> list[str]:
    """What the calls of a plan do."""
    return [operations(world.domain)[call.name].verb for call in plan.calls]


def rate(count: int, start: float) -> str:
    """How many per second since then."""
    return f"{count / (time.perf_counter() - start):,.0f}"


@lru_cache(maxsize=256)
def _world(domain: Domain, seed: int) -> World:
    return make_world(domain, seed)


@lru_cache(maxsize=1024)
def validator(domain: Domain, tool: str) -> Validator:
    """The judge of a tool's results."""
    return Validator(operations(domain)[tool].tool.returns)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1000))
