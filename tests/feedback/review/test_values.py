"""Values become trees of rows with what is known of each."""

import json

from fc_distilabel.feedback.review import room, values
from fc_distilabel.feedback.review.room import Room
from fc_distilabel.feedback.review.values import Note, differences, tree


def noted(value, *notes):
    return tree("", value, [Note(tuple(path.split("/")), what) for path, what in notes], Room())


def test_a_tree_names_types_and_keeps_order():
    """Rows stand in the value's order, with JSON's types; numbers are text, exact to the digit."""
    shown = tree("", {"b": 2**63, "a": [1.50, None, True], "c": {}}, (), Room())
    assert [(n["key"], n["type"], n.get("text")) for n in shown["items"]] == [
        ("b", "integer", "9223372036854775808"),
        ("a", "array", None),
        ("c", "object", None),
    ]
    assert [(n["type"], n["text"]) for n in shown["items"][1]["items"]] == [
        ("number", "1.5"),
        ("null", "null"),
        ("boolean", "true"),
    ]
    assert shown["items"][2]["items"] == []


def test_notes_stand_at_their_value():
    """A note shows at the inner value that its keys lead to, and all flaws of a value are kept."""
    flaws = [("rooms/0/beds", {"flaw": {"message": word}}) for word in ("one", "two")]
    shown = noted({"rooms": [{"beds": 9}]}, *flaws, ("rooms/0/beds", {"from": {"at": 1}}))
    beds = shown["items"][0]["items"][0]["items"][0]
    assert [flaw["message"] for flaw in beds["flaws"]] == ["one", "two"]
    assert beds["from"] == {"at": 1}
    assert "flaws" not in shown["items"][0]


def test_what_is_missing_is_a_row():
    """A violation at a place where nothing stands makes a row that says so."""
    shown = noted({"nights": 2}, ("guests", {"flaw": {"message": "is required"}}))
    assert shown["items"][1] == {
        "key": "guests",
        "absent": True,
        "flaws": [{"message": "is required"}],
    }


def test_notes_within_a_text_stay_with_it():
    """A place within a value that is shown as one text is marked at that text."""
    shown = noted({"date": "soon"}, ("date/year", {"flaw": {"message": "no object"}}))
    assert shown["items"][0]["flaws"]


def test_differences_are_marked_on_both_sides():
    """What is otherwise, and what only one has, is marked with either."""
    a = {"x": 1, "y": {"z": [1, 2]}, "flag": True}
    b = {"x": 1, "y": {"z": [1]}, "flag": 1, "more": "m"}
    assert {note.keys for note in differences(a, b)} == {("y", "z", "1"), ("flag",), ("more",)}
    assert {note.keys for note in differences(b, a)} == {("flag",), ("more",), ("y", "z", "1")}


def test_one_and_one_point_zero_are_alike():
    """Numbers are compared by value, as verifiers do; a flag is not a number."""
    assert [*differences({"a": 1, "b": [True]}, {"a": 1.0, "b": [True]})] == []


def test_long_texts_are_cut_and_say_so():
    """A text beyond the bound ends there, with the number of characters that are left out."""
    shown = tree("", "x" * (room.MAX_TEXT + 7), (), Room())
    assert (len(shown["text"]), shown["cut"]) == (room.MAX_TEXT, 7)


def test_a_view_is_bounded(monkeypatch):
    """When a view is full, further texts show their beginnings, and further objects one text."""
    monkeypatch.setattr(room, "MAX_VIEW", 10)
    monkeypatch.setattr(room, "MAX_NODES", 2)
    shown = tree("", {"a": ["x" * 300], "b": ["y" * 300]}, (), Room())
    assert shown["items"][0]["items"][0]["text"] == "x" * 300
    assert shown["items"][1]["text"] == ('["' + "y" * 300)[: room.BEGINNING]


def test_many_items_and_depths_are_bounded():
    """Of a long list the first are shown, and what is nested too deep is one text."""
    shown = tree("", list(range(values.MAX_ITEMS + 3)), (), Room())
    assert (len(shown["items"]), shown["more"]) == (values.MAX_ITEMS, 3)
    deep = "[" * 60 + "]" * 60
    shown = tree("", json.loads(deep), (), Room())
    depth = 0
    while "items" in shown:
        shown, depth = shown["items"][0], depth + 1
    assert (depth, shown["text"]) == (values.MAX_DEPTH, deep[values.MAX_DEPTH : -values.MAX_DEPTH])
