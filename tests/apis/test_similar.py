"""Similar tools: close, sound, and wrong by a fact that they state."""

import gzip
import json
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fc_distilabel.apis.domains import Domain, domains
from fc_distilabel.apis.naming import words_of, written_like
from fc_distilabel.apis.similar import SORTS, Decider, SimilarTool, Sort, similar_tools
from fc_distilabel.apis.worlds.operations import world_tools
from fc_distilabel.documents.language import count_han, guess_language
from fc_distilabel.schemas import lint_tool, read_tools, violations
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.types import Language, Tool, ToolCall

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "tests/cases/similar_tools.json").read_text(encoding="utf-8"))
TOOLS = {name: Tool(**tool) for name, tool in TABLE["tools"].items()}
REAL = ROOT.parent / "shared/data/validation/mcp_tools.jsonl.gz"
MANY = 200


def built_in(language: Language) -> list[tuple[Domain, Tool]]:
    """The tools of the built-in domains."""
    return [(domain, tool) for domain in domains(language) for tool in world_tools(domain)]


def all_of(tool: Tool, language: Language, **options: Any) -> list[SimilarTool]:
    """What a few seeds make of a tool."""
    made = (similar_tools(tool, MANY, Random(s), language=language, **options) for s in range(8))
    return [each for some in made for each in some]


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["description"])
def test_a_stated_fact_decides(case: dict[str, Any]) -> None:
    """Each sort states its fact in the description, in words for the request, and as data."""
    tool, expected = TOOLS[case["tool"]], Decider(**case["decider"])
    made = all_of(tool, case["language"], sorts=[case["sort"]])
    found = [m for m in made if m.decider.model_copy(update={"words": ()}) == expected]
    assert found, [m.decider for m in made]
    assert all(case["says"] in each.tool.description for each in found)
    assert any(case.get("some_say", "") in each.tool.description for each in found)
    assert {each.decided_by for each in found} == {case["decided_by"]}


@pytest.mark.parametrize("sort", ["fewer", "unit"])
def test_what_is_about_the_handling_alone_decides_nothing(sort: Sort) -> None:
    """No look-alike differs only in a parameter that any tool may have."""
    own = {"stay_days": {"type": "integer", "description": "Length of the stay (days)"}}
    stock = {
        "reminder_lead": {"type": "integer", "description": "How long before to remind (hours)"},
        "updated_since": {"type": "string", "format": "date", "description": "Changed since"},
    }
    parameters = closed_object(own | stock)
    tool = Tool(name="book_stay", description="Book a stay.", parameters=parameters, returns={})
    made = all_of(tool, "en", sorts=[sort])
    assert {each.decider.path for each in made} == {"parameters/stay_days"}


@pytest.mark.parametrize("name", TOOLS)
def test_every_sort_can_be_asked_for_alone(name: str) -> None:
    """A sort yields only its own, every tool is free of flaws, and none is the needed one."""
    tool, language = TOOLS[name], "zh" if name.startswith("zh") else "en"
    assert lint_tool(tool) == []
    for sort in SORTS:
        for made in all_of(tool, language, sorts=[sort]):
            assert made.sort == sort
            assert lint_tool(made.tool) == [], made.tool
            assert made.tool.name != tool.name
            assert made.tool.description != tool.description


@pytest.mark.parametrize("case", TABLE["ruled_out"], ids=lambda case: case["description"])
def test_a_call_may_rule_a_similar_tool_out(case: dict[str, Any]) -> None:
    """Whether the right call bears out the fact can be asked."""
    similar = SimilarTool(
        tool=TOOLS["en_hotels"], sort="fewer", decided_by="-", decider=Decider(**case["decider"])
    )
    call = ToolCall(name="f", arguments=case["arguments"])
    assert similar.is_ruled_out_by(call) is case["expected"]


def test_what_is_gone_is_gone_and_what_is_spoken_of_is_there() -> None:
    """The schema agrees with the clause: no dropped parameter, and the one in another unit."""
    tool = TOOLS["en_parcel"]
    call = {"parcel": {"weight_kg": 2, "insured": True}, "recipient": "Ann"}
    assert violations(tool.parameters, call) == []
    for made in all_of(tool, "en", sorts=["fewer", "unit"]):
        name = made.decider.path.rsplit("/")[-1]
        assert name not in json.dumps(made.tool.parameters)
        assert violations(made.tool.parameters, call) != []
        if made.sort == "unit":
            assert "kg" not in made.tool.description + json.dumps(made.tool.parameters)
            assert made.decider.other in json.dumps(made.tool.parameters)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_domains_have_similar_tools(language: Language) -> None:
    """For each built-in tool six are made: sound, named apart, told in the tool's language."""
    chosen = Random(0).sample(built_in(language), 60)
    for domain, tool in chosen:
        made = similar_tools(tool, 6, Random(1), language=language, domain=domain)
        assert len(made) == 6
        assert len({m.tool.name for m in made} | {tool.name}) == 7
        for each in made:
            assert lint_tool(each.tool) == []
            said = each.tool.description + each.decided_by
            assert bool(count_han(said)) == (language == "zh"), said


def test_no_region_is_chosen_that_the_domain_is_about() -> None:
    """A place that the tool or its domain names is in no region of a similar tool."""
    text = TOOLS["en_hotels"].model_copy(update={"description": "Search hotels in Tokyo or Cairo."})
    regions = {made.decider.other for made in all_of(text, "en", sorts=["region"])}
    assert regions and not regions & {"Asia", "Africa"}


def test_equal_seeds_make_equal_tools() -> None:
    """The same tool and seed give the same similar tools, and another seed others."""
    first, again, other = (
        similar_tools(TOOLS["en_hotels"], 5, Random(seed), language="en") for seed in (1, 1, 2)
    )
    assert first == again != other


def test_names_taken_are_not_used_again() -> None:
    """Names of other tools on offer are left to them."""
    first = similar_tools(TOOLS["en_hotels"], 5, Random(1), language="en")
    taken = [made.tool.name.upper() for made in first]
    again = similar_tools(TOOLS["en_hotels"], 5, Random(1), language="en", taken=taken)
    assert not {made.tool.name for made in first} & {made.tool.name for made in again}


def test_real_tools_have_similar_ones() -> None:
    """Other people's tools, nested and with references, get look-alikes without new flaws."""
    if not REAL.is_file():
        pytest.skip(f"real cases are not there: no file ../shared/data/validation/{REAL.name}")
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, 0, None, 6)]
    tools = [tool for row in rows for tool in read_tools(row["tools"]).tools]
    counts = []
    for tool in tools:
        language = guess_language(tool.description) or "en"
        made = similar_tools(tool, 6, Random(0), language=language)
        flaws = {violation.rule for violation in lint_tool(tool)}
        for each in made:
            assert {violation.rule for violation in lint_tool(each.tool)} <= flaws
        counts.append(len(made))
    print(f"{len(tools)} real tools: {sum(c == 6 for c in counts)} have 6 similar ones")
    assert sum(count == 6 for count in counts) >= 0.98 * len(tools)


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


HOSTILE: dict[str, dict[str, Any]] = {
    "empty": {},
    "object": {"type": "object"},
    "no properties": {"type": "object", "properties": {}},
    "true and false": {"type": "object", "properties": {"a": True, "b": False}},
    "named properties": {"type": "object", "properties": {"properties": {"type": "string"}}},
    "invalid": {"type": "strange"},
    "reference to nothing": {"$ref": "#/nowhere"},
    "recursive": {"type": "object", "properties": {"a": {"$ref": "#"}}},
    "odd values": {"type": "object", "properties": {"a": {"enum": [None, 1, {"a": []}]}}},
    "required is gone": {"type": "object", "required": ["b"], "properties": {"a": {}}},
    "wide": {"type": "object", "properties": {f"p{i}": {"type": "number"} for i in range(400)}},
    "deep": nested(40),
    "too deep": nested(900),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_nothing_raises(case: str) -> None:
    """Whatever the definition, similar tools come out or none."""
    for name in ("get_it", "", "查询", "a" * 100_000, "\ud800"):
        for text in ("", "Price in kg of Asia. " * 3, "查询天气。"):
            tool = Tool(name=name, description=text, parameters=HOSTILE[case])
            for target in (None, 0.5):
                made = similar_tools(tool, 3, Random(0), language="zh", confusability=target)
                assert len(made) <= 3


def test_none_are_made_where_none_are_asked_for() -> None:
    """A count of nothing or less gives nothing."""
    for count in (0, -1):
        assert similar_tools(TOOLS["en_hotels"], count, Random(0), language="en") == ()


@given(name=st.text(), words=st.lists(st.text("abcXYZ09_", min_size=1), min_size=1))
def test_names_are_legal(name: str, words: list[str]) -> None:
    """Names made of words are no longer than 64, whatever they are written like."""
    made = written_like(name, words)
    assert len(made) <= 64
    assert all(character.isalnum() or character in "_-" for character in made)
    assert all((word.isascii() and word.islower()) or word.isdigit() for word in words_of(name))


def test_names_keep_their_way_of_writing() -> None:
    """Snake, kebab, camel and Pascal case are kept."""
    for name in (
        "search_hotel_rooms",
        "search-hotel-rooms",
        "searchHotelRooms",
        "SearchHotelRooms",
    ):
        assert written_like(name, words_of(name)) == name
