"""A user's own APIs: what becomes of their definitions before anyone talks."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import own_scripts
from fc_distilabel.errors import Dropped, InputError
from fc_distilabel.schemas import Validator, closed, lint_tool, read_tools, violations
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.synthesis.own_apis import OwnTools, own_toolset, read_own_apis
from fc_distilabel.synthesis.own_apis.toolset import DECLARED
from fc_distilabel.synthesis.own_apis.values import hints, is_free, is_tellable
from fc_distilabel.synthesis.own_apis.wording import MAX_GOAL, action_of, goal_of
from fc_distilabel.types import Kind, Tool, Toolset

CASES = Path(__file__).parents[1] / "cases"
MCP, OPENAI = CASES / "own_apis_mcp.json", CASES / "own_apis_openai.json"
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "openapi"


def cases(name: str) -> list[Any]:
    rows = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["id"]) for row in rows]


class Worded:
    """A model that words values."""

    identity = "worded"

    async def complete(self, request: ChatRequest) -> Completion:
        return Completion(text=own_scripts.good(request))


def toolsets(path: Path) -> dict[str, Toolset]:
    own = read_own_apis(str(path))
    tools, found = OwnTools(own), {}
    for api in own.apis:
        passage = api.passage(own.document)
        asker = Asker(Worded(), "toolset", passage.language, (0, passage.id))
        found[api.tool.name] = asyncio.run(own_toolset(asker, tools, passage))
    return found


def written(folder: Path, value: Any, name: str = "apis.json") -> str:
    (folder / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return str(folder / name)


def bare(name: str = "do_it", description: str = "Do it for a person.", **parameters: Any) -> Any:
    return {
        "name": name,
        "description": description,
        "parameters": {"type": "object", **parameters},
    }


@pytest.mark.parametrize("case", cases("own_api_goals"))
def test_goals(case: dict[str, Any]) -> None:
    """A description becomes what a person would ask for, in its language."""
    language = case.get("language", "en")
    tool = Tool(name=case["name"], description=case["says"], parameters={"type": "object"})
    _, goal = goal_of(tool, (case["says"],), language)
    assert goal == case["goal"]
    assert len(goal) <= MAX_GOAL[language]
    assert action_of(tool, goal, language) == case["action"]


@pytest.mark.parametrize("case", cases("own_api_values"))
def test_values(case: dict[str, Any]) -> None:
    """What is written of a field gives its values; what nobody writes is worded, or not told."""
    field = (case["name"], case["schema"], case.get("language", "en"))
    assert list(hints(*field)) == case["hints"]
    if "free" in case:
        assert is_free(*field) == case["free"]
    if "tellable" in case:
        assert is_tellable(*field) == case["tellable"]


@pytest.mark.parametrize("path", [MCP, OPENAI], ids=["mcp", "openai"])
@pytest.mark.parametrize("kind", ["single", "multiple", "parallel", "irrelevant"])
def test_schemas_stay_as_they_were(path: Path, kind: Kind) -> None:
    """Parameters and results are those of the file, and calls and results are valid under them."""
    read = {t.description: t for t in read_tools(path.read_text(encoding="utf-8")).tools}
    for name, toolset in toolsets(path).items():
        before = read[toolset.needed.description]
        assert toolset.needed.parameters == before.parameters
        if name == "list_reading_rooms" and kind == "parallel":
            continue
        blueprint = plan_blueprint(toolset, kind, (0, name))
        for call in blueprint.asked_calls:
            assert not violations(closed(before.parameters), call.arguments)
        if before.returns:
            assert toolset.needed.returns == before.returns
            assert not [r for r in blueprint.results if violations(closed(before.returns), r)]


def test_nested_values_are_drawn() -> None:
    """Groups, references and lists are filled in; a client's token never is."""
    blueprint = plan_blueprint(toolsets(MCP)["create_shipment"], "single", (0, "x"))
    [arguments] = [call.arguments for call in blueprint.asked_calls]
    assert arguments["recipient"]["address"]["city"]
    assert arguments["parcel"]["size"] in ("small", "medium", "large")
    assert "api_token" not in arguments
    [result] = blueprint.results
    assert len(result["shipment"]["stops"]) == 1


class Copying(Worded):
    """A model that copies the prompt's example, unless it is told that something is wrong."""

    async def complete(self, request: ChatRequest) -> Completion:
        if len(self.asked) == 0:
            self.asked.append(request)
            names = (request.response_schema or {})["properties"]
            return Completion(text=json.dumps({n: ["Puppy", "Beagle", "string"] for n in names}))
        return await super().complete(request)

    def __init__(self) -> None:
        self.asked: list[ChatRequest] = []


def test_the_example_of_the_prompt_is_no_value() -> None:
    """What a small model copies is refused, and asked for again."""
    own = read_own_apis(str(MCP))
    passage = next(a for a in own.apis if a.tool.name == "cancel_shipment").passage("f")
    asker = Asker(Copying(), "toolset", "en", (0,))
    own = own.model_copy(update={"document": "f"})
    toolset = asyncio.run(own_toolset(asker, OwnTools(own), passage))
    assert asker.usage.calls == 2
    assert toolset.examples["parameters/reason"] == ("Falcona", "Herona", "Ottera")


def test_a_result_repeats_what_the_call_says() -> None:
    """A field of the result, however deep, that is named like an argument has its value."""
    tool = bare(
        "get_pet",
        "Get a pet by its name.",
        properties={"pet": {"type": "string"}, "year": {"type": "integer"}},
        required=["pet", "year"],
    )
    nested = {"type": "object", "properties": {"pet": {"type": "string"}}, "required": ["pet"]}
    tool["returns"] = {"type": "object", "properties": {"found": nested}, "required": ["found"]}
    [toolset] = toolsets_of(tool).values()
    for seed in range(5):
        blueprint = plan_blueprint(toolset, "single", (seed,))
        assert blueprint.results[0]["found"]["pet"] == blueprint.asked_calls[0].arguments["pet"]


def toolsets_of(*tools: Any) -> dict[str, Toolset]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return toolsets(Path(written(Path(folder), list(tools))))


def test_a_missing_result_schema_is_declared_as_ours() -> None:
    """It is small, in the tool's language, sound, and says that the API has none."""
    needed = toolsets(OPENAI)["reserve_reading_room"].needed
    assert needed.returns["$comment"] == DECLARED
    assert not [v for v in lint_tool(needed) if v.path.startswith("returns")]


def test_similar_tools_stand_beside_it() -> None:
    """Tools of the same file, and edits that say what decides; none has a name twice."""
    toolset = toolsets(MCP)["cancel_shipment"]
    names = [tool.name for tool in toolset.similar]
    assert "create_shipment" in names
    assert len({*names, "cancel_shipment"}) == len(names) + 1
    assert toolset.decided_by.keys() <= set(names)


def test_what_is_left_out_or_renamed_is_said() -> None:
    """A name that is not legal is made so; what cannot be called or spoken of is named."""
    own = read_own_apis(str(MCP))
    assert [api.tool.name for api in own.apis] == [
        *("create_shipment", "find_drop-off_points", "cancel_shipment")
    ]
    assert [note.partition(":")[0] for note in own.notes] == ["renamed", "left out", "left out"]
    assert "api_key" in own.notes[1] and "nothing fits" in own.notes[2]


def test_names_never_clash(tmp_path: Path) -> None:
    """Names that become the same are told apart; a name that comes twice is left out."""
    names = ("get it", "get!it", "获取", "提交", "get_it_now", "get_it_now")
    own = read_own_apis(written(tmp_path, [bare(name, f"Get item {name}.") for name in names]))
    assert [api.tool.name for api in own.apis] == [
        *("get_it", "get_it_2", "tool_3", "tool_4", "get_it_now")
    ]
    assert "same name" in own.notes[-1]


def test_where_the_file_lies_decides_nothing(tmp_path: Path) -> None:
    """Identity is the content's: neither place nor spacing nor order of keys matters."""
    (tmp_path / MCP.name).write_text(json.dumps(json.loads(MCP.read_text()), sort_keys=True))
    here, there = read_own_apis(str(MCP)), read_own_apis(str(tmp_path / MCP.name))
    assert here.id == there.id
    assert [a.passage("f").id for a in here.apis] == [a.passage("f").id for a in there.apis]


def test_a_language_can_be_asked_for() -> None:
    """--language leaves out the others, and says so."""
    own = read_own_apis(str(OPENAI), "zh")
    assert {api.language for api in own.apis} == {"zh"}
    assert sum("--language" in note for note in own.notes) == 2


def test_lines_of_tools_are_read(tmp_path: Path) -> None:
    """A `.jsonl` is a definition, or a row with tools, a line: what `fc-distilabel apis` writes."""
    lines = [bare("get_a", "Get an a."), {"id": "1", "tools": [bare("get_b", "Get a b.")]}]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
    assert len(read_own_apis(str(tmp_path / "t.jsonl")).apis) == 2


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([], "there is none in it"),
        ({"swagger": "2.0", "paths": {}}, "OpenAPI 3 is read"),
        ([{"description": "no name"}], "needs a name"),
        ([bare("get_x", "Liste les clés de la maison dans le pays.")], "neither English nor"),
        ([bare("none", "Do nothing for a person.")], "declines to call"),
        ([bare(properties={"a": {"$ref": "https://x.test/a.json"}})], "a"),
        ([bare(properties={"a": {"enum": ["x" * 100] * 300}})], "characters, more than"),
    ],
)
def test_a_file_of_no_use_is_refused(tmp_path: Path, value: Any, told: str) -> None:
    """One line names what is wrong with what was found."""
    with pytest.raises(InputError, match="holds no tool that can be used") as refused:
        read_own_apis(written(tmp_path, value))
    assert told in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("t.json", "", "empty"),
        ("t.json", "{", "not readable as JSON"),
        ("t.yaml", "openapi: 3.0.0", "convert it to JSON"),
        ("t.json", "[" * 100_000, "not readable as JSON"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, text: str, told: str) -> None:
    """A file that is empty, broken or of another format is refused in words."""
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=told):
        read_own_apis(str(tmp_path / name))


def spec(body: Any, **schemas: Any) -> Any:
    """An OpenAPI document with one operation."""
    content = {"application/json": {"schema": body}}
    operation = {
        "operationId": "createNode",
        "description": "Create a node.",
        "requestBody": {"required": True, "content": content},
        "responses": {},
    }
    paths = {"/nodes": {"post": operation}}
    return {"openapi": "3.0.0", "paths": paths, "components": {"schemas": schemas}}


def ref(name: str) -> Any:
    return {"$ref": f"#/components/schemas/{name}"}


def test_references_in_a_circle_are_refused(tmp_path: Path) -> None:
    """A reference that leads to itself is a clear message, not a hang."""
    with pytest.raises(InputError, match="in a circle"):
        read_own_apis(written(tmp_path, spec(ref("A"), A=ref("B"), B=ref("A"))))


def test_what_demands_itself_is_dropped(tmp_path: Path) -> None:
    """An object that needs another of its kind in itself has no arguments."""
    endless = {"type": "object", "properties": {"next": ref("A")}, "required": ["next"]}
    with pytest.raises(Dropped, match="contains itself"):
        toolsets(Path(written(tmp_path, spec(ref("A"), A=endless))))


def test_what_may_hold_itself_is_fine(tmp_path: Path) -> None:
    """A tree is drawn to a bounded depth."""
    name = {"type": "string", "enum": ["oak", "elm"], "description": "Kind of tree"}
    tree = {"type": "object", "properties": {"name": name, "child": ref("A")}, "required": ["name"]}
    [toolset] = toolsets(Path(written(tmp_path, spec(ref("A"), A=tree)))).values()
    assert plan_blueprint(toolset, "single", (0,)).asked_calls[0].arguments["name"]


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "object"}, "does not list its properties"),
        ({"type": "array", "items": {}}, "nothing tells what"),
        ({"type": "array"}, "anything at all"),
        ({"type": "string", "format": "date", "minLength": 99}, "no value found"),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 50}, "nobody would say"),
    ],
)
def test_arguments_that_nobody_could_say(tmp_path: Path, schema: Any, told: str) -> None:
    """A needed argument of which nothing is told ends the row, with the reason."""
    tool = bare(properties={"a": schema}, required=["a"])
    with pytest.raises(Dropped, match=told):
        planned(written(tmp_path, [tool]))


def planned(path: str) -> None:
    [toolset] = toolsets(Path(path)).values()
    plan_blueprint(toolset, "single", (0,))


def test_2000_operations_take_seconds(tmp_path: Path) -> None:
    """A large document is read in bounded time, and each of its tools can be worked on."""
    document = spec(ref("A"), A={"type": "object", "properties": {"n": {"type": "integer"}}})
    [operation] = [item["post"] for item in document["paths"].values()]
    document["paths"] = {
        f"/nodes{i}": {"post": {**operation, "operationId": f"createNode{i}"}} for i in range(2000)
    }
    own = read_own_apis(written(tmp_path, document))
    assert len(own.apis) == 2000
    assert len(OwnTools(own).siblings(own.apis[7].passage(own.document))) <= 3


@pytest.mark.skipif(not REAL.exists(), reason="the real OpenAPI documents are not here")
def test_real_apis() -> None:
    """Of real documents, nearly every operation that is read can be called and answered."""
    made = failed = 0
    for path in sorted(REAL.glob("*.json")):
        try:
            own = read_own_apis(str(path))
        except InputError as error:
            assert "credential" in str(error)
            continue
        tools = OwnTools(own)
        for api in own.apis:
            passage = api.passage(own.document)
            asker = Asker(Worded(), "toolset", passage.language, (0, passage.id))
            try:
                toolset = asyncio.run(own_toolset(asker, tools, passage))
                blueprint = plan_blueprint(toolset, "single", (0, passage.id))
            except Dropped:
                failed += 1
                continue
            made += 1
            result = Validator(toolset.needed.returns)
            assert not result.violations(blueprint.results[0])
    assert made >= 20 * failed
