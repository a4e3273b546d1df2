"""Planning of every kind of dialogue, over toolsets about all domains, flat and complex."""

from collections import Counter
from functools import cache
from itertools import product
from typing import Any

import pytest

from domain_toolsets import toolsets
from fc_distilabel.apis.sources import TODAY
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.schemas.places import place
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.planning import PLANNERS, RELATIVES
from fc_distilabel.types import KINDS, LANGUAGES, Blueprint, Kind, Tool, Toolset
from sound import NO_CALL, flaws, leaves, require_sound, tools_of
from talk import toolset as made

PRESETS = (0, 3)
EVERY, SEEDS = 4, 2
LEAST: dict[Kind, float] = {"dependent": 0.45, "invalid_value": 0.75}
"""Share of toolsets that must be able to carry a kind; of the others nearly all."""
NEARLY_ALL = 0.94
READS = ("look_up", "check", "work_out")

each_kind = pytest.mark.parametrize("kind", KINDS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def planned(kind: Kind, language: Any, preset: int = 0) -> list[tuple[Toolset, Blueprint | None]]:
    """The blueprint of each toolset and seed, or None where it was dropped."""
    found = []
    for toolset, seed in product(toolsets(language, preset, EVERY), range(SEEDS)):
        try:
            parts = (7, toolset.scenario.id, seed)
            found.append((toolset, plan_blueprint(toolset, kind, parts)))
        except Dropped:
            found.append((toolset, None))
    return found


def all_planned(kind: Kind) -> list[tuple[Toolset, Blueprint]]:
    """Those of all languages and presets that were not dropped."""
    each = [planned(kind, *mix) for mix in product(LANGUAGES, PRESETS)]
    return [(toolset, blueprint) for one in each for toolset, blueprint in one if blueprint]


@each_kind
@each_language
@pytest.mark.parametrize("preset", PRESETS)
def test_every_blueprint_is_sound(kind: Kind, language: Any, preset: int) -> None:
    """Replayed by what is said and returned, each gives exactly its calls; most toolsets do."""
    found = planned(kind, language, preset)
    sound = [blueprint for _, blueprint in found if blueprint is not None]
    for blueprint in sound:
        assert blueprint.kind == kind
        require_sound(blueprint)
    share = len(sound) / len(found)
    print(f"{kind} {language} preset {preset}: {share:.2f} of {len(found)}")
    assert len(found) > 90 and share >= LEAST.get(kind, NEARLY_ALL)


@each_kind
def test_equal_seeds_give_equal_blueprints(kind: Kind) -> None:
    """A blueprint depends on toolset, kind and seed alone; other seeds give others."""
    first, again = planned(kind, "en"), planned.__wrapped__(kind, "en")
    assert first == again
    assert len({each.to_json() for _, each in first if each}) > 0.9 * len(first) * LEAST.get(
        kind, 1
    )


def test_shapes() -> None:
    """Each kind has the turns and the rounds that make it what it is."""
    seen: dict[str, Counter[str]] = {}
    for kind in KINDS:
        shapes = [_shape(each) for _, each in all_planned(kind)]
        seen[kind] = Counter(shapes)
    asked = "request -> ask; {} 0 -> tell"
    assert set(seen["single"]) == set(seen["multiple"]) == {"request 0 -> tell"}
    assert set(seen["parallel"]) == {"request 0+1 -> tell"}
    assert set(seen["tool_error"]) == {"request 0 1 -> tell"}
    assert set(seen["dependent"]) == {"request 0 1 -> tell", "request 0 1 2 -> tell"}
    assert set(seen["missing_parameter"]) == {asked.format("supply")}
    assert set(seen["invalid_value"]) == {"request -> refuse; correct 0 -> tell"}
    assert set(seen["irrelevant"]) == set(seen["missing_function"]) == {"request -> decline"}
    once_more = "request 0 -> tell; follow_up 1 -> tell"
    assert set(seen["multi_turn"]) == {once_more, f"{once_more}; follow_up 2 -> tell"}
    changed = "request 0 -> tell; change 1 -> tell"
    assert set(seen["change_of_mind"]) == {changed, asked.format("change")}
    assert all(min(counts.values()) > 5 for counts in seen.values()), seen


def _shape(blueprint: Blueprint) -> str:
    turns = []
    for turn in blueprint.exchanges:
        rounds = ["+".join(map(str, group)) for group in turn.rounds]
        turns.append(" ".join([turn.intent, *rounds, "->", turn.ends]))
    return "; ".join(turns)


def test_what_is_asked_for_is_needed() -> None:
    """Withheld values are not said at first, are no flags, and the call is not valid without."""
    counts = Counter[int]()
    for _, blueprint in all_planned("missing_parameter"):
        [call] = blueprint.asked_calls
        first, second = blueprint.exchanges
        counts[len(first.about)] += 1
        assert {fact.path for fact in blueprint.facts if fact.turn == 1} == {*first.about}
        for path in first.about:
            keys = path.split("/")[1:]
            assert flaws(tools_of(blueprint)[call.name].parameters, without(call.arguments, keys))
            value = leaves(call.arguments)[tuple(keys)]
            assert not isinstance(value, bool)
            assert str(value) not in blueprint.scenario.user_goal
        assert second.about == ()
    assert set(counts) == {1, 2} and counts[1] > 3 * counts[2]


def without(arguments: Any, keys: list[str]) -> Any:
    """Arguments less one value, and less the groups that it leaves empty."""
    rest = {key: value for key, value in arguments.items() if key != keys[0]}
    inner = without(arguments[keys[0]], keys[1:]) if keys[1:] else {}
    return rest | ({keys[0]: inner} if inner else {})


def test_what_has_a_default_is_not_asked_for() -> None:
    """A required value that its schema tells anyway is never withheld."""
    choice = {"type": "string", "enum": ["aisle", "window"], "description": "Seat"}
    parameters = closed_object({"seat": choice | {"default": "aisle"}, "code": _code("Code")})
    for seed in range(30):
        blueprint = plan_blueprint(with_parameters(parameters), "missing_parameter", (7, seed))
        assert blueprint.exchanges[0].about == ("0/code",)
    flag = {"type": "boolean", "description": "Quiet car"}
    with pytest.raises(Dropped, match="no value to ask for"):
        plan_blueprint(with_parameters(closed_object({"quiet": flag})), "missing_parameter", (7,))


def _code(description: str) -> dict[str, Any]:
    return {"type": "string", "pattern": "^T-[0-9]{4}$", "description": description}


def with_parameters(parameters: dict[str, Any], **changes: Any) -> Toolset:
    toolset = made()
    needed = toolset.needed.model_copy(update={"parameters": parameters})
    return toolset.model_copy(update={"needed": needed, "examples": {}, **changes})


def test_a_forbidden_value_breaks_its_schema_alone() -> None:
    """The value that is refused is invalid, the corrected one is not, and nothing else changes."""
    for toolset, blueprint in all_planned("invalid_value"):
        [call] = blueprint.asked_calls
        [path] = blueprint.exchanges[0].about
        keys = tuple(path.split("/")[1:])
        wrong, right = (f.value for f in blueprint.facts if f.path == path)
        tool = tools_of(blueprint)[call.name]
        assert leaves(call.arguments)[keys] == right != wrong
        assert flaws(tool.parameters, _with(call.arguments, keys, wrong)) == ["/".join(keys)]
        assert type(wrong) is type(right) or {type(wrong), type(right)} == {int, float}
        assert tool.returns == toolset.needed.returns
        assert _but_for(tool.parameters, keys) == _but_for(toolset.needed.parameters, keys)


def _with(arguments: Any, keys: tuple[str, ...], value: Any) -> Any:
    if not keys:
        return value
    if isinstance(arguments, list):
        index = int(keys[0])
        return [_with(v, keys[1:], value) if i == index else v for i, v in enumerate(arguments)]
    return arguments | {keys[0]: _with(arguments[keys[0]], keys[1:], value)}


def _but_for(schema: Any, keys: tuple[str, ...]) -> Any:
    """A schema without the property at a path, as far as it lists properties plainly."""
    listed = schema.get("properties", {})
    if not keys or keys[0] not in listed:
        return schema
    inner = _but_for(listed[keys[0]], keys[1:]) if keys[1:] else None
    return schema | {"properties": listed | {keys[0]: inner}}


def test_a_new_bound_is_said() -> None:
    """A tool that gets a bound for it says so in the parameter's description."""
    said = 0
    for toolset, blueprint in all_planned("invalid_value"):
        [call] = blueprint.asked_calls
        before = toolset.needed.parameters["properties"]
        for name, schema in tools_of(blueprint)[call.name].parameters["properties"].items():
            bound = schema.get("maximum")
            if bound is not None and "maximum" not in before[name]:
                assert str(bound) in schema["description"]
                assert schema["description"].startswith(before[name]["description"])
                said += 1
    assert said > 10


def test_a_failure_is_declared_and_tried_again() -> None:
    """The failure is valid under what the tool returns now, and was not before; nor is success."""
    codes = Counter[str]()
    for toolset, blueprint in all_planned("tool_error"):
        first, second = blueprint.asked_calls
        assert (first.name, first.arguments) == (second.name, second.arguments)
        assert blueprint.failed == (0,) and first.id != second.id
        failure, result = blueprint.results
        assert flaws(toolset.needed.returns, failure) and not flaws(toolset.needed.returns, result)
        error = failure["error"]
        codes[error["code"]] += 1
        assert ("retry_after_seconds" in error) == (error["code"] == "rate_limit")
        assert str(error.get("retry_after_seconds", "")) in error["message"]
        returns = tools_of(blueprint)[first.name].returns
        assert flaws(returns, {"error": {"code": "rate_limit", "message": "Wait."}})
        assert flaws(returns, {"error": {**error, "hint": "Wait."}}) and flaws(returns, {})
    assert set(codes) == {"rate_limit", "timeout", "unavailable"}


def test_the_last_wish_wins() -> None:
    """Of a read the call is made again; of a write only once, with what was wanted last."""
    calls: dict[bool, list[int]] = {True: [], False: []}
    for _, blueprint in all_planned("change_of_mind"):
        last = blueprint.asked_calls[-1]
        [changed] = [f for f in blueprint.facts if f.turn == 1 and f.path not in _asked(blueprint)]
        keys = tuple(changed.path.split("/")[1:])
        assert leaves(last.arguments)[keys] == changed.value
        [before] = [f for f in blueprint.facts if f.path == place(0, keys) and f.turn == 0]
        assert before.value != changed.value
        calls[blueprint.scenario.action in READS].append(len(blueprint.asked_calls))
    assert calls[True].count(2) > 0.95 * len(calls[True])
    assert calls[False].count(1) > 0.8 * len(calls[False])


def _asked(blueprint: Blueprint) -> tuple[str, ...]:
    return blueprint.exchanges[0].about


def test_a_follow_up_changes_one_value() -> None:
    """The same call with one other value, or a further tool with an id from the result before."""
    further = 0
    for _, blueprint in all_planned("multi_turn"):
        for number, call in enumerate(blueprint.asked_calls[1:], start=1):
            before = blueprint.asked_calls[number - 1]
            told = [fact for fact in blueprint.facts if fact.turn == number]
            if call.name == before.name:
                one, other = leaves(before.arguments), leaves(call.arguments)
                assert set(one) == set(other)
                assert len([keys for keys in one if one[keys] != other[keys]]) == 1 == len(told)
            else:
                further += 1
                assert len(told) == len(call.arguments) - 1
                assert [r.call for p, r in blueprint.references.items()] == [number - 1]
    assert further > 50


def test_a_chain_hangs_on_results() -> None:
    """Every call but the first needs the result of the one before, which nobody has said."""
    names = Counter[bool]()
    for toolset, blueprint in all_planned("dependent"):
        told = {str(fact.value) for fact in blueprint.facts}
        for number in range(1, len(blueprint.asked_calls)):
            [path] = [p for p in blueprint.references if p.startswith(f"{number}/")]
            reference = blueprint.references[path]
            assert reference.call == number - 1
            value = leaves(blueprint.asked_calls[number].arguments)[tuple(path.split("/")[1:])]
            assert str(value) not in told
        finds = blueprint.asked_calls[0].name != toolset.needed.name
        names[finds] += 1
        if finds:
            require_finder(toolset, blueprint)
    assert min(names.values()) > 50


def require_finder(toolset: Toolset, blueprint: Blueprint) -> None:
    """The needed tool takes an id in the place of one name, which the other tool finds."""
    finding, call = blueprint.asked_calls[:2]
    [name] = finding.arguments
    finder, needed = (tools_of(blueprint)[each.name] for each in (finding, call))
    assert call.name == toolset.needed.name
    assert blueprint.results[0][name] == finding.arguments[name]
    [lost] = set(_names(toolset.needed)) - set(_names(needed))
    [gained] = set(_names(needed)) - set(_names(toolset.needed))
    assert lost == name and gained.endswith("_id") and gained in finder.returns["properties"]


def _names(tool: Tool) -> list[str]:
    def inside(schema: Any) -> list[str]:
        if not isinstance(schema, dict):
            return []
        listed = schema.get("properties", {})
        parts = [*listed.values(), schema.get("items"), *schema.get("anyOf", ())]
        return [*listed, *(name for part in parts for name in inside(part))]

    return inside(tool.parameters)


def test_missing_functions_are_of_the_same_subject() -> None:
    """What is on offer does another job, besides at most one tool of another subject."""
    for toolset, blueprint in all_planned("missing_function"):
        jobs = {t.name for t in toolset.similar if t.name not in toolset.decided_by}
        offered = [tool.name for tool in blueprint.tools]
        assert jobs & set(offered) and len(set(offered) - jobs) <= 1
        assert toolset.needed.name not in offered and not blueprint.decided_by
        if blueprint.scenario.action in ("look_up", "check"):
            assert not [n for n in offered if n in jobs and n.startswith(("track", "list"))]
        if blueprint.scenario.action == "change":
            assert not [n for n in offered if n in jobs and n.startswith(("withdraw", "set"))]


@each_kind
def test_distractors_are_wrong(kind: Kind) -> None:
    """Beside the right tools stand similar ones only, and none that a missing value would fit."""
    beside = 0
    for toolset, blueprint in all_planned(kind):
        called = {call.name for call in blueprint.gold_calls}
        wrong = [tool for tool in blueprint.tools if tool.name not in called]
        if kind in NO_CALL:
            continue
        beside += bool(wrong)
        assert all(tool in toolset.similar for tool in wrong) and len(wrong) <= 2
        if kind in ("missing_parameter", "invalid_value", "tool_error"):
            assert not blueprint.decided_by
    assert kind in NO_CALL or (beside > 0) == (kind not in ("single", "parallel"))


def test_what_the_system_knows() -> None:
    """Some user leaves out a value that the system has; it is said at once, once and not alone."""
    known = Counter[str]()
    for kind in KINDS:
        for _, blueprint in all_planned(kind):
            told = [fact for fact in blueprint.facts if fact.told_by == "system"]
            assert len(told) <= 1
            for fact in told:
                keys = fact.path.partition("/")[2]
                again = [f for f in blueprint.facts if f.path.partition("/")[2] == keys]
                assert again == [fact] and fact.turn == 0
                assert not any(fact.path in turn.about for turn in blueprint.exchanges)
                opening = [f for f in blueprint.facts if f.turn == 0 and f.told_by == "user"]
                assert opening
                known[fact.label] += 1
            assert not (told and kind in NO_CALL)
    assert len(known) >= 6


@each_language
def test_today_goes_without_saying(language: Any) -> None:
    """Where the system says what day it is, a request may be about today and say nothing of it."""
    toolset = made(language)
    found = [plan_blueprint(toolset, "single", (7, seed)) for seed in range(60)]
    told = [f for b in found for f in b.facts if f.told_by == "system"]
    assert 5 < len(told) < 40
    label = {"en": "Today's date", "zh": "今天的日期"}[language]
    assert {(fact.path, fact.label, fact.value) for fact in told} == {
        ("0/visit_date", label, TODAY.isoformat())
    }


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("recipient_city", "City"),
        ("city", "City of the recipient"),
        ("name", "Name"),
        ("destination_city", "City"),
        ("birth_date", "Date of birth"),
    ],
)
def test_what_the_system_does_not_know(name: str, label: str) -> None:
    """Somebody else's city or name, and any date, are for the user to say."""
    value = "2026-05-04" if name.endswith("date") else "Denver"
    schema = {"type": "string", "description": label}
    examples = {f"parameters/{name}": (value,)}
    toolset = with_parameters(closed_object({name: schema, "code": _code("Code")}))
    toolset = toolset.model_copy(update={"examples": examples})
    for seed in range(30):
        blueprint = plan_blueprint(toolset, "single", (7, seed))
        assert {fact.told_by for fact in blueprint.facts} == {"user"}


def test_relatives() -> None:
    """Every kind has its planner; none gives way to itself, nor from no call to a call."""
    assert set(PLANNERS) == set(RELATIVES) == set(KINDS)
    for kind, others in RELATIVES.items():
        assert kind not in others and len(set(others)) == len(others)
        assert kind not in NO_CALL or set(others) <= set(NO_CALL)
        assert kind in NO_CALL or not set(others) & set(NO_CALL)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("multiple", "no similar tools"),
        ("missing_function", "no tools for other jobs"),
        ("dependent", "nothing depends on a result"),
        ("multi_turn", "nothing to ask on"),
        ("change_of_mind", "too few different values"),
        ("invalid_value", "no value to break"),
    ],
)
def test_a_toolset_that_cannot_carry_a_kind(kind: Kind, reason: str) -> None:
    """The row ends with what is lacking."""
    only = {"type": "string", "enum": ["aisle"], "description": "Seat"}
    bare = with_parameters(closed_object({"seat": only}), similar=(), decided_by={})
    told = closed_object({"spot": {"type": "string", "enum": ["by the window"]}})
    bare = bare.model_copy(update={"needed": bare.needed.model_copy(update={"returns": told})})
    with pytest.raises(Dropped, match=reason):
        plan_blueprint(bare, kind, (7,))
