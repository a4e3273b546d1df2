"""A tool in one line, for prompts: a third of the tokens that its JSON Schema takes."""

from fc_distilabel.types import Json, Tool


def signature(tool: Tool) -> str:
    """One line: `book(city: string (Destination), nights?: integer 1..9 (Nights)) - Book it.`."""
    required = tool.parameters["required"]
    parameters = [
        f"{name}{'' if name in required else '?'}: {_type(schema)} ({schema['description']})"
        for name, schema in tool.parameters["properties"].items()
    ]
    return f"{tool.name}({', '.join(parameters)}) - {tool.description}"


def _type(schema: dict[str, Json]) -> str:
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    if "maximum" in schema:
        return f"{schema['type']} {schema['minimum']}..{schema['maximum']}"
    return str(schema.get("format", schema["type"]))
