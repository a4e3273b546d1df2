"""Calls, tools and results as text between tags, the way Hermes and Qwen models write them.

The block of tools is word for word what Qwen2.5's chat template prints, so text made here equals
what that template makes of the same row. In a tag inside a JSON string, `<` is escaped, which
reads back as the same value; a tag in plain words cannot be told, so there a row is refused.
"""

import json
import re
from collections.abc import Sequence

from fc_distilabel.errors import Dropped
from fc_distilabel.exporters.conversations import Conversation
from fc_distilabel.schemas.bounds import show
from fc_distilabel.types import Json, Message

_BEFORE = (
    "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
    "You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n"
)
_AFTER = (
    "\n</tools>\n\nFor each function call, return a json object with function name and arguments "
    "within <tool_call></tool_call> XML tags:\n<tool_call>\n"
    '{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'
)
TOOLS = re.compile(rf"(?:\n\n|^){re.escape(_BEFORE)}(.*?){re.escape(_AFTER)}\Z", re.DOTALL)
"""The block at the end of a system message; its group is the tools, a line each."""
_TAG = re.compile(r"</?(?:tools|tool_call|tool_response|think)>")


def system_text(conversation: Conversation) -> str:
    """The system message with the tools after it."""
    check_untagged(conversation.system)
    if not conversation.tools:
        return conversation.system
    tools = "\n".join(json_text(tool) for tool in conversation.tools)
    block = f"{_BEFORE}{tools}{_AFTER}"
    return f"{conversation.system}\n\n{block}" if conversation.system else block


def said_text(message: Message) -> str:
    """The words of a user's or assistant's message, with its calls after them."""
    check_untagged(message.content)
    return _with_calls(message)


def rejected_text(message: Message) -> str:
    """The same for an answer to be unlearned, whose words may be anything: tags are often why."""
    return _with_calls(message)


def results_text(results: Sequence[Message]) -> str:
    """The results of one turn's calls, one after the other."""
    for result in results:
        check_untagged(result.content)
    return "\n".join(f"<tool_response>\n{r.content}\n</tool_response>" for r in results)


def json_text(value: Json) -> str:
    """JSON in which no tag can be mistaken for one of the format's own."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c") if _TAG.search(text) else text


def check_untagged(text: str) -> None:
    """Refuse words that hold a tag of the format's: nobody could tell them from a call."""
    found = _TAG.search(text)
    if found:
        raise Dropped("words that hold a tag of the format", f"{found[0]} in {show(text)}")


def _with_calls(message: Message) -> str:
    calls = [
        f"<tool_call>\n{json_text({'name': call.name, 'arguments': call.arguments})}\n</tool_call>"
        for call in message.tool_calls
    ]
    return "\n".join([message.content, *calls] if message.content else calls)
