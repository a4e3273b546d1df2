"""`fc-distilabel apis`: tools at the complexity that is asked for."""

import argparse
import signal
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.cli.model_options import add_model, run_settings
from fc_distilabel.cli.options import INTERRUPTED, positive, whole

if TYPE_CHECKING:
    from rich.console import Console

    from fc_distilabel.apis.complexity import Complexity
    from fc_distilabel.apis.domains import Domain
    from fc_distilabel.apis.making import Alike, Making
    from fc_distilabel.cli.options import Subparsers
    from fc_distilabel.cli.tools_output import ToolsFile
    from fc_distilabel.runs.document_tools import DocumentTools

DESCRIPTION = """\
Make tools of a complexity that you set: one row a tool, the tool first and then those that resemble
it. Without documents they come from built-in domains and no model is asked; with documents, each is
for what somebody wants of a passage, and the same command again goes on where it stopped. What was
asked for and what was reached is told at the end. Exit status: 0 tools were made; 1 none, or the
run broke; 2 what was given cannot be used, nothing was done; 130 stopped by Ctrl-C."""
SETTINGS = ("paths", "language", "seed", "llm", "model", "base_url", "max_in_flight")
"""Options that a run on documents shares with `synthesize`."""


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser("apis", help="make tools", description=DESCRIPTION)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="documents that tools are for")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="TOOLS.jsonl", help="the rows, one a tool"
    )
    parser.add_argument(
        "--count", type=positive, default=100, metavar="N", help="tools wanted (%(default)s)"
    )
    parser.add_argument(
        "--language",
        choices=("auto", "en", "zh"),
        default="auto",
        help="auto takes both, or looks at each document (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="(%(default)s)")
    _add_dials(parser)
    add_model(parser)
    parser.set_defaults(run=run)


def _add_dials(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--preset", type=int, default=3, metavar="1-5", help="how complex (%(default)s)"
    )
    parser.add_argument(
        "--set",
        dest="figures",
        default="",
        metavar="NAME=VALUE,...",
        help="figures other than the preset's, also as a JSON object: depth=0.4,enum=0.2",
    )
    parser.add_argument(
        "--similar",
        type=whole,
        default=0,
        metavar="K",
        help="similar tools beside each (%(default)s)",
    )
    parser.add_argument(
        "--confusability",
        type=_share,
        metavar="0-1",
        help="how easily each similar tool shall be taken for the right one; measured if given",
    )


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return value


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console

    from fc_distilabel.apis.targets import nearest, target_from
    from fc_distilabel.cli.tools_output import ToolsFile, say
    from fc_distilabel.errors import EndpointError, RunError

    # Scripts start background jobs with SIGINT ignored; who sends one there means to stop us.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _require_use(options)
    wanted = target_from(options.preset, options.figures)
    target, notes = nearest(wanted)
    errors = Console(stderr=True)
    say(errors, "nearest setting", notes)
    file = ToolsFile(options.out, _alike(options))
    try:
        tools = _write(_tools(options, target, errors), file, errors)
    except KeyboardInterrupt:
        say(errors, "interrupted", [file.left()])
        return INTERRUPTED
    except (RunError, EndpointError) as error:
        if not file.made:
            raise
        raise RunError(f"{error}; {file.left()}") from error
    _report(wanted, target, tools, file, errors)
    return 0


def _require_use(options: argparse.Namespace) -> None:
    """Refuse options that would change nothing."""
    from fc_distilabel.errors import InputError

    if options.confusability is not None and not options.similar:
        raise InputError("--confusability is of similar tools: it needs --similar K")
    if not options.paths and (options.llm, options.model, options.base_url) != ("local", "", ""):
        raise InputError("a model is asked about documents: give a PATH, or leave the model out")


def _alike(options: argparse.Namespace) -> "Alike":
    from fc_distilabel.apis.making import Alike

    return Alike(options.similar, options.confusability)


def _tools(
    options: argparse.Namespace, target: "Complexity", console: "Console"
) -> "AbstractContextManager[Making | DocumentTools]":
    """What makes the tools; a context for the time that this takes."""
    count, seed, alike = options.count, options.seed, _alike(options)
    if options.paths:
        from fc_distilabel.cli.tools_output import say
        from fc_distilabel.pipelines.apis import document_tools

        settings = run_settings({name: getattr(options, name) for name in SETTINGS})
        return document_tools(
            *(settings, target, count, alike, options.out),
            lambda note: say(console, "journal", [note]),
        )
    from fc_distilabel.apis.making import Making

    return nullcontext(Making(_domains(options.language), target, count, seed, alike))


def _domains(language: str) -> "tuple[Domain, ...]":
    from fc_distilabel.apis.domains import domains
    from fc_distilabel.types import LANGUAGES

    wanted = [each for each in LANGUAGES if language in (each, "auto")]
    return tuple(domain for each in wanted for domain in domains(each))


def _write(
    making: "AbstractContextManager[Making | DocumentTools]", file: "ToolsFile", console: "Console"
) -> "Making | DocumentTools":
    """Write all rows, in place of an older file only when the last one is written."""
    from fc_distilabel.cli.tools_output import Shown

    with (
        making as tools,
        file.opened() as rows,
        Shown(console, tools.count) as shown,
        # Closed before the store and the model are: it may have requests under way.
        closing(iter(tools)) as made,
    ):
        for tool in made:
            file.add(tool, rows)
            shown.update(file.made)
    return tools


def _report(
    wanted: "Complexity",
    target: "Complexity",
    tools: "Making | DocumentTools",
    file: "ToolsFile",
    console: "Console",
) -> None:
    """What was reached, and what was not."""
    from fc_distilabel.apis.targets import missed
    from fc_distilabel.cli.tools_output import figures_table, say

    reached = tools.ledger.measured()
    console.print(figures_table(wanted, reached))
    say(console, "off target", missed(target, reached))
    say(console, "similar", file.similar_notes())
    say(console, "left out", filter(None, [tools.left_out()]))
    if file.made < tools.count:
        say(console, "fewer", [f"{tools.count - file.made:,} tools: {tools.used_up}"])
    console.print(f"{file.made:,} tools in {str(file.out)!r}", markup=False)
