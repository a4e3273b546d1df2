"""Rows as people read them."""

import io
from typing import Any

from rich.console import Console

from fc_distilabel.cli.show import print_row


def row(content: str) -> dict[str, Any]:
    """A small row in which a user says `content`."""
    tool = {
        "name": "rent",
        "description": "Rent [bold]it[/bold].",
        "parameters": {
            "type": "object",
            "properties": {"stop": {}, "size": {}},
            "required": ["stop"],
        },
    }
    call = {"function": {"name": "rent", "arguments": {"stop": "[red]Quillmont"}}}
    return {
        "id": "0123456789abcdef",
        "kind": "single",
        "language": "en",
        "document": "lockers[/].md",
        "evidence": [{"index": 0, "text": "A [link=x] sentence."}],
        "tools": [{"type": "function", "function": tool}],
        "messages": [
            {"role": "user", "content": content},
            {"role": "assistant", "content": "", "tool_calls": [call]},
        ],
    }


def shown(content: str) -> str:
    """What a terminal without colours gets."""
    console = Console(file=io.StringIO(), width=100)
    print_row(console, row(content))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_a_model_wrote_is_no_markup() -> None:
    """Brackets stand as they are, wherever they are."""
    text = shown("[bold]a[/bold] [/] [@click=app.bell]")
    for part in (
        "[bold]a[/bold] [/] [@click",
        "[bold]it[/bold]",
        "[red]Quillmont",
        "lockers[/].md",
    ):
        assert part in text


def test_what_a_model_wrote_does_not_steer_the_terminal() -> None:
    """Escape sequences arrive as a sign that something was there."""
    assert "\x1b" not in shown("a\x1b[2Jb\x07")
    assert "a�[2Jb�" in shown("a\x1b[2Jb\x07")


def test_optional_parameters_are_marked() -> None:
    """`size?` may be left out."""
    assert "rent(stop, size?)" in shown("x")


def test_chinese_is_printed_whole() -> None:
    """Nothing of a Chinese message is lost."""
    assert "我想租一个大格口" in shown("我想租一个大格口")
