"""What a fake endpoint says: text, an instance of the schema asked for, or a call of a tool."""

import json
from typing import Any

from fc_distilabel.testing.examples import example_of


def completion(body: dict[str, Any], said: str | dict[str, Any] | None) -> dict[str, Any]:
    """A chat completion with one choice: a text, or a whole message; tokens are words."""
    message = said if isinstance(said, dict) else {"content": said}
    asked = sum(len(str(message.get("content")).split()) for message in body["messages"])
    written = len(str(message.get("content") or "").split())
    reason = "tool_calls" if message.get("tool_calls") else "stop"
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}
    return {
        "id": "fake",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [choice],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": written,
            "total_tokens": asked + written,
        },
    }


def default_reply(body: dict[str, Any]) -> str:
    """A small instance of the schema that the request asks for, or "OK"."""
    response_format = body.get("response_format") or {}
    if response_format.get("type") != "json_schema":
        return "OK"
    schema = response_format["json_schema"]["schema"]
    return json.dumps(example_of(schema), ensure_ascii=False)


def tool_call(body: dict[str, Any]) -> dict[str, Any] | None:
    """A message with a valid call of the tool that `tool_choice` names, else of the first one.

    None where the request has no tools or wants no call, and after a tool's result.
    """
    tools, choice = body.get("tools") or [], body.get("tool_choice")
    if not tools or choice == "none" or body["messages"][-1]["role"] == "tool":
        return None
    wanted = choice["function"]["name"] if isinstance(choice, dict) else None
    functions = [tool["function"] for tool in tools]
    function = next((f for f in functions if f["name"] == wanted), functions[0])
    arguments = example_of(function.get("parameters") or {"type": "object"})
    call = {
        "id": f"call_{len(body['messages'])}",
        "type": "function",
        "function": {
            "name": function["name"],
            "arguments": json.dumps(arguments, ensure_ascii=False),
        },
    }
    return {"content": None, "tool_calls": [call]}
