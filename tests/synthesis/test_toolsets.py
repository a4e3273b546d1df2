"""A model's shorthand of a function, and the tools that code makes of it."""

import re

import pytest

from fc_distilabel.schemas import lint_tools, violations
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.asking import TRIES
from fc_distilabel.synthesis.data import actions, lookalike_templates, toolset_examples
from fc_distilabel.synthesis.lookalikes import make_lookalikes
from fc_distilabel.synthesis.signatures import signature
from fc_distilabel.synthesis.toolsets import synthesize_toolset
from fc_distilabel.synthesis.wording import in_language
from fc_distilabel.types import LANGUAGES, Tool
from talk import GOALS, LABELS, SHAPES, Scripted, asker, drop_of, field, run, scenario, shorthand
from talk import toolset as made

each_language = pytest.mark.parametrize("language", LANGUAGES)


def wide(language):
    """A reply with four parameters."""
    reply = shorthand(language)
    view = "View from the seat" if language == "en" else "窗外景色"
    reply["parameters"].append(field(language, "view", "choice", view))
    return reply


def asked(reply, language="en", action="look_up", row=0):
    """The model that gave the replies, and the coroutine that makes the toolset."""
    model = Scripted(parameters=reply if isinstance(reply, list) else [reply])
    work = synthesize_toolset(asker(model, language, "toolset", row), scenario(language, action))
    return model, work


@each_language
@pytest.mark.parametrize("shape", SHAPES)
def test_a_shorthand_becomes_a_sound_tool(language, shape):
    """Whatever the kinds of its fields, the tool and its look-alikes are free of flaws."""
    toolset = made(language, shape)
    assert toolset.needed.name == "find_table"
    assert list(toolset.needed.parameters["properties"]) == [name for name, _ in shape]
    assert set(toolset.needed.returns["properties"]) == {"spot", "price"}
    assert toolset.needed.returns["required"] == ["spot", "price"]
    assert lint_tools((toolset.needed, *toolset.similar)) == []


@each_language
@pytest.mark.parametrize("action", ["look_up", "apply", "change", "work_out", "check"])
def test_every_action_gives_a_sound_tool(language, action):
    """What an action gives back is code's where that is the same in every domain."""
    kind = next(a for a in actions(language) if a.name == action)
    changes = {"name": f"{kind.verbs[0]}_table"}
    reply = shorthand(language, **changes)
    if kind.returns:
        del reply["result"]
    toolset = run(asked(reply, language, action)[1])
    assert lint_tools((toolset.needed, *toolset.similar)) == []
    assert not kind.returns or toolset.needed.returns["properties"] == kind.returns


def test_a_name_says_what_the_action_is():
    """A function for another sort of action is no reply at all."""
    model, work = asked(shorthand(name="delete_table"))
    assert drop_of(work).reason == "reply breaks its schema"
    assert len(model.requests) == TRIES


@each_language
def test_fields_of_the_prompts_example_are_dropped(language):
    """A field that repeats the example in the prompt is not this function's own."""
    names = {name for example in toolset_examples(language) for name in example.names}
    for name in sorted(names - {"start_date"}):
        copied = field(language, name, "city", LABELS[language][2])
        reply = shorthand(language, SHAPES[1][1:])
        reply["parameters"].append(copied)
        for row in range(8):
            model, work = asked(reply, language, row=row)
            properties = run(work).needed.parameters["properties"]
            shown = f'"name": "{name}"' in model.asked("parameters")[0]
            assert (name in properties) != shown


def test_what_a_function_finds_out_is_no_parameter():
    """A small model asks the user for the very answer; such a parameter is dropped."""
    reply = shorthand(shape=(*SHAPES[0][:2], ("booking_status", "choice")))
    assert list(run(asked(reply)[1]).needed.parameters["properties"]) == ["visit_date", "place"]


@each_language
def test_a_wide_function_takes_wishes_too(language):
    """Four or five parameters; the last two may be left out, and so may every yes or no."""
    reply = wide(language)
    reply["parameters"][1] |= {"name": "by_sea", "kind": "yes_no"}
    del reply["parameters"][1]["examples"]
    model, work = asked(reply, language)
    asking = asker(model, language, "toolset")
    needed = run(synthesize_toolset(asking, scenario(language), wide=True)).needed
    assert list(needed.parameters["properties"]) == ["visit_date", "by_sea", "guests", "view"]
    assert needed.parameters["required"] == ["visit_date"]
    assert lint_tools((needed,)) == []
    assert drop_of(work).reason == "reply breaks its schema"


@each_language
def test_who_wants_to_know_says_nothing_of_himself(language):
    """A wide function that only tells something takes no name, phone number or address."""
    for kind in ("person_name", "phone", "email", "street_address"):
        reply = wide(language)
        reply["parameters"][1] |= {"name": "guest", "kind": kind}
        del reply["parameters"][1]["examples"]
        model, _ = asked(reply, language)
        work = synthesize_toolset(asker(model, language, "toolset"), scenario(language), wide=True)
        assert drop_of(work).reason == "reply breaks its schema"


@each_language
@pytest.mark.parametrize("has_key", [False, True])
def test_a_change_says_what_is_changed(language, has_key):
    """Where no parameter tells which record is meant, one is added, and required."""
    shape = (*SHAPES[0][:2], *((("table_id", "code"),) if has_key else ()))
    reply = shorthand(language, shape, name="change_table")
    del reply["result"]
    needed = run(asked(reply, language, "change")[1]).needed
    keys = [name for name in needed.parameters["properties"] if name.startswith("table_")]
    assert keys == ["table_id" if has_key else "table_number"]
    assert set(keys) <= set(needed.parameters["required"])


@each_language
def test_a_sentence_of_the_document_is_no_description(language):
    """What a function does is said by the goal where the model copies the text."""
    said = scenario(language).evidence[0].text
    needed = run(asked(shorthand(language, description=said), language)[1]).needed
    assert needed.description.startswith(GOALS[language])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Find a free table, including seats and prices.", "Find a free table."),
        ("Find a free table by calling 877 472.", "Find a table at the harbour restaurant."),
        ("Find a free table.", "Find a free table."),
    ],
)
def test_a_description_says_no_more_than_the_job(said, told):
    """What is taken and given stands in the schemas; figures of the document stand nowhere."""
    assert run(asked(shorthand(description=said))[1]).needed.description == told


@pytest.mark.parametrize("name", ["spot", "spots", "spot_filter", "preferred_spot"])
def test_the_answer_is_no_parameter(name):
    """What the function tells is not asked of the user."""
    reply = shorthand(shape=(*SHAPES[0][:2], (name, "choice")))
    assert list(run(asked(reply)[1]).needed.parameters["properties"]) == ["visit_date", "place"]


@each_language
def test_the_subject_is_a_thing(language):
    """Look-alikes speak of the thing, not of what was to be done to it."""
    subject = shorthand(language)["subject"]
    begins = "Find " if language == "en" else "查询"
    toolset = run(asked(shorthand(language, subject=begins + subject), language)[1])
    said = [t.description for t in toolset.similar if t.name not in toolset.decided_by]
    assert all(subject in words for words in said)
    assert not [words for words in said if begins + subject in words]


def test_equal_fields_count_once():
    """Of two fields with one name, or one description, the first is kept."""
    reply = shorthand()
    reply["parameters"][1]["name"] = "visit_date"
    reply["parameters"][2]["description"] = reply["parameters"][0]["description"]
    assert list(run(asked(reply)[1]).needed.parameters["properties"]) == ["visit_date"]


@each_language
def test_no_two_fields_go_by_one_label(language):
    """Fields that would be spoken of in the same words cannot be told apart in a message."""
    asides = ("(first)", "(last)") if language == "en" else ("（开始）", "（结束）")
    reply = shorthand(language, SHAPES[1])
    for said, aside in zip(reply["parameters"], asides, strict=False):
        said["description"] = LABELS[language][0] + aside
    properties = run(asked(reply, language)[1]).needed.parameters["properties"]
    assert list(properties) == ["first_date", "seat"]


def test_a_result_has_one_state():
    """Two named states, drawn apart, would contradict each other."""
    result = [
        field("en", "spot", "choice", "spot found"),
        field("en", "view", "choice", "view from the spot"),
    ]
    toolset = run(asked(shorthand(result=result))[1])
    assert list(toolset.needed.returns["properties"]) == ["spot"]


@pytest.mark.parametrize("side", ["parameters", "result"])
def test_a_function_without_usable_fields_is_asked_for_again(side):
    """What is wrong goes back; a better reply is taken."""
    bad = shorthand()
    for said in bad[side]:
        said |= {"kind": "choice", "examples": ["yes", "no", "unknown"]}
    model, work = asked([bad, shorthand()])
    assert run(work).needed.name == "find_table"
    assert ("result" if side == "result" else "parameters") in model.asked("parameters")[1]
    assert drop_of(asked(bad)[1]).reason == "no usable fields"


@pytest.mark.parametrize(
    "change",
    [
        {"description": "查找空位。"},
        {"subject": "空位"},
        {"description": "Renew a library card."},
        {"description": ("Find a free table " + "and another one " * 20)[:180]},
        {"subject": "a free table and another one and anothe"[:39] + "r"},
    ],
)
def test_wording_must_fit(change):
    """A description in another language, of our example or cut off is refused."""
    assert drop_of(asked(shorthand(**change))[1]).reason == "reply refused"


def test_half_of_the_longer_tools_have_an_optional_parameter():
    """With three parameters the last is optional about every other time; with two never."""
    last = [made(row=row).needed.parameters["required"][-1] for row in range(60)]
    assert 15 < last.count("place") < 45 and set(last) == {"place", "guests"}
    for row in range(10):
        required = made(shape=SHAPES[1][:2], row=row).needed.parameters["required"]
        assert required == ["first_date", "last_date"]


def test_equal_rows_give_equal_toolsets():
    """A toolset depends on the row's seed and the model's words alone."""
    assert made(row=3) == made(row=3)
    names = SHAPES[3]
    assert made(shape=names, row=3) != made(shape=names, row=4)


@each_language
def test_examples_are_values(language):
    """Every example kept with a toolset is valid for its field."""
    for shape in SHAPES:
        toolset = made(language, shape)
        for place, values in toolset.examples.items():
            side, name = place.split("/")
            schema = getattr(toolset.needed, side)["properties"][name]
            assert values and not [v for v in values if violations(schema, v)]


def needed(name):
    return Tool(name=name, description="d", parameters=closed_object({}), returns=closed_object({}))


@each_language
def test_lookalikes_do_another_job(language):
    """No look-alike has the needed tool's name, or does what its verb says."""
    not_for = {t["name"].split("_")[0]: set(t["not_for"]) for t in lookalike_templates(language)}
    for verb in sorted({verb for action in actions(language) for verb in action.verbs}):
        similar = make_lookalikes(needed(f"{verb}_table_past"), "tables", language)
        for tool in similar:
            assert tool.name != f"{verb}_table_past"
            assert verb not in not_for[tool.name.split("_")[0]]
            assert tool.name.split("_")[0] != verb
            assert set(tool.name.split("_")) & {"table", "past"}
        assert lint_tools(similar) == []


@each_language
def test_lookalikes_of_the_longest_name_are_legal(language):
    """Names stay within OpenAI's 64 characters, and differ, however long the needed name."""
    longest = needed("calculate_" + "_".join(["abcdefghijklmn"] * 3))
    similar = make_lookalikes(longest, "tables", language)
    assert all(re.fullmatch("[a-zA-Z0-9_-]{1,64}", tool.name) for tool in similar)
    assert len({tool.name for tool in (*similar, longest)}) == len(similar) + 1


@each_language
def test_lookalikes_speak_the_language(language):
    """Descriptions are in the language; they name the subject, or say which fact decides."""
    toolset = made(language)
    subject = shorthand(language)["subject"]
    jobs = [tool for tool in toolset.similar if tool.name not in toolset.decided_by]
    assert jobs and all(subject in tool.description for tool in jobs)
    assert toolset.decided_by
    for tool in toolset.similar:
        assert in_language(tool.description, language)
    names = {tool.name for tool in toolset.similar}
    assert set(toolset.decided_by) <= names and toolset.needed.name not in names
    assert lint_tools((toolset.needed, *toolset.similar)) == []


@each_language
def test_the_model_is_told_what_is_wanted(language):
    """The request and its background stand in the prompt."""
    model, work = asked(shorthand(language), language)
    run(work)
    [prompt] = model.asked("parameters")
    assert GOALS[language] in prompt and scenario(language).evidence[0].text in prompt


def test_a_signature_is_the_tool_in_one_line():
    """Name, parameters with kinds and bounds, which are optional, and the description."""
    tool = table_tool()
    line = signature(tool)
    assert "\n" not in line
    for words in ("find_table(", "day: date", 'seat: "bar" | "sofa"', "guests?: integer 1..9"):
        assert words in line
    assert line.endswith("Find a free table.")


def table_tool():
    properties = {
        "day": {"type": "string", "format": "date", "description": "Day"},
        "seat": {"type": "string", "enum": ["bar", "sofa"], "description": "Seat"},
        "guests": {"type": "integer", "minimum": 1, "maximum": 9, "description": "Guests"},
    }
    parameters = closed_object(properties) | {"required": ["day", "seat"]}
    return needed("find_table").model_copy(
        update={"description": "Find a free table.", "parameters": parameters}
    )
