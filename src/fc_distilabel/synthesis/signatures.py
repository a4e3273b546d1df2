"""A tool in one line, for prompts: a third of the tokens that its JSON Schema takes."""

from fc_distilabel.types import Json, Tool

MAX_TEXT = 400
MAX_DEPTH = 4
"""Levels that are written out; what lies deeper is named by its type."""


def signature(tool: Tool) -> str:
    """One line: `book(city: string (Destination), nights?: integer 1..9 (Nights)) - Book it.`."""
    return f"{tool.name}({_fields(tool.parameters, MAX_DEPTH)}) - {_short(tool.description)}"


def _short(text: str) -> str:
    """The text in one line, as far as a prompt can hold it: other people's run to pages."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else f"{line[:MAX_TEXT]}..."


def _fields(schema: dict[str, Json], depth: int) -> str:
    required = schema.get("required", ())
    return ", ".join(
        f"{name}{'' if name in required else '?'}: {_told(inner, depth)}"
        for name, inner in schema.get("properties", {}).items()
    )


def _told(schema: Json, depth: int) -> str:
    """Type and, in brackets, description."""
    if not isinstance(schema, dict):
        return "any"
    label = _short(str(schema.get("description", "")))
    return _type(schema, depth) + (f" ({label})" if label else "")


def _type(schema: dict[str, Json], depth: int) -> str:
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return " | ".join(_told(option, depth) for option in options)
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        kind = " | ".join(kind)
    if schema.get("properties") and depth:
        return f"{{{_fields(schema, depth - 1)}}}"
    if isinstance(schema.get("items"), dict) and depth:
        return f"list of {_told(schema['items'], depth - 1)}"
    if "minimum" in schema or "maximum" in schema:
        return f"{kind} {schema.get('minimum', '')}..{schema.get('maximum', '')}"
    return str(schema.get("format", kind))
