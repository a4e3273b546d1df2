"""OpenAPI documents as tools."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.schemas import read_tools

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/openapi.json").read_text(encoding="utf-8"))
REAL = sorted((ROOT.parent / "shared/data/openapi").glob("*.json"))
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
LEAVES = (
    *("enum", "const", "default", "format", "pattern", "required"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_operations_become_tools(case: dict[str, Any]) -> None:
    """Each operation is a tool that stands by itself, and each change is noted."""
    told = ("openapi", "paths", "components")
    document = {"openapi": "3.0.3"} | {key: case[key] for key in told if key in case}
    reading = read_tools(document)
    expected = [{"description": "", "returns": {}, **tool} for tool in case["tools"]]
    assert [tool.model_dump() for tool in reading.tools] == expected
    assert [change.path for change in reading.changes] == case.get("changes", [])
    assert [[v.rule, v.path] for v in reading.violations] == case.get("violations", [])


def test_many_operations_of_one_name_are_told_apart() -> None:
    """A document with thousands of operations is read in the time that it takes to write it."""
    paths = {f"/{n}": {"get": {"operationId": "a" * 70}} for n in range(3000)}
    tools = read_tools({"openapi": "3.0.0", "paths": paths}).tools
    assert len({tool.name for tool in tools}) == 3000
    assert max(len(tool.name) for tool in tools) <= 64


@pytest.mark.parametrize("path", REAL or [None], ids=lambda path: path.stem if path else "none")
def test_real_documents_are_imported_leaf_by_leaf(path: Path | None) -> None:
    """Every type, enum, bound and requirement of a real document is found at its place."""
    if path is None:
        pytest.skip("needs openapi of the shared data, which is not here")
    document = json.loads(path.read_text(encoding="utf-8"))
    reading = read_tools(document)
    operations = [operation for _, operation in found_operations(document["paths"])]
    assert not reading.violations
    assert len(reading.tools) == len(operations)
    seen: Counter[str] = Counter()
    for operation, tool in zip(operations, reading.tools, strict=True):
        compare_operation(document, operation, tool, seen)
    assert seen["type"]


def found_operations(paths: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The operations with the parameters of their path."""
    found = []
    for route, item in paths.items():
        for method in item:
            if method in METHODS:
                merged = {**item[method]}
                merged["parameters"] = item.get("parameters", []) + merged.get("parameters", [])
                found.append((route, merged))
        found += found_operations({k: v for k, v in item.items() if k.startswith("/")})
    return found


def compare_operation(
    document: dict[str, Any], operation: dict[str, Any], tool: Any, seen: Counter[str]
) -> None:
    """Compare what goes in and what comes out."""
    properties = tool.parameters["properties"]
    for parameter in operation["parameters"]:
        parameter = followed(document, parameter)
        compare(document, parameter["schema"], tool.parameters, properties[parameter["name"]], seen)
        assert (parameter["name"] in tool.parameters["required"]) == parameter.get(
            "required", False
        )
    body = followed(document, operation.get("requestBody", {})).get("content", {})
    for media in list(body.values())[:1]:
        whole = properties.get("body", tool.parameters)
        schema = followed(document, media["schema"])
        for name, inner in schema.get("properties", {}).items():
            compare(document, inner, tool.parameters, whole["properties"][name], seen)
        assert set(schema.get("required", [])) <= set(whole.get("required", []))
    for code in sorted(code for code in operation["responses"] if code.startswith("2")):
        content = followed(document, operation["responses"][code]).get("content", {})
        if "schema" in content.get("application/json", {}):
            schema = content["application/json"]["schema"]
            compare(document, schema, tool.returns, tool.returns, seen)
            break


def compare(
    document: dict[str, Any],
    given: dict[str, Any],
    root: dict[str, Any],
    read: dict[str, Any],
    seen: Counter[str],
    above: tuple[str, ...] = (),
) -> None:
    """Compare two schemas, each by the references of its own document."""
    reference = given.get("$ref")
    assert ("$ref" in given) == ("$ref" in read)
    if reference in above:
        return
    above += (reference,) if reference else ()
    given, read = followed(document, given), followed(root, read)
    for keyword in LEAVES:
        if keyword in given:
            seen[keyword] += 1
            assert read[keyword] == given[keyword]
    if "type" in given:
        seen["type"] += 1
        kind = given["type"]
        assert read["type"] == ([kind, "null"] if given.get("nullable") else kind)
    for name, inner in given.get("properties", {}).items():
        compare(document, inner, root, read["properties"][name], seen, above)
    for keyword in ("items", "additionalProperties", "not"):
        if isinstance(given.get(keyword), dict):
            compare(document, given[keyword], root, read[keyword], seen, above)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for before, after in zip(given.get(keyword, []), read.get(keyword, []), strict=True):
            compare(document, before, root, after, seen, above)


def followed(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    while "$ref" in value:
        found: Any = document
        for step in value["$ref"].split("/")[1:]:
            found = found[step.replace("~1", "/").replace("~0", "~")]
        value = found
    return value
