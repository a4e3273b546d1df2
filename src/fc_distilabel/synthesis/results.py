"""Result of a call: drawn from its schema and the examples, repeating what the call itself says."""

import random
import re

from fc_distilabel.apis.instances import UnsatisfiableError, instance_of
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.engine import violations
from fc_distilabel.synthesis.arguments import in_order, plausible
from fc_distilabel.synthesis.sampling import sample
from fc_distilabel.types import Json, ToolCall, Toolset
from fc_distilabel.verifiers.leaves import Leaf, leaves

FAILURES = re.compile(
    r"fail|refus|reject|declin|cancel|error|denied|invalid|unable|not |^no$"
    r"|失败|拒绝|取消|未|错误|无效|不|驳回",
    re.IGNORECASE,
)
_SUCCESS = re.compile(
    r"(?:is_?)?(?:success(?:ful|fully)?|succeeded|ok|done|deleted|updated|created|sent)", re.I
)
_SUCCEEDED = {"const": True}


def draw_result(toolset: Toolset, call: ToolCall, random_: random.Random) -> Json:
    """A result valid under `returns`; a field that repeats an argument repeats its value."""
    if toolset.told:
        return _told(toolset, call, random_)
    properties = toolset.needed.returns["properties"]
    result = {}
    for name, schema in properties.items():
        given = call.arguments.get(name)
        repeats = given is not None and not violations(schema, given)
        result[name] = given if repeats else _draw(toolset, name, random_)
    return result


def _draw(toolset: Toolset, name: str, random_: random.Random) -> Json:
    schema = toolset.needed.returns["properties"][name]
    examples = plausible(toolset, "returns").get(name, ())
    try:
        return sample(_succeeding(schema), examples, random_, toolset.scenario.language)
    except UnsatisfiableError as error:
        raise Dropped("no sensible result", str(error)) from error


def _told(toolset: Toolset, call: ToolCall, random_: random.Random) -> Json:
    """The part of a nested result that is told, with the call's own values wherever they belong."""
    part = _succeeding_inside(toolset.told)
    examples = toolset.examples_of("returns")
    said = leaves(Leaf("", call.arguments, toolset.needed.parameters, False, ""), {})
    given = {leaf.name: (leaf.value,) for leaf in said}
    repeated = {
        path: given[name] for path in examples if (name := path.rpartition("/")[2]) in given
    }
    language = toolset.scenario.language
    known = {**given, **examples, **repeated}
    try:
        return in_order(part, instance_of(part, random_, known, language, invent=False))
    except UnsatisfiableError as error:
        raise Dropped("no sensible result", str(error)) from error


def _succeeding(schema: dict[str, Json]) -> dict[str, Json]:
    """An enum without its values of failure: these kinds of dialogue all end well."""
    good = [v for v in schema.get("enum", ()) if not FAILURES.search(str(v))]
    return schema | {"enum": good} if good else schema


def _is_success(name: str, schema: dict[str, Json]) -> bool:
    return schema.get("type") == "boolean" and _SUCCESS.fullmatch(name) is not None


def _succeeding_inside(schema: dict[str, Json]) -> dict[str, Json]:
    """The same at every place of a part, which holds no references."""
    if "properties" in schema:
        inner = {
            name: _SUCCEEDED if _is_success(name, each) else _succeeding_inside(each)
            for name, each in schema["properties"].items()
        }
        # All of what may be left out is told: a result without anything tells nothing.
        return schema | {"properties": inner, "required": list(inner)}
    if "items" in schema:
        return schema | {"items": _succeeding_inside(schema["items"])}
    return _succeeding(schema)
