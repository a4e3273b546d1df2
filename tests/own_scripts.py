"""A model for tests of own APIs: it words values, leaves messages to code, and reads these back.

It finds arguments in a message in note form by the labels of the schema that it is asked to follow,
so it knows nothing of the APIs of a test.
"""

import datetime
import json
import os
import re
import time
from typing import Any

from fc_distilabel.synthesis.chat import ChatRequest
from fc_distilabel.synthesis.sampling import short_label

VALUES = {"en": ["Falcon", "Heron", "Otter"], "zh": ["琥珀隼", "钴蓝鹭", "绯红獭"]}
MARKS = "abcdefghijklmnop"
"""What tells the values of fields apart."""


def good(request: ChatRequest) -> str:
    """A model that does what is asked, but for messages and answers, which code words then."""
    time.sleep(float(os.environ.get("FC_TEST_DELAY", "0")))
    text = "\n".join(message["content"] for message in request.messages)
    schema = request.response_schema or {}
    properties = schema.get("properties", {})
    if len(properties) == 1 and properties.get("message", properties.get("reply", {})).get(
        "minLength"
    ):
        return json.dumps(dict.fromkeys(properties, "?" * 8))
    if properties and all(part.get("type") == "array" for part in properties.values()):
        values = VALUES["zh" if _is_chinese(text) else "en"]
        shown = {name: [f"{v}{MARKS[i]}" for v in values] for i, name in enumerate(properties)}
        return json.dumps(shown, ensure_ascii=False)
    return json.dumps(_calls(text, schema), ensure_ascii=False)


def _is_chinese(text: str) -> bool:
    return len(re.findall("[\u4e00-\u9fff]", text)) > 40


def _calls(text: str, schema: dict[str, Any]) -> Any:
    """The call of the function whose description is most like the message."""
    message = re.findall(r"^(?:User|用户)[:：] ?(.*)$", text, re.MULTILINE)[-1]
    parallel = schema.get("type") == "array"
    form = schema["items"] if parallel else schema
    options = form.get("anyOf", [form])
    best = max(options, key=lambda o: _likeness(_described(text, _name(o)), message))
    arguments = best["properties"]["arguments"]
    calls = [
        {"name": _name(best), "arguments": _read(arguments, message, schema, "", i) or {}}
        for i in range(2 if parallel else 1)
    ]
    return calls if parallel else calls[0]


def _name(option: dict[str, Any]) -> str:
    return str(option["properties"]["name"]["const"])


def _described(text: str, name: str) -> str:
    line = next((line for line in text.splitlines() if line.startswith(f"{name}(")), "")
    return line.rpartition(") - ")[2]


def _likeness(description: str, message: str) -> float:
    pieces = [
        set(re.findall(r"[a-z]{4,}|[\u4e00-\u9fff]", t.lower())) for t in (description, message)
    ]
    return len(pieces[0] & pieces[1]) / max(1, len(pieces[0]))


def _read(schema: Any, message: str, root: dict[str, Any], label: str, number: int) -> Any:
    """What the message says of a schema, or None."""
    if "$ref" in schema:
        target: Any = root
        for key in schema["$ref"][2:].split("/"):
            target = target[key]
        return _read(
            {**target, **{k: v for k, v in schema.items() if k != "$ref"}},
            message,
            root,
            label,
            number,
        )
    for branch in schema.get("anyOf", ()):
        if branch != {"type": "null"}:
            return _read(
                {**branch, **{k: v for k, v in schema.items() if k != "anyOf"}},
                message,
                root,
                label,
                number,
            )
    label = short_label(schema, label)
    if "properties" in schema:
        found = {n: _read(s, message, root, n, number) for n, s in schema["properties"].items()}
        return {n: v for n, v in found.items() if v is not None} or None
    if "items" in schema:
        told = {"description": schema["description"]} if "description" in schema else {}
        item = _read({**told, **schema["items"]}, message, root, label, number)
        return None if item is None else [item]
    return _value(schema, message, label, number)


def _value(schema: dict[str, Any], message: str, label: str, number: int) -> Any:
    said = re.search(
        rf"{re.escape(label)}[:：] ?(.+?)(?:;|；|。|\.(?: |$)|$)", message, re.IGNORECASE
    )
    if said is None:
        return None
    values = re.split(" and |和", said[1])
    value = values[min(number, len(values) - 1)]
    kind = schema.get("type")
    if schema.get("format") == "date" or re.fullmatch(
        r"[A-Z][a-z]+ \d+, \d{4}|\d+年\d+月\d+日", value
    ):
        return _date(value)
    if kind == "boolean":
        return value in ("yes", "是")
    if kind in ("integer", "number"):
        return json.loads(value)
    return next((e for e in schema.get("enum", ()) if str(e).replace("_", " ") == value), value)


def _date(value: str) -> str:
    if "年" in value:
        return datetime.date(*map(int, re.findall(r"\d+", value))).isoformat()
    return datetime.datetime.strptime(value, "%B %d, %Y").date().isoformat()
