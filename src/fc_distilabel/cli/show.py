"""`fc-distilabel show`: rows as people read them."""

import argparse
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.cli.options import positive

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from fc_distilabel.cli.options import Subparsers
    from fc_distilabel.types import Json

_STYLES = {"system": "dim", "user": "cyan", "assistant": "green", "tool": "yellow"}


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "show", help="print rows of a run", description="Print rows of a run readably."
    )
    parser.add_argument("out", type=Path, metavar="DIR", help="the run's folder")
    parser.add_argument(
        "--rows", type=positive, default=2, metavar="N", help="how many (%(default)s)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console

    from fc_distilabel.errors import InputError
    from fc_distilabel.runs.files import ROWS, read_rows

    rows = list(islice(read_rows(options.out / ROWS), options.rows))
    if not rows:
        raise InputError(f"{str(options.out / ROWS)!r} has no rows")
    console = Console()
    for row in rows:
        print_row(console, row)
    return 0


def print_row(console: "Console", row: "dict[str, Json]") -> None:
    """One row; its text is printed as it is, never read as markup."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    facts = [row.get(key, "") for key in ("kind", "language", "document")]
    title = Text(" · ".join(str(fact) for fact in facts if fact))
    parts: list[RenderableType] = [*_evidence(row), *_tools(row), Text()]
    for message in row["messages"]:
        parts += _message(message)
    console.print(Panel(Group(*parts), title=title, subtitle=Text(row["id"]), title_align="left"))


def _evidence(row: "dict[str, Json]") -> "Iterator[Text]":
    from rich.text import Text

    for evidence in row.get("evidence", ()):
        yield Text.assemble(("from the document: ", "bold"), plain(evidence["text"]))


def _tools(row: "dict[str, Json]") -> "Iterator[Text]":
    from rich.text import Text

    for tool in row["tools"]:
        function = tool["function"]
        names = ", ".join(
            _parameter(name, function) for name in function["parameters"]["properties"]
        )
        signature = plain(f"{function['name']}({names})")
        yield Text.assemble(
            ("tool: ", "bold"), signature, (f"  {plain(function['description'])}", "dim")
        )


def _parameter(name: str, function: "dict[str, Json]") -> str:
    return name if name in function["parameters"].get("required", ()) else f"{name}?"


def _message(message: "dict[str, Json]") -> "Iterator[Text]":
    from rich.text import Text

    from fc_distilabel.runs.rows import row_line

    role = message["role"]
    said = [message["content"]] if message["content"] else []
    for call in message.get("tool_calls", ()):
        function = call["function"]
        said.append(f"-> {function['name']}({row_line(function['arguments'])})")
    for line in said:
        yield Text.assemble((f"{role:>9}  ", f"bold {_STYLES.get(role, '')}"), plain(line))


def plain(text: str) -> str:
    """The text without control characters: what a model wrote must not steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
