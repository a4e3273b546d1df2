"""Python functions and classes as tools."""

import functools
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from fc_distilabel.schemas import read_tools


def search_hotels(
    city: str, nights: Annotated[int, Field(ge=1)] = 1, kind: Literal["hotel", "hostel"] = "hotel"
) -> list[dict[str, float]]:
    """Find hotels in a city.

    Args:
        city: Where to stay.
        nights: How long.
    """
    return []


def untyped(a, *, b=3):  # type: ignore[no-untyped-def]
    """Do it.

    :param a: The first.
    """


class Guest(BaseModel):
    """Who stays."""

    name: str = Field(description="Full name.")
    friends: "list[Guest]" = Field(default_factory=list)


class Booking(BaseModel):
    """Book a room.

    Attributes:
        room: Its number.
    """

    room: int
    guest: Guest


class Undocumented(BaseModel):
    room: int


class Trip(TypedDict):
    """Plan a trip."""

    city: str


@dataclass
class Stay:
    """Plan a stay."""

    nights: int = 1


class Service:
    """Has a method and can be called."""

    def cancel(self, booking: int) -> bool:
        """Cancel."""
        return bool(booking)

    def __call__(self, booking: int) -> None:
        """Call it."""


def read(source: Any) -> dict[str, Any]:
    """The one tool of a source."""
    reading = read_tools(source)
    assert not reading.violations
    [tool] = reading.tools
    return tool.model_dump()


def test_a_function_is_its_signature_and_docstring() -> None:
    """Hints are the schema, the docstring describes, and what it returns is the result."""
    assert read(search_hotels) == {
        "name": "search_hotels",
        "description": "Find hotels in a city.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"title": "City", "type": "string", "description": "Where to stay."},
                "nights": {
                    "title": "Nights",
                    "type": "integer",
                    "minimum": 1,
                    "default": 1,
                    "description": "How long.",
                },
                "kind": {
                    "title": "Kind",
                    "type": "string",
                    "enum": ["hotel", "hostel"],
                    "default": "hotel",
                },
            },
            "required": ["city"],
            "additionalProperties": False,
        },
        "returns": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": {"type": "number"}},
        },
    }


def test_a_function_without_hints_takes_anything() -> None:
    """What is not said is not made up."""
    tool = read(untyped)
    assert tool["parameters"]["properties"]["a"] == {"title": "A", "description": "The first."}
    assert tool["parameters"]["required"] == ["a"]
    assert tool["returns"] == {}


def test_a_model_is_its_fields() -> None:
    """A pydantic model keeps its references, and its docstring describes it and its fields."""
    tool = read(Booking)
    assert (tool["name"], tool["description"]) == ("Booking", "Book a room.")
    assert tool["parameters"]["properties"]["guest"] == {"$ref": "#/$defs/Guest"}
    assert tool["parameters"]["properties"]["room"]["description"] == "Its number."
    assert "Guest" in tool["parameters"]["$defs"]
    assert "description" not in tool["parameters"]


@pytest.mark.parametrize(
    ("source", "name", "description"),
    [
        (Undocumented, "Undocumented", ""),
        (Trip, "Trip", "Plan a trip."),
        (Stay, "Stay", "Plan a stay."),
        (Service().cancel, "cancel", "Cancel."),
        (functools.partial(search_hotels, "Rome"), "search_hotels", "Find hotels in a city."),
        (Guest, "Guest", "Who stays."),
    ],
)
def test_anything_with_fields_is_a_tool(source: Any, name: str, description: str) -> None:
    """Typed dictionaries, dataclasses, methods and partial functions are read as well."""
    tool = read(source)
    assert (tool["name"], tool["description"]) == (name, description)


@pytest.mark.parametrize(
    "source",
    [int, len, lambda a, /: a, lambda *a: a, str.format],
    ids=["int", "built-in", "positional", "variadic", "method of a type"],
)
def test_what_a_call_by_names_cannot_reach_is_refused(source: Any) -> None:
    """Arguments without names make no tool, and the others are still read."""
    reading = read_tools([source, search_hotels])
    assert [(v.rule, v.path) for v in reading.violations] == [("signature", "0/parameters")]
    assert [tool.name for tool in reading.tools] == ["search_hotels"]


def test_a_hint_that_is_no_json_is_refused() -> None:
    """A function of what JSON has no words for cannot be called."""

    def draw(on: Service) -> Service:
        return on

    def paint(color: str) -> Service:
        return Service()

    reading = read_tools((draw, paint))
    assert [(v.rule, v.path) for v in reading.violations] == [("signature", "0/parameters")]
    assert [change.path for change in reading.changes] == ["1/returns"]
