"""What is wrong with a tool definition: so that nobody can use it, or that nobody should.

An error is a tool that cannot be called at all, or whose schema contradicts itself. A warning is a
schema that is valid and still poor: an open object lets any invented argument pass, and a parameter
without a description can be filled by guessing only. The tools that this package makes have
neither.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.bounds import join_path, show
from fc_distilabel.schemas.closing import left_open
from fc_distilabel.schemas.contradictions import (
    Flaws,
    flaw,
    unfit_values,
    unreachable,
    unsatisfiable,
)
from fc_distilabel.schemas.engine import check_schema
from fc_distilabel.schemas.grammar import NO_CALL
from fc_distilabel.schemas.walk import IN_PLACE, Keys, Layout, Schema, layout, subschemas
from fc_distilabel.types import Tool, Violation

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def lint_tools(tools: Sequence[Tool], places: Sequence[str] = ()) -> list[Violation]:
    """Every flaw of every tool; names must differ.

    A flaw's path starts with the tool's place: as in `places`, or else its index.
    """
    named = places or [str(index) for index in range(len(tools))]
    found = [
        violation.model_copy(update={"path": f"{place}/{violation.path}"})
        for place, tool in zip(named, tools, strict=True)
        for violation in lint_tool(tool)
    ]
    counts = Counter(tool.name for tool in tools)
    for place, tool in zip(named, tools, strict=True):
        if counts[tool.name] > 1:
            message = (
                f"{counts[tool.name]} tools are named {show(tool.name)}, but names must differ"
            )
            found.append(flaw("duplicate-name", (place, "name"), message, tool.name))
    return found


def lint_tool(tool: Tool) -> list[Violation]:
    """Every flaw of one tool; an empty list means that it can be offered."""
    return [
        *_naming(tool),
        *_lint_schema(tool.parameters, "parameters"),
        *(_lint_schema(tool.returns, "returns") if tool.returns else ()),
    ]


def _naming(tool: Tool) -> Flaws:
    if not _NAME.fullmatch(tool.name):
        message = f"name is {show(tool.name)}, but must be 1 to 64 letters, digits, _ or -"
        yield flaw("name", ("name",), message, tool.name, warning=True)
    if tool.name == NO_CALL:
        message = f"name is {show(NO_CALL)}, which is how a reply declines to call"
        yield flaw("name", ("name",), message, tool.name, warning=True)
    if not tool.description.strip():
        message = "description is empty, but must say what the tool does"
        yield flaw("description", ("description",), message, warning=True)


def _lint_schema(root: Schema, place: str) -> Flaws:
    try:
        check_schema(root)
        opened = list(left_open(root))
    except SchemaError as error:
        yield flaw("schema", (place,), f"{place}: {error}")
        return
    if any("$id" in schema for _, schema in subschemas(root)):
        yield flaw("schema", (place,), f"{place} sets $id, but a tool's schema has no address")
        return
    places = layout(root)
    yield from _top(root, place)
    yield from _open(opened, place)
    for keys, schema in subschemas(root):
        yield from _required(schema, (place, *keys))
        yield from unsatisfiable(schema, (place, *keys))
        yield from unreachable(schema, (place, *keys))
        if place == "parameters":
            yield from _descriptions(places, keys, place)
            yield from _alike(schema, (place, *keys))
    yield from unfit_values(root, place)
    yield from _recursion(places, place)


def _top(root: Schema, place: str) -> Flaws:
    """Arguments are an object; a result may be anything."""
    kind = root.get("type")
    message = f"{place} has type {show(kind)}, but must be an object"
    if kind is None and (place == "parameters" or "properties" in root):
        yield flaw("object", (place, "type"), message, warning=True)
    elif place == "parameters" and "object" not in (kind or ()):
        yield flaw("object", (place, "type"), message, kind)


def _open(opened: list[tuple[Keys, list[str] | None]], place: str) -> Flaws:
    for keys, names in opened:
        keyword = "unevaluatedProperties" if names is None else "additionalProperties"
        where = (place, *keys)
        message = f"{_shown(where)} lists properties, but does not set {keyword} to false"
        yield flaw("closed", (*where, keyword), message, warning=True)


def _required(schema: Schema, keys: Keys) -> Flaws:
    """What is required must be listed; parts of a whole may leave that to the others."""
    listed = schema.get("properties", {})
    closed = False in (schema.get("additionalProperties"), schema.get("unevaluatedProperties"))
    is_whole = not any(k in schema for k in (*IN_PLACE, "$ref", "$dynamicRef", "patternProperties"))
    is_object = "properties" in schema or schema.get("type") == "object"
    is_part = any(key in IN_PLACE for key in keys[-2:])
    if not (is_whole and (closed or (is_object and not is_part))):
        return
    for name in schema.get("required", ()):
        if name not in listed:
            message = f"{_shown(keys)} requires {show(name)}, which is not among its properties"
            yield flaw("required", (*keys, "required"), message, name, warning=not closed)


def _descriptions(places: Layout, keys: Keys, place: str) -> Flaws:
    for name, inner in places.schemas[keys].get("properties", {}).items():
        if inner is False:  # nothing to describe: it must not be there
            continue
        where = (*keys, "properties", name)
        known = [where, *places.references.get(where, ())]
        texts = [places.schemas.get(each, {}).get("description") for each in known]
        if not any(isinstance(text, str) and text.strip() for text in texts):
            message = f"{_shown((place, *where))} has no description"
            yield flaw("description", (place, *where, "description"), message, warning=True)


def _alike(schema: Schema, keys: Keys) -> Flaws:
    """Names that a model cannot keep apart."""
    spelled: dict[str, list[str]] = defaultdict(list)
    for name in schema.get("properties", {}):
        spelled[name.replace("_", "").replace("-", "").casefold()].append(name)
    for names in spelled.values():
        for name in names[1:]:
            message = f"{_shown(keys)} has {show(names[0])} and {show(name)}, which hardly differ"
            where = (*keys, "properties", name)
            yield flaw("duplicate-parameter", where, message, name, warning=True)


def _recursion(places: Layout, place: str) -> Flaws:
    """A schema that holds itself: allowed, but decoders and some trainers cannot do it."""
    holds = {
        keys: [*_children(places, keys), *places.references.get(keys, ())]
        for keys in places.schemas
    }
    try:
        TopologicalSorter(holds).prepare()
    except CycleError as error:
        around = error.args[1]
        keys = next(keys for keys in around if set(places.references.get(keys, ())) & set(around))
        message = f"{_shown((place, *keys))} refers to a schema that it is a part of"
        value = places.schemas[keys].get("$ref")
        yield flaw("recursion", (place, *keys, "$ref"), message, value, warning=True)


def _children(places: Layout, keys: Keys) -> Iterator[Keys]:
    for keyword in places.schemas[keys]:
        yield from places.inside(keys, keyword)


def _shown(keys: Keys) -> str:
    return join_path("", *keys)
