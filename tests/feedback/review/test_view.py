"""The view of a row says what the row says, at the place where it belongs."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from fc_distilabel.feedback.review.view import review_view

CASES = Path(__file__).parents[2] / "cases"
ROWS = json.loads((CASES / "review_rows.json").read_text("utf-8"))
HOSTILE = json.loads((CASES / "review_hostile.json").read_text("utf-8"))


def drawn(row, compare=None):
    return json.loads(review_view(row, compare)["view"])


def find(items, *keys):
    for key in keys:
        node = next(item for item in items if item["key"] == key)
        items = node.get("items", [])
    return node


@pytest.fixture
def ferry():
    return deepcopy(ROWS["ferry"])


def candidates(row, arguments, name=None):
    call = {"name": name or row["gold_calls"][-1]["name"], "arguments": arguments}
    own = {"text": "", "calls": [row["gold_calls"][-1]]}
    return {"at": 8, "a": own, "b": {"text": "", "calls": [call]}}


def test_the_field_is_inert_text():
    """A custom field is an object; what models wrote crosses in one text without live signs."""
    for row in (*ROWS.values(), HOSTILE):
        value = review_view(row)
        assert set(value) == {"language", "view"}
        assert not set("<>&$#") & set(value["view"])


def test_arguments_say_where_they_are_from(ferry):
    """Each argument, nested ones too, has the message that says it, and how."""
    call = drawn(ferry)["messages"][8]["calls"][0]
    assert call["name"] == "book_sailing"
    length = find(call["items"], "vehicle", "length_m")
    assert (length["text"], length["from"]) == ("4.6", {"at": 1, "how": "number", "known": True})
    age = find(call["items"], "passengers", "1", "age")
    assert age["from"]["known"] is False
    assert age["flaws"][0]["warning"] is True


def test_calls_are_numbered_through_the_conversation(ferry):
    """The second search has the second call's sources, not the first's."""
    ferry["grounding"] = [g for g in ferry["grounding"] if not g["path"].startswith("0/")]
    messages = drawn(ferry)["messages"]
    assert all("from" not in item for item in messages[2]["calls"][0]["items"])
    assert all("from" in item for item in messages[4]["calls"][0]["items"])


def test_a_schemas_value_has_no_message(ferry):
    """A default comes from the schema, which is neither a message nor nowhere."""
    ferry["grounding"] = [
        {"path": "0/around", "value": "12:00", "source": "schema", "how": "default"}
    ]
    around = find(drawn(ferry)["messages"][2]["calls"][0]["items"], "around")
    assert around["from"] == {"at": None, "how": "default", "known": True}


@pytest.mark.parametrize(
    ("path", "where"),
    [("messages/6", "message"), ("1", "call"), ("1/to", "argument"), ("", "all"), ("9/x", "all")],
)
def test_violations_stand_where_they_belong(ferry, path, where):
    """At the message, the call or the argument; what has no place stands at the head."""
    flaw = {"rule": "r", "path": path, "message": "wrong", "value": None, "severity": "error"}
    view = drawn(ferry | {"violations": [flaw]})
    call = view["messages"][4]["calls"][0]
    places = {
        "message": view["messages"][6].get("flaws"),
        "call": call.get("flaws"),
        "argument": find(call["items"], "to").get("flaws"),
        "all": view["flaws"],
    }
    assert [name for name, flaws in places.items() if flaws] == [where]


def test_results_are_read_and_failures_marked(ferry):
    """A result is shown as the value it is, an error is told, and what is no JSON stays text."""
    ferry["messages"][9]["content"] = "OK, booked"
    messages = drawn(ferry)["messages"]
    assert messages[3]["failed"] is True
    assert find(messages[5]["result"]["items"], "sailings", "1", "car_spaces")["text"] == "0"
    assert "failed" not in messages[5]
    assert messages[9]["content"]["text"] == "OK, booked"


def test_scores_stand_at_the_turn_they_are_for(ferry):
    """Each judged message has its scores and the reason; the head has the outcome."""
    view = drawn(ferry)
    assert view["messages"][8]["scores"] == {"intent_match": 5, "argument_faithfulness": 2}
    assert view["messages"][8]["reason"]["text"] == "Nobody said how old Ida is."
    assert "scores" not in view["messages"][7]
    assert view["head"]["judge"]["disagreement"] == "33%"


def test_quoted_words_are_marked_in_their_message(ferry):
    """Words that became arguments as they stand are known at the message that says them."""
    said = drawn(ferry)["messages"][1]["said"]
    assert {"text": "Hirtholm", "of": "to"} in said
    assert len({(one["text"], one["of"]) for one in said}) == len(said)


def test_tools_say_what_they_are_to_the_request(ferry):
    """Needed, called in messages, or alike with what decides against it."""
    tools = {tool["name"]: tool for tool in drawn(ferry)["tools"]}
    assert tools["find_sailings"]["needed"] is True
    assert tools["find_sailings"]["called"] == [2, 4]
    assert "port of arrival" in tools["find_cruises"]["decides"]["text"]
    assert not {"needed", "called", "decides"} & set(tools["cancel_booking"])


def test_candidates_show_what_differs(ferry):
    """Both sides mark what the other has otherwise or not at all, and nothing else."""
    other = {"passengers": [{"age": 41, "driver": True, "name": "Søren Holm"}]}
    other |= {"sailing_id": "NF-2210", "vehicle": {"length_m": 5.1, "kind": "car"}}
    compare = drawn(ferry, candidates(ferry, other))["compare"]
    a, b = (compare[side]["calls"][0]["items"] for side in ("a", "b"))
    assert find(a, "vehicle", "length_m")["differs"] is True
    assert find(a, "passengers", "2", "name")["differs"] is True
    assert "differs" not in find(a, "sailing_id")
    assert find(b, "passengers", "1") == {"key": "1", "absent": True, "differs": True}


def test_candidates_do_not_tell_which_is_right(ferry):
    """No source, flaw, mark or order of arguments tells the row's own turn from the other one."""
    turned = {key: ferry["gold_calls"][-1]["arguments"][key] for key in ("vehicle", "passengers")}
    compare = drawn(ferry, candidates(ferry, turned | {"sailing_id": "NF-2210"}))["compare"]
    assert compare["a"] == compare["b"]
    assert "from" not in json.dumps(compare) and "flaws" not in json.dumps(compare)
    view = drawn(ferry, candidates(ferry, {}, "cancel_booking"))
    assert view["compare"]["b"]["calls"][0]["differs"] is True
    assert not any({"needed", "called", "decides"} & set(tool) for tool in view["tools"])
    assert {"text": "Ida", "of": "name"} not in view["messages"][1]["said"]


def test_words_against_a_call(ferry):
    """A candidate that only talks stands beside one that calls."""
    compare = candidates(ferry, {})
    compare["b"] = {"text": "Which day?", "calls": []}
    shown = drawn(ferry, compare)["compare"]
    assert shown["b"] == {"content": {"text": "Which day?"}, "calls": []}
    assert shown["a"]["calls"][0]["differs"] is True


def test_a_row_of_others_needs_only_its_messages():
    """A row without plan, judge and grounding is shown all the same."""
    row = {"id": "1", "kind": "single", "language": "en", "tools": [], "messages": []}
    row["messages"] = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": ""}]
    view = drawn(row)
    assert view["head"]["judge"] is None
    assert "content" not in view["messages"][1]


def test_a_view_stays_small():
    """However much a row says, its view has at most some 2 MB."""
    row = deepcopy(HOSTILE)
    row["messages"] += [{"role": "user", "content": "x" * 300_000}] * 40
    assert len(review_view(row)["view"]) < 2_000_000
