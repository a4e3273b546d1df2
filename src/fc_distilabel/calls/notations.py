"""The marks that model families put around their calls.

Three kinds of mark are told apart. A *tag* stands around calls and says nothing else. A *header*
holds the function's name, and the arguments follow it as an object. Everything that looks like a
tag and is not listed (`<tool_response>`, `<example>`) changes what its content means, so a text
with it is refused.
"""

import re

NAME = r"[A-Za-z0-9_.-]{1,128}"
"""A function's name, as OpenAI allows it and with dots, where the notation itself shows no end."""

_TAGS = {
    "hermes": r"</?tool_calls?>",
    "functioncall": r"</?function_?calls?>",
    "llama": r"<\|python_(?:tag|start|end)\|>",
    "function_tag": r"</function>",
    "granite": r"<\|/?tool_calls?\|>",
    "mistral": r"\[/?TOOL_CALLS\]",
    "deepseek": r"<｜tool▁(?:calls▁begin|call▁end|calls▁end)｜>",
    "kimi": r"<\|tool_(?:calls_section_begin|call_end|calls_section_end)\|>",
    "harmony": r"<\|call\|>",
    "": r"<\|(?:im_start|start|start_header_id)\|>assistant\b|<\|end_header_id\|>"
    r"|<\|channel\|>(?:analysis|commentary|final)<\|message\|>"
    r"|<\|(?:im_end|eot_id|eom_id|end|endoftext)\|>|<｜end▁of▁sentence｜>|</s>",
}
_HEADERS = {
    "function_tag": rf"<function=({NAME})>",
    "mistral": rf"\[TOOL_CALLS\]\s*({NAME})(?:\[CALL_ID\]\w+)?(?:\[ARGS\]|(?=\{{))",
    "deepseek": rf"<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>({NAME})\s*(?=```)"
    rf"|({NAME})<｜tool▁sep｜>)",
    "kimi": rf"<\|tool_call_begin\|>\s*(?:functions\.)?({NAME}):\d+\s*"
    r"<\|tool_call_argument_begin\|>",
    "functionary": rf">>>({NAME})\n(?=\s*\{{)",
    "harmony": rf"<\|channel\|>commentary to=functions\.({NAME})\s*"
    r"(?:<\|constrain\|>json)?<\|message\|>",
}

TAG = re.compile("|".join(_TAGS.values()))
HEADER = re.compile("|".join(_HEADERS.values()))
OPENING = re.compile(
    r"<tool_calls?>|<function_?calls?>|<\|(?:tool_calls?|python_tag|python_start)\|>|\[TOOL_CALLS\]"
)
"""Tags after which a call has to come."""
UNKNOWN_TAG = r"</?(?:[A-Za-z|｜][^<>\s]{0,80})?(?:>|\Z)"
"""What looks like a tag, or like the beginning of one at the end of a text."""


def tag_notation(tag: str) -> str:
    """Which family writes this tag; empty for tags that say nothing of calls."""
    return next(name for name, pattern in _TAGS.items() if re.fullmatch(pattern, tag))


def read_header(text: str, at: int) -> tuple[str, str]:
    """The notation of the header that stands there, and the function's name in it."""
    tried = ((name, re.compile(p).match(text, at)) for name, p in _HEADERS.items())
    notation, found = next((name, match) for name, match in tried if match)
    return notation, next(name for name in found.groups() if name)
