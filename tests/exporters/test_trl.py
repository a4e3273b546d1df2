"""The TRL file as its readers read it: datasets, and a chat template that renders tools."""

import json
from pathlib import Path
from typing import Any

import pytest
from datasets import load_dataset
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import PreTrainedTokenizerFast

from fc_distilabel.errors import InputError
from fc_distilabel.exporters import EXPORTERS, to_trl, to_trl_sft

Row = dict[str, Any]

TEMPLATE = """\
{%- if tools %}<|im_start|>system
{{ messages[0].content }}
<tools>
{%- for tool in tools %}
{{ tool | tojson }}
{%- endfor %}
</tools><|im_end|>
{%- endif %}
{%- for message in messages[1:] %}
<|im_start|>{{ message.role }}
{{ message.content }}
{%- for call in message.tool_calls or [] %}
{%- set function = call.function %}
<tool_call>
{"name": "{{ function.name }}", "arguments": {{ function.arguments | tojson }}}
</tool_call>
{%- endfor %}<|im_end|>
{%- endfor %}"""
"""After Qwen2.5's: tools in the system turn, calls as JSON, results by name."""


def row(name: str, *calls: dict[str, Any]) -> Row:
    """A full row with these calls."""
    types = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array"}
    first = calls[0] if calls else {"x": 1}
    parameters = {
        "type": "object",
        "properties": {key: {"type": types[type(value)]} for key, value in first.items()},
        "required": list(first),
        "additionalProperties": False,
    }
    function = {"name": name, "description": f"Do {name}.", "parameters": parameters}
    messages: list[Row] = [
        {"role": "system", "content": "You have tools."},
        {"role": "user", "content": f"请 {name}"},
    ]
    if calls:
        made = [
            {"id": f"c{i}", "type": "function", "function": {"name": name, "arguments": call}}
            for i, call in enumerate(calls)
        ]
        messages.append({"role": "assistant", "content": "", "tool_calls": made})
        messages += [
            {"role": "tool", "content": '{"ok":true}', "tool_call_id": f"c{i}", "name": name}
            for i in range(len(calls))
        ]
    messages.append({"role": "assistant", "content": "Done."})
    tools = [{"type": "function", "function": function}]
    return {"id": name, "messages": messages, "tools": tools}


MIXES = {
    "other names and types": [
        row("book", {"city": "Paris", "nights": 2}),
        row("convert", {"amount": 1.5, "fast": True}),
        row("refuse"),
        row("list", {"city": ["a", "b"]}),
    ],
    "same types, other keys": [
        row("one", {"a_key": "x", "b_key": "y"}),
        row("two", {"c_key": "z"}, {"c_key": "w"}),
        row("three", {"a_key": "v"}),
    ],
    "one key, other types": [row("one", {"size": "big"}), row("two", {"size": 3})],
    "many rows, a key that comes late": [
        *(row(f"n{i}", {"city": "Paris"}) for i in range(60)),
        row("late", {"street": "Rue"}),
    ],
}


def loaded(rows: list[Row], folder: Path) -> list[Row]:
    """The rows as `datasets` gives them to a trainer."""
    path = folder / "train.trl.jsonl"
    lines = [json.dumps(to_trl(each), ensure_ascii=False) for each in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    cache = str(folder / "cache")
    return list(load_dataset("json", data_files=str(path), split="train", cache_dir=cache))


@pytest.mark.parametrize("rows", MIXES.values(), ids=MIXES.keys())
def test_no_argument_is_filled_with_null(rows: list[Row], tmp_path: Path) -> None:
    """Calls come back from Arrow with the arguments they had, and no other."""
    for given, read in zip(rows, loaded(rows, tmp_path), strict=True):
        for sent, got in zip(given["messages"], read["messages"], strict=True):
            calls = sent.get("tool_calls") or []
            assert [c["function"]["arguments"] for c in calls] == [
                c["function"]["arguments"] for c in got.get("tool_calls") or []
            ]
        assert json.loads(read["tools"]) == given["tools"]


@pytest.mark.parametrize("rows", MIXES.values(), ids=MIXES.keys())
def test_a_chat_template_renders_every_row(rows: list[Row], tmp_path: Path) -> None:
    """Tools, calls and results are in the text, once, as JSON that was not encoded twice."""
    vocabulary = {"<unk>": 0}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")
    for given, read in zip(rows, loaded(rows, tmp_path), strict=True):
        text = fast.apply_chat_template(
            read["messages"],
            tools=json.loads(read["tools"]),
            chat_template=TEMPLATE,
            tokenize=False,
        )
        function = given["tools"][0]["function"]
        assert f'"name": "{function["name"]}", "description"' in text
        assert "null" not in text and "None" not in text
        for message in given["messages"]:
            for call in message.get("tool_calls", ()):
                written = json.dumps(call["function"]["arguments"], ensure_ascii=False)
                assert f'"arguments": {written}}}\n</tool_call>' in text


def test_it_is_found_by_name() -> None:
    """Exporters are looked up by the trainer's name; an unknown one is told the known."""
    assert EXPORTERS.get("trl") is to_trl_sft
    with pytest.raises(
        InputError, match=r"no exporter is named 'none'; known: axolotl, .*trl\.dpo"
    ):
        EXPORTERS.get("none")


def test_a_verified_row_and_anybodys_are_written_alike() -> None:
    """A run writes its own rows without looking at them again."""
    for calls in ([], [{"city": "Paris"}], [{"x": 1}, {"x": 2}]):
        assert to_trl(row("book", *calls)) == to_trl_sft(row("book", *calls))


def test_a_message_has_only_what_trl_reads() -> None:
    """No call ids: a tool message is known by its name."""
    exported = to_trl(row("book", {"city": "Paris"}))
    assert list(exported) == ["messages", "tools"]
    assert [set(message) for message in exported["messages"]] == [
        {"role", "content"},
        {"role", "content"},
        {"role", "content", "tool_calls"},
        {"role", "name", "content"},
        {"role", "content"},
    ]
