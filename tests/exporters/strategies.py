"""Rows, pairs and judged answers as hypothesis draws them: all that exporters promise to carry."""

import re
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]

_TAG = re.compile(r"</?(?:tools|tool_call|tool_response|think)>")
_letters = st.characters(exclude_categories=("Cs",))
_pieces = st.sampled_from(
    ["hello", "预订", "<b>", '"', "'", "\\", "\n", "{{x}}", "🧭", "\u2028", " "]
)
texts = st.lists(_pieces | st.text(_letters, max_size=5), min_size=1, max_size=4).map("".join)
words = texts.map(str.strip).filter(lambda text: text and not _TAG.search(text))
"""What people say: no tags, and nothing that stripping would change."""
names = st.from_regex(r"[a-zA-Z0-9_-]{1,20}", fullmatch=True)
keys = st.text(_letters, min_size=1, max_size=6)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
    st.sampled_from(["</tool_call>", "<tool_call>{}</tool_call>", "<think>", "</tools>"]),
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=2)
)
arguments = st.dictionaries(keys, values, max_size=3)
schemas = st.sampled_from(
    [
        {"type": "string", "description": "a </tools> b"},
        {"type": "integer", "enum": [1, 2]},
        {"enum": ["a", None, 1.5]},
        {"enum": ["a", 1], "anyOf": [{"type": "string"}, {"minimum": 0}]},
        {"type": "string", "enum": ["x", "y"]},
        {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "null"}}}},
    ]
)


@st.composite
def tools(draw: st.DrawFn) -> list[Row]:
    named = draw(st.lists(names, max_size=3, unique=True))
    return [
        {
            "type": "function",
            "function": {
                "name": name,
                "description": draw(texts),
                "parameters": {
                    "type": "object",
                    "properties": draw(st.dictionaries(keys, schemas, max_size=3)),
                    "required": [],
                },
            },
        }
        for name in named
    ]


class _Talk:
    """Messages as they come, with ids that count on."""

    def __init__(self, draw: st.DrawFn, *, beside: bool) -> None:
        self.draw = draw
        self.beside = beside
        self.count = 0
        self.messages: list[Row] = []

    def calling(self, first: int) -> Row:
        called = self.draw(st.lists(st.tuples(names, arguments), min_size=1, max_size=3))
        calls = [
            {
                "id": f"call_{first + number}",
                "type": "function",
                "function": {"name": name, "arguments": given},
            }
            for number, (name, given) in enumerate(called)
        ]
        content = self.draw(st.just("") | words) if self.beside else ""
        return {"role": "assistant", "content": content, "tool_calls": calls}

    def round(self) -> None:
        message = self.calling(self.count)
        self.count += len(message["tool_calls"])
        self.messages.append(message)
        for call in message["tool_calls"]:
            result = self.draw(st.just("") | words)
            name = call["function"]["name"]
            told = {"role": "tool", "content": result, "tool_call_id": call["id"], "name": name}
            self.messages.append(told)

    def turn(self) -> None:
        self.messages.append({"role": "user", "content": self.draw(words)})
        for _ in range(self.draw(st.integers(0, 2))):
            self.round()

    def answer(self) -> Row:
        if self.draw(st.booleans()):
            return self.calling(self.count)
        return {"role": "assistant", "content": self.draw(words)}


@st.composite
def prompts(draw: st.DrawFn, *, beside: bool) -> _Talk:
    """A conversation in which the assistant is to speak next."""
    talk = _Talk(draw, beside=beside)
    if draw(st.booleans()):
        talk.messages.append({"role": "system", "content": draw(words)})
    for _ in range(draw(st.integers(0, 2))):
        talk.turn()
        talk.messages.append({"role": "assistant", "content": draw(words)})
    talk.turn()
    return talk


@st.composite
def rows(draw: st.DrawFn, *, beside: bool = False) -> Row:
    talk = draw(prompts(beside=beside))
    return {"messages": [*talk.messages, talk.answer()], "tools": draw(tools())}


@st.composite
def pairs(draw: st.DrawFn, *, beside: bool = False) -> Row:
    talk = draw(prompts(beside=beside))
    chosen, rejected = talk.answer(), talk.answer()
    if "tool_calls" in rejected:
        rejected["tool_calls"][0]["function"]["arguments"]["no"] = True
    else:
        rejected = {**rejected, "content": rejected["content"] + " no"}
    record = {"prompt": talk.messages, "chosen": [chosen], "rejected": [rejected]}
    return record | {"tools": draw(tools())}


@st.composite
def judged(draw: st.DrawFn, *, beside: bool = False) -> Row:
    talk = draw(prompts(beside=beside))
    record = {"prompt": talk.messages, "completion": [talk.answer()]}
    return record | {"label": draw(st.booleans()), "tools": draw(tools())}
