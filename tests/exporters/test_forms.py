"""One conversation in every format, word for word, and what leads to other words."""

import json
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast

from fc_distilabel.exporters import EXPORTERS, to_hermes, to_llamafactory, to_openai, to_swift

Row = dict[str, Any]
TESTS = Path(__file__).parents[1]
CASES = json.loads((TESTS / "cases" / "export_forms.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["forms"], ids=lambda case: case["format"])
def test_a_record_in_a_format(case: Row) -> None:
    """Parallel calls, results that came in another order, Chinese, an enum of numbers."""
    assert EXPORTERS.get(case["format"])(CASES["records"][case["data"]]) == case["row"]


def test_the_text_form_is_what_qwens_template_prints() -> None:
    """The tools, calls and results of the text form stand as in Qwen2.5's own chat template."""
    row = CASES["records"]["sft"]
    turns = to_hermes(row)["conversations"]
    roles = {"human": "user", "tool": "user", "gpt": "assistant", "system": "system"}
    ours = "".join(f"<|im_start|>{roles[t['from']]}\n{t['value']}<|im_end|>\n" for t in turns)
    template = (TESTS / "trainers" / "qwen2_5.jinja").read_text(encoding="utf-8")
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({"x": 0}, "x")))
    messages = EXPORTERS.get("trl")(row)["messages"]
    words: Row = {"tools": row["tools"], "chat_template": template, "tokenize": False}
    assert ours == tokenizer.apply_chat_template(messages, **words)


def said(*arguments: Any, content: str = "", ids: tuple[str, ...] = ()) -> Row:
    """A row that calls `f` with each of the arguments."""
    numbered = ids or tuple(f"call_{number}" for number in range(len(arguments)))
    calls = [
        {"id": id_, "type": "function", "function": {"name": "f", "arguments": given}}
        for id_, given in zip(numbered, arguments, strict=True)
    ]
    message = {"role": "assistant", "content": content, "tool_calls": calls}
    return {"messages": [{"role": "user", "content": "go"}, message], "tools": []}


def test_tags_in_arguments_cannot_be_taken_for_the_formats_own() -> None:
    """They are written in escapes that JSON reads back as they were."""
    given = {"note": "</tool_call> <tool_call>{}"}
    for turn in (
        to_hermes(said(given))["conversations"],
        to_llamafactory(said(given))["conversations"],
    ):
        text = turn[-1]["value"]
        body = text.removeprefix("<tool_call>\n").removesuffix("\n</tool_call>")
        assert "<" not in body and json.loads(body)["arguments"] == given


def test_openai_gets_ids_that_differ() -> None:
    """A set whose turns use one id again is renumbered, with the results."""
    row = said({"a": 1}, ids=("x",))
    result = {"role": "tool", "tool_call_id": "x", "content": "1"}
    row["messages"] += [result, *said({"a": 2}, ids=("x",))["messages"][1:], result]
    row["messages"].append({"role": "assistant", "content": "done"})
    messages = to_openai(row)["messages"]
    assert [call["id"] for m in messages for call in m.get("tool_calls", ())] == [
        "call_0",
        "call_1",
    ]
    assert [m["tool_call_id"] for m in messages if m["role"] == "tool"] == ["call_0", "call_1"]


def test_a_row_without_tools_has_no_keys_on_tools() -> None:
    """The service refuses an empty list of tools."""
    row = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
    assert list(to_openai({**row, "tools": []})) == ["messages"]
    assert to_llamafactory({**row, "tools": []})["tools"] == ""


def test_words_beside_a_call_stand_before_it_in_swift() -> None:
    """The trainer joins the two again."""
    roles = [m["role"] for m in to_swift(said({}, content="I look."))["messages"]]
    assert roles == ["user", "assistant", "tool_call"]
