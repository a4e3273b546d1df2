"""Blueprints: everything that decides a conversation, verified before anyone talks.

What holds of the plainest kinds is shown here; of all kinds, and of many toolsets, `test_planning`.
"""

from itertools import pairwise, product

import pytest

from fc_distilabel.apis.sources import TIME_PATTERN
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas import lint_tools, violations
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.arguments import in_order
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.data import actions, everyday_tools
from fc_distilabel.synthesis.results import FAILURES
from fc_distilabel.types import LANGUAGES, Tool
from talk import EVIDENCE, SHAPES, TEXT, field
from talk import toolset as made

SEEDS = 200
TOOLSETS = {language: [made(language, shape) for shape in SHAPES] for language in LANGUAGES}

each_language = pytest.mark.parametrize("language", LANGUAGES)
PLAIN = ("single", "multiple", "parallel", "irrelevant")
each_mix = pytest.mark.parametrize(("kind", "language"), list(product(PLAIN, LANGUAGES)))


def planned(kind, language):
    """A blueprint for each of so many seeds, over toolsets of every shape."""
    toolsets = TOOLSETS[language]
    for seed in range(SEEDS):
        toolset = toolsets[seed % len(toolsets)]
        yield toolset, plan_blueprint(toolset, kind, (7, seed))


@each_mix
def test_a_blueprint_is_sound(kind, language):
    """Whatever kind, language and seed: calls, results, facts, order and offered tools hold."""
    for toolset, blueprint in planned(kind, language):
        assert blueprint.kind == kind
        require_calls(toolset.needed, blueprint)
        require_facts(blueprint)
        require_order(toolset.needed, blueprint)
        assert lint_tools(blueprint.tools) == []


def require_calls(needed, blueprint):
    """Gold calls and results are valid under their schema; no two values of a call are equal."""
    assert len(blueprint.asked_calls) == (2 if blueprint.kind == "parallel" else 1)
    for call in blueprint.asked_calls:
        assert call.name == needed.name
        assert violations(needed.parameters, call.arguments) == []
        values = [str(value) for value in call.arguments.values()]
        assert len(set(values)) == len(values)
    assert len({call.id for call in blueprint.asked_calls}) == len(blueprint.asked_calls)
    assert len(blueprint.results) == len(blueprint.gold_calls)
    for result in blueprint.results:
        assert violations(needed.returns, result) == []
        assert not [value for value in result.values() if FAILURES.search(str(value))]


def require_facts(blueprint):
    """Facts are exactly the values of the calls, each once and in its place."""
    facts = {fact.path: fact.value for fact in blueprint.facts}
    assert len(facts) == len(blueprint.facts)
    first, *others = blueprint.asked_calls
    expected = {f"0/{name}": value for name, value in first.arguments.items()}
    for number, call in enumerate(others, start=1):
        assert set(call.arguments) == set(first.arguments)
        changed = {n: v for n, v in call.arguments.items() if v != first.arguments[n]}
        assert len(changed) == 1
        expected |= {f"{number}/{name}": value for name, value in changed.items()}
    assert facts == expected
    assert all(fact.said and fact.label for fact in blueprint.facts)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("startDate", "endDate"),
        ("pickup_day", "drop_off_day"),
        ("departure", "arrival"),
        ("check_in", "checkout"),
        ("valid_from", "valid_until"),
        ("day", "deadline_or_due_day"),
    ],
)
def test_what_begins_is_before_what_ends(first, last):
    """Whatever the order of the parameters, which columns of JSON do not keep."""
    day = {"type": "string", "format": "date"}
    for names in ((first, last), (last, first)):
        schema = {"type": "object", "properties": dict.fromkeys(names, day)}
        for days in (("2026-03-01", "2026-04-01"), ("2026-04-01", "2026-03-01")):
            drawn = in_order(schema, dict(zip(names, days, strict=True)))
            assert drawn == {first: "2026-03-01", last: "2026-04-01"}


def test_guests_arrive_before_they_depart():
    """Travellers depart first; what a tool is about tells which it is."""
    day = {"type": "string", "format": "date"}
    days = {"arrival_date": "2026-03-01", "departure_date": "2026-04-01"}
    schema = {"type": "object", "properties": dict.fromkeys(days, day)}
    assert in_order(schema, days)["arrival_date"] == "2026-04-01"
    assert (
        in_order({**schema, "properties": {**schema["properties"], "roomType": {}}}, days) == days
    )


def require_order(needed, blueprint):
    """Dates rise in the order of the parameters, and so do times of day."""
    schemas = needed.parameters["properties"]
    for call in blueprint.asked_calls:
        given = [name for name in schemas if name in call.arguments]
        dates = [n for n in given if schemas[n].get("format") == "date"]
        times = [n for n in given if schemas[n].get("pattern") == TIME_PATTERN]
        for group in (dates, times):
            values = [call.arguments[name] for name in group]
            assert all(one < other for one, other in pairwise(values)), call.arguments


@each_language
def test_the_right_tool_is_offered(language):
    """Except where no call is right, the needed tool is offered exactly once."""
    for kind in ("single", "multiple", "parallel"):
        for toolset, blueprint in planned(kind, language):
            assert blueprint.missing is None
            assert blueprint.gold_calls == blueprint.asked_calls
            assert blueprint.tools.count(toolset.needed) == 1
            assert len(blueprint.tools) == (3 if kind == "multiple" else 1)


@each_language
def test_multiple_offers_lookalikes(language):
    """The other tools are look-alikes, and the right one does not always stand first."""
    places = set()
    for toolset, blueprint in planned("multiple", language):
        others = [tool for tool in blueprint.tools if tool != toolset.needed]
        assert all(tool in toolset.similar for tool in others)
        places.add(blueprint.tools.index(toolset.needed))
    assert places == {0, 1, 2}


@each_language
def test_irrelevant_offers_nothing_that_fits(language):
    """The needed tool is missing, and no offered tool shares a word of its name."""
    needed = TOOLSETS[language][0].needed
    akin = needed.model_copy(update={"name": "reserve_table"})
    other = needed.model_copy(update={"name": "polish_silver"})
    offered = set()
    for seed in range(SEEDS):
        blueprint = plan_blueprint(
            TOOLSETS[language][0], "irrelevant", (7, seed), (akin, other, other)
        )
        assert blueprint.missing == needed
        assert blueprint.gold_calls == () == blueprint.results
        assert len(blueprint.tools) == 3
        for tool in blueprint.tools:
            assert not set(tool.name.split("_")) & {"find", "table"}
        offered |= {tool.name for tool in blueprint.tools}
    assert "polish_silver" in offered
    assert offered & {tool.name for tool in everyday_tools(language)}


@each_mix
def test_equal_seeds_give_equal_blueprints(kind, language):
    """A blueprint depends on its toolset, kind and seed alone; other seeds give others."""
    again = [blueprint for _, blueprint in planned(kind, language)]
    assert again == [blueprint for _, blueprint in planned(kind, language)]
    assert len({blueprint.id for blueprint in again}) > SEEDS * 0.9


def test_kinds_draw_for_themselves():
    """One toolset gives different values for different kinds."""
    toolset = TOOLSETS["en"][0]
    drawn = [plan_blueprint(toolset, kind, (7, 0)).asked_calls[0].arguments for kind in PLAIN]
    assert any(arguments != drawn[0] for arguments in drawn)


@each_language
def test_values_of_the_document_are_preferred(language):
    """Where the evidence names one of a field's examples, the call has that one."""
    quoted = TEXT[language]["text"][0]
    assert quoted in EVIDENCE[language]
    places = set()
    for seed in range(50):
        blueprint = plan_blueprint(TOOLSETS[language][0], "single", (7, seed))
        places.add(blueprint.asked_calls[0].arguments["place"])
    assert places == {quoted}


def test_an_optional_parameter_is_given_now_and_then():
    """Calls with and without an optional parameter both occur."""
    toolset = next(
        t for t in (made(row=row) for row in range(20)) if len(t.needed.parameters["required"]) == 2
    )
    given = {
        "guests" in plan_blueprint(toolset, "single", (7, seed)).asked_calls[0].arguments
        for seed in range(50)
    }
    assert given == {True, False}


@each_language
def test_a_result_repeats_what_was_asked(language):
    """A field of the result that is a parameter too has the value of the call."""
    toolset = made(language, SHAPES[0][1:])
    guests = toolset.needed.parameters["properties"]["guests"]
    needed = toolset.needed.model_copy(update={"returns": closed_object({"guests": guests})})
    toolset = toolset.model_copy(update={"needed": needed})
    for seed in range(30):
        blueprint = plan_blueprint(toolset, "parallel", (7, seed))
        for call, result in zip(blueprint.gold_calls, blueprint.results, strict=True):
            assert result["guests"] == call.arguments["guests"]


@each_language
def test_things_end_well(language):
    """No result is a failure: these kinds of dialogue have no words for one."""
    states = (
        ["booked", "rejected", "not booked"] if language == "en" else ["已预订", "已拒绝", "未订"]
    )
    result = [field(language, "spot", "choice", "spot found" if language == "en" else "结果状况")]
    result[0]["examples"] = states
    toolset = made(language, result=result)
    for seed in range(30):
        assert plan_blueprint(toolset, "single", (7, seed)).results == ({"spot": states[0]},)


def test_an_action_of_our_own_results():
    """Results that code owns are drawn by their schemas."""
    returns = next(a for a in actions("en") if a.name == "apply").returns
    toolset = TOOLSETS["en"][0]
    needed = toolset.needed.model_copy(
        update={"returns": toolset.needed.returns | {"properties": returns, "required": []}}
    )
    changed = toolset.model_copy(update={"needed": needed})
    results = {str(plan_blueprint(changed, "single", (7, seed)).results) for seed in range(20)}
    assert len(results) > 10


def same_examples(count):
    """A toolset of one parameter of so many values."""
    toolset = TOOLSETS["en"][0]
    parameters = {
        "type": "object",
        "properties": {
            "place": {"type": "string", "enum": ["a1", "b2"][:count], "description": "Place"}
        },
        "required": ["place"],
        "additionalProperties": False,
    }
    needed = toolset.needed.model_copy(update={"parameters": parameters})
    return toolset.model_copy(update={"needed": needed})


def test_too_few_values_drop_the_row():
    """Where two calls cannot differ, the row is dropped; with two values it is not."""
    assert len(plan_blueprint(same_examples(2), "parallel", (7,)).asked_calls) == 2
    with pytest.raises(Dropped, match="too few different values"):
        plan_blueprint(same_examples(1), "parallel", (7,))


@pytest.mark.parametrize("required", [["other"], ["other", "place"]])
def test_equal_values_are_never_given_together(required):
    """Two parameters that can only have one and the same value cannot be told apart."""
    toolset = same_examples(1)
    place = toolset.needed.parameters["properties"]["place"]
    parameters = toolset.needed.parameters | {"properties": {"place": place, "other": place}}
    needed = toolset.needed.model_copy(update={"parameters": parameters | {"required": required}})
    changed = toolset.model_copy(update={"needed": needed})
    for seed in range(20):
        if len(required) == 2:
            with pytest.raises(Dropped, match="too few different values"):
                plan_blueprint(changed, "single", (7, seed))
        else:
            [call] = plan_blueprint(changed, "single", (7, seed)).asked_calls
            assert list(call.arguments) == ["other"]


def test_an_example_that_breaks_its_schema_is_not_used():
    """A value that somebody suggested is taken only where the schema allows it."""
    toolset = TOOLSETS["en"][0]
    broken = toolset.model_copy(
        update={"examples": toolset.examples | {"parameters/guests": ("many",)}}
    )
    for seed in range(10):
        [call] = plan_blueprint(broken, "single", (7, seed)).asked_calls
        assert "many" not in call.arguments.values()


def test_nested_arguments_are_said_value_by_value():
    """Objects and lists of a call become one fact for each value inside, at its place."""
    text = {"type": "string", "enum": ["aisle", "window"], "description": "Seat"}
    inner = closed_object({"seat": text, "quiet": {"type": "boolean", "description": "Quiet car"}})
    codes = {"type": "array", "items": {"type": "string", "pattern": "^T-[0-9]{3}$"}, "minItems": 2}
    properties = {
        "wishes": inner | {"description": "Wishes"},
        "trains": codes | {"maxItems": 2, "description": "Trains to try"},
        "gate": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 9}, {"type": "null"}]}
        | {"description": "Gate"},
    }
    toolset = TOOLSETS["en"][0]
    needed = toolset.needed.model_copy(update={"parameters": closed_object(properties)})
    changed = toolset.model_copy(update={"needed": needed, "examples": {}})
    for seed in range(20):
        blueprint = plan_blueprint(changed, "single", (7, seed))
        [call] = blueprint.asked_calls
        assert violations(needed.parameters, call.arguments) == []
        told = {fact.path: fact.value for fact in blueprint.facts}
        places = {"wishes/seat", "wishes/quiet", "trains/0", "trains/1", "gate"}
        assert set(told) == {f"0/{place}" for place in places}
        assert {f.said for f in blueprint.facts if f.path == "0/wishes/quiet"} <= {"yes", "no"}
        assert told["0/trains/0"] == call.arguments["trains"][0]
    first, second = plan_blueprint(changed, "parallel", (7, 0)).asked_calls
    assert first.arguments != second.arguments


def test_a_date_that_may_be_null_is_given():
    """Of dates that may be null, what is drawn is a date, and later than the one before."""
    date = {"type": ["string", "null"], "format": "date"}
    properties = {
        "first": date | {"description": "First day"},
        "last": date | {"description": "Last day"},
    }
    toolset = TOOLSETS["en"][0]
    needed = toolset.needed.model_copy(update={"parameters": closed_object(properties)})
    changed = toolset.model_copy(update={"needed": needed, "examples": {}})
    for seed in range(40):
        [call] = plan_blueprint(changed, "single", (7, seed)).asked_calls
        assert call.arguments["first"] < call.arguments["last"]


def test_a_list_has_the_examples_of_its_items():
    """A parameter that has become a list is filled with what was told of the single one."""
    toolset = TOOLSETS["en"][0]
    whole = {"type": "array", "items": {"type": "string"}, "minItems": 1, "description": "Places"}
    needed = toolset.needed.model_copy(update={"parameters": closed_object({"places": whole})})
    changed = toolset.model_copy(update={"needed": needed})
    [call] = plan_blueprint(changed, "single", (7, 0)).asked_calls
    assert set(call.arguments["places"]) <= set(TEXT["en"]["text"])


def test_others_of_one_name_count_once():
    """Tools of other scenarios may repeat each other; no name is offered twice."""
    toolset = TOOLSETS["en"][0]
    twins = [
        Tool(
            name="polish_silver",
            description=f"Polish it {i}.",
            parameters=toolset.needed.parameters,
            returns=toolset.needed.returns,
        )
        for i in range(30)
    ]
    for seed in range(30):
        offered = plan_blueprint(toolset, "irrelevant", (7, seed), twins).tools
        assert lint_tools(offered) == []
