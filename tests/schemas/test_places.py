"""Places inside JSON: paths lead there, and edits leave the rest as it is."""

import pytest

from fc_distilabel.schemas.places import (
    call_and_keys,
    found_at,
    place,
    renamed_value,
    scalars,
    value_at,
    with_value,
    without_value,
)
from fc_distilabel.types import Json

WHOLE: dict[str, Json] = {"a": {"b": [1, {"c/d": "x"}]}, "e": {"f": None}}


def test_every_scalar_is_found_at_its_place() -> None:
    """Names and indices lead to each value, whatever signs a name has."""
    found = dict(scalars(WHOLE))
    assert found == {("a", "b", "0"): 1, ("a", "b", "1", "c/d"): "x", ("e", "f"): None}
    for keys, value in found.items():
        assert found_at(WHOLE, keys) == value
        assert call_and_keys(place(12, keys)) == (12, keys)


@pytest.mark.parametrize("keys", [("a", "x"), ("a", "b", "2"), ("a", "b", "z"), ("e", "f", "g")])
def test_nothing_is_found_where_nothing_stands(keys: tuple[str, ...]) -> None:
    """A place that is not there is an error, or None where a scalar is asked for."""
    with pytest.raises(KeyError):
        found_at(WHOLE, keys)
    assert value_at(WHOLE, keys) is None


def test_edits_are_copies() -> None:
    """A value is exchanged, renamed or taken out with what it leaves empty; the whole stays."""
    before = repr(WHOLE)
    assert with_value(WHOLE, ("a", "b", "1", "c/d"), 2)["a"]["b"] == [1, {"c/d": 2}]
    assert renamed_value(WHOLE, ("e", "f"), "g", 3) == {**WHOLE, "e": {"g": 3}}
    assert list(renamed_value(WHOLE, ("a",), "z", 3)) == ["z", "e"]
    assert without_value(WHOLE, ("e", "f")) == {"a": WHOLE["a"]}
    assert without_value({"a": {"b": 1, "c": 2}}, ("a", "b")) == {"a": {"c": 2}}
    assert without_value(WHOLE, ("a", "b", "1", "c/d")) == {"a": {"b": [1]}, "e": WHOLE["e"]}
    assert without_value({"a": [{"b": 1}]}, ("a", "0", "b")) == {}
    assert repr(WHOLE) == before
