"""The page: one file that loads nothing, runs its own script only, and shows rows as text.

Its policy names the very style sheet and script that stand in it, by their hashes. Whatever comes
from a row is escaped by the template or handed to the review's script, which makes text of it.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fc_distilabel.feedback.review.inert import packed
from fc_distilabel.feedback.review.page import view_script, view_style
from fc_distilabel.report.figures import Report
from fc_distilabel.report.layout import Part
from fc_distilabel.report.measuring import UNKNOWN
from fc_distilabel.report.parts import parts
from fc_distilabel.report.texts import user_turns
from fc_distilabel.report.variety import PUBLISHED_IN
from fc_distilabel.report.words import Words, readable
from fc_distilabel.types import Json

_SHOWN = 160
_FLAWS = 50


class Tile(NamedTuple):
    """One figure that matters most."""

    value: str
    label: str
    hint: str
    tone: str = ""
    """`good`, `bad` or neither."""


def page(report: Report, samples: Sequence[tuple[dict[str, Json], dict[str, Json]]]) -> str:
    """The page of a report, with some of its rows and what the review shows of each."""
    w = Words(report.language)
    style = f"{_text('page.css')}\n{view_style()}"
    script = f"{view_script()}\n{{\n{_text('page.js')}}}\n"
    rows = [_sample(row, view, w) for row, view in samples]
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            r=report,
            w=w,
            title=w("title", name=report.name),
            subtitle=_subtitle(report, w),
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704 - files of this package
            script=Markup(script),  # noqa: S704 - files of this package
            data=Markup(packed({"language": w.language, "rows": rows})),  # noqa: S704 - has no signs
            shown=len(rows),
            tiles=list(_tiles(report, w)),
            parts=[_marked(part) for part in parts(report, w)],
            problems=list(_problems(report, w)),
            flaws=report.problems.flaws[:_FLAWS],
            made_with=_made_with(report, w),
        )
    )


def _policy(style: str, script: str) -> str:
    hashes = {"style-src": style, "script-src": script}
    allowed = [f"{name} 'sha256-{_digest(text)}'" for name, text in hashes.items()]
    return "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _sample(row: Mapping[str, Json], view: Mapping[str, Json], w: Words) -> dict[str, Json]:
    said = next(iter(user_turns(row["messages"])), "")
    kind = w.name("kind", str(row.get("kind") or UNKNOWN))
    return {"kind": kind, "request": said[:_SHOWN], "view": view}


def _subtitle(report: Report, w: Words) -> str:
    ending = w.name("ending", report.ending)
    told = w("subtitle", rows=f"{report.rows:,}", ending=ending)
    return told if ending else told.removesuffix(" · ")


def _made_with(report: Report, w: Words) -> str:
    told = [f"{name} {value}" for name, value in report.made_with.items()]
    return w("made_with", list=w.listed(told)) if told else ""


def _problems(report: Report, w: Words) -> Iterator[str]:
    problems = report.problems
    if problems.newer:
        unknown = w.listed(list(problems.unknown[:10]))
        yield w("newer", count=f"{problems.newer:,}", list=unknown)
    if problems.unread:
        yield w("unread", count=f"{problems.unread:,}")


def _tiles(report: Report, w: Words) -> Iterator[Tile]:
    """The figures that a set is judged by."""
    outcome, rows = report.outcome, report.rows
    share = f"{outcome.kept / max(1, outcome.attempted):.0%}"
    attempted = w("of_attempted", count=f"{outcome.attempted:,}", share=share)
    more = w("surplus", count=f"{outcome.surplus:,}") if outcome.surplus else attempted
    yield Tile(f"{rows:,}", w("rows_kept"), more)
    if not rows:
        return
    yield _contaminated(report, w)
    if report.origins.values:
        yield _grounded(report, w)
    if report.judged.rows:
        judged = report.judged
        hint = w("of_judged", count=f"{judged.rows:,}")
        yield Tile(f"{judged.approved / judged.rows:.0%}", w("approved"), hint)
    yield from _near(report, w)
    nothing = report.make_up.call_nothing / rows
    yield Tile(f"{nothing:.0%}", w("no_call"), w("no_call_hint"))
    yield Tile(f"{outcome.pairs:,}", w("pairs"), "")
    if outcome.tokens:
        requests = f"{outcome.requests:,}"
        hint = w("tokens_in_all", count=f"{outcome.tokens:,}", requests=requests)
        yield Tile(f"{outcome.tokens / max(1, outcome.kept):,.0f}", w("tokens_per_row"), hint)


def _contaminated(report: Report, w: Words) -> Tile:
    found = report.contamination
    if found is None:
        return Tile("–", w("contaminated"), w("not_held"))
    hint = w("held_against", count=f"{sum(found.benchmarks.values()):,}")
    return Tile(f"{found.rows:,}", w("contaminated"), hint, "bad" if found.rows else "good")


def _grounded(report: Report, w: Words) -> Tile:
    origins = report.origins
    # Rounded down: 100 % is said only of all.
    share = int(1000 * (1 - origins.ungrounded / origins.values)) / 10
    hint = w("of_values", count=f"{origins.values:,}")
    return Tile(f"{share:g}%", w("grounded"), hint)


def _near(report: Report, w: Words) -> Iterator[Tile]:
    """How many requests have a near twin, in the language with most requests."""
    spoken = [each for each in report.variety.languages if each.figures]
    if not spoken:
        return
    most = max(spoken, key=lambda each: each.requests)
    assert most.figures is not None
    told: dict[str, object] = {"language": w.name("language", most.language), "n": most.figures.n}
    hint = w("near_tile_alone", **told)
    if most.language == PUBLISHED_IN and report.variety.published:
        other = report.variety.published[0].figures.near
        hint = w("near_tile_hint", other=f"{other:.1%}", **told)
    yield Tile(f"{most.figures.near:.0%}", w("near_tile"), hint)


def _marked(part: Part) -> dict[str, Any]:
    """A part for the template, its pictures as the markup that they are."""
    pictures = [
        {"title": picture.title, "svg": Markup(picture.svg)}  # noqa: S704 - drawn.py escapes
        for picture in part.pictures
    ]
    return {**vars(part), "pictures": pictures}


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("fc_distilabel.report", "."),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_readable,
    )


def _readable(value: Any) -> Any:
    return readable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _text(name: str) -> str:
    return (files("fc_distilabel.report") / name).read_text("utf-8")
