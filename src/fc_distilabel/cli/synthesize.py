"""`fc-distilabel synthesize`: documents or APIs in, verified function-calling rows out."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.cli.model_options import add_model, run_settings
from fc_distilabel.cli.options import positive, seconds, whole
from fc_distilabel.cli.spending import add_budget

if TYPE_CHECKING:
    from rich.console import Console

    from fc_distilabel.cli.options import Subparsers
    from fc_distilabel.runs.funnel import Funnel
    from fc_distilabel.runs.report import Ended
    from fc_distilabel.runs.settings import RunSettings


DESCRIPTION = """\
Make function-calling conversations from documents, or over APIs of your own. The same command again
goes on where a run stopped. Exit status: 0 rows reached, or the documents or tools exhausted with
some rows; 1 no row, the budget spent, or the run broke; 2 what was given cannot be used, nothing
was done; 130 stopped by Ctrl-C."""


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "synthesize", help="make rows from documents", description=DESCRIPTION
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files, folders or globs")
    parser.add_argument(
        "--tools",
        default="",
        metavar="FILE",
        help="your own APIs in the place of documents: OpenAI tools, an MCP listing or OpenAPI 3",
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the run's folder")
    parser.add_argument(
        "--rows", type=positive, default=30, metavar="N", help="rows wanted (%(default)s)"
    )
    parser.add_argument(
        "--language",
        choices=("auto", "en", "zh"),
        default="auto",
        help="language of the rows; auto looks at each document (%(default)s)",
    )
    parser.add_argument(
        "--kinds",
        default="",
        metavar="LIST",
        help="dialogue kinds, as single,tool_error, or with weights: single=3,irrelevant=1 (all)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="(%(default)s)")
    add_model(parser)
    _add_cast(parser)
    _add_pace(parser)
    parser.add_argument(
        "--feedback",
        default="",
        metavar="DIR",
        help="take in what people said: a folder that `fc-distilabel argilla pull` wrote",
    )
    add_budget(parser)
    parser.set_defaults(run=run)


def _add_cast(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--assistant-llm",
        default="",
        metavar="LLM",
        help="who plays the assistant, named as --llm (the same model)",
    )
    parser.add_argument(
        "--judge-llm",
        default="",
        metavar="LLM",
        help="who scores the assistant's turns; `same` for the model of --llm (nobody)",
    )
    parser.add_argument(
        "--min-score",
        type=whole,
        default=0,
        metavar="1-5",
        help="drop rows with a turn that the judge scores lower",
    )
    parser.add_argument(
        "--candidates",
        type=positive,
        default=1,
        metavar="K",
        help="assistant turns sampled where something is to be decided (%(default)s)",
    )
    parser.add_argument(
        "--native-tools",
        action="store_true",
        help="endpoints take tools through their API; else calls are written under a JSON Schema",
    )


def _add_pace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--per-passage",
        type=positive,
        default=3,
        metavar="N",
        help="rows tried for each passage of a document (%(default)s)",
    )
    parser.add_argument(
        "--preset",
        type=whole,
        default=0,
        metavar="0-5",
        help="how complex tools are made; 0 leaves them flat (%(default)s)",
    )
    parser.add_argument(
        "--stall-seconds",
        type=seconds,
        default=900.0,
        metavar="S",
        help="give up when nothing moves for that long (%(default)g)",
    )
    parser.add_argument(
        "--no-report", action="store_true", help="leave out report.html, the figures on the rows"
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="start anew; old files in DIR are moved aside, none is deleted",
    )


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console

    from fc_distilabel.pipelines.guard import Run
    from fc_distilabel.pipelines.signals import Stopped
    from fc_distilabel.runs.budget import dollars

    errors = Console(stderr=True)
    guarded = Run(_settings(options), options.out, errors, report=not options.no_report)
    for note in guarded.plan.notes:
        errors.print(note, markup=False, highlight=False, soft_wrap=True)
    try:
        ended, funnel = guarded.run(options.fresh)
    except Stopped as stop:
        kept = guarded.kept_rows()
        place = (
            f"{kept} rows are in {str(options.out)!r}" if kept is not None else "nothing was made"
        )
        print(f"{stop}: {place}; the same command goes on from there", file=sys.stderr)
        return stop.exit_status
    paid = dollars(prices.cost(guarded.spent())) if (prices := guarded.budget.prices) else ""
    return _report(ended, funnel, options.out, options.tools, paid, Console())


def _settings(options: argparse.Namespace) -> "RunSettings":
    from fc_distilabel.errors import InputError
    from fc_distilabel.runs.settings import RunSettings

    if options.tools and options.preset:
        raise InputError("--preset changes tools, and those of --tools are kept as they are")
    names = RunSettings.model_fields
    return run_settings({n: value for n, value in vars(options).items() if n in names})


def _report(
    ended: "Ended", funnel: "Funnel", out: Path, tools: str, paid: str, console: "Console"
) -> int:
    from rich.text import Text

    from fc_distilabel.errors import RunError
    from fc_distilabel.pipelines.display import (
        clock,
        coverage_table,
        funnel_table,
        shares_line,
    )

    console.print(funnel_table(funnel))
    if funnel.coverage.kinds:
        console.print(coverage_table(funnel.coverage))
    kept = max(1, funnel.total.kept)
    cost = (
        f"{clock(ended.seconds)} in all: {ended.seconds / kept:.1f} s, "
        f"{funnel.calls / kept:.1f} calls and {funnel.tokens / kept:,.0f} tokens a kept row"
    )
    if paid:
        cost += f", {paid} for all that was asked"
    for line in (shares_line(funnel), cost):
        console.print(Text(line), soft_wrap=True)
    if not ended.rows:
        raise RunError(
            f"no row was kept of {ended.attempted} tried: {out / 'drops.jsonl'} says why of each"
        )
    console.print(Text(_conclusion(ended, out, tools)), soft_wrap=True)
    return 0


def _conclusion(ended: "Ended", out: Path, tools: str) -> str:
    if ended.ending == "rows reached":
        more = f", {ended.surplus} more in surplus.jsonl" if ended.surplus else ""
        return f"Rows reached: {ended.rows} rows in {out / 'rows.jsonl'}{more}."
    if tools:
        return (
            f"Tools exhausted: {ended.rows} rows in {out / 'rows.jsonl'}. For more: further tools, "
            "a larger --per-passage, or a stronger model (--llm openai:MODEL), with another --out."
        )
    return (
        f"Documents exhausted: {ended.rows} rows in {out / 'rows.jsonl'}. For more: further "
        "documents, a larger --per-passage, or a stronger model (--llm openai:MODEL), with another "
        "--out."
    )
