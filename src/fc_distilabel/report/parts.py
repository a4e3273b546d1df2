"""The parts of the page, one function each: what of the report it says, in words, pictures, tables.

A part without anything to say is left out. Sentences and titles come from `words`; what comes from
a row stands in cells and lines, which the template escapes.
"""

from collections.abc import Iterator

from fc_distilabel.apis.complexity import DENOMINATORS
from fc_distilabel.report import plots
from fc_distilabel.report.diversity import SIZES, Diversity
from fc_distilabel.report.figures import Report
from fc_distilabel.report.layout import Part, Picture, Row, Table
from fc_distilabel.report.measuring import UNKNOWN
from fc_distilabel.report.words import Words

_LONGEST = 10
"""Columns of a distribution; what lies beyond is put together in the last."""
_ORIGINS = 12
_HITS = 50


def parts(report: Report, w: Words) -> Iterator[Part]:
    """The sections that have something to say, the most important first."""
    yield _yield(report, w)
    if report.rows:
        yield _contamination(report, w)
        yield _diversity(report, w)
        yield _make_up(report, w)
        yield from _coverage(report, w)
        yield from _tools(report, w)
        yield from _origins(report, w)
        yield from _likeness(report, w)
    if report.rows or report.agreement:
        yield _judge(report, w)


def _yield(report: Report, w: Words) -> Part:
    outcome = report.outcome
    part = Part("yield", lines=[w("yield_hint")])
    stages = outcome.stages
    if stages:
        told = [(w.name("stage", stage.stage), stage.made, stage.kept) for stage in stages]
        part.pictures.append(Picture(plots.funnel(told)))
    else:
        part.lines = [w("no_funnel")]
        part.hint = False
    if outcome.requests or outcome.tokens:
        seconds = f"{outcome.wall_seconds:,.0f}"
        costs = {"tokens": f"{outcome.tokens:,}", "requests": f"{outcome.requests:,}"}
        part.lines.append(w("cost", seconds=seconds, **costs))
    if outcome.mistakes:
        named = {w.name("mistake", name): count for name, count in outcome.mistakes.items()}
        part.pictures.append(Picture(plots.bars(named), w("mistakes")))
    reasons = [
        Row((w.name("reason", reason), w.name("stage", stage.stage), f"{count:,}"))
        for stage in stages
        for reason, count in stage.reasons.items()
    ]
    if reasons:
        part.tables.append(Table((w("reason"), w("stage"), w("dropped")), tuple(reasons)))
    return part


def _contamination(report: Report, w: Words) -> Part:
    found = report.contamination
    if found is None:
        return Part("contamination", hint=False, lines=[w("contamination_off")])
    count = f"{sum(found.benchmarks.values()):,}"
    part = Part("contamination")
    part.lines = [w("contamination_hint", count=count, list=w.listed(list(found.benchmarks)))]
    part.lines.append(w("contamination_rule"))
    if not found.rows:
        part.lines.append(w("contamination_none"))
        return part
    rules = [Row((w.name("rule", rule), f"{count:,}")) for rule, count in found.rules.items()]
    part.tables.append(Table((w("rule"), w("rows")), tuple(rules)))
    hits = found.hits[:_HITS]
    rows = (
        Row((hit.row, w.name("rule", hit.rule), hit.said, f"{hit.asked} ({hit.question})"))
        for hit in hits
    )
    more = w("contamination_more", count=len(hits), all=f"{found.rows:,}")
    heads = (w("row"), w("rule"), w("said"), w("asked"))
    note = more if len(hits) < found.rows else ""
    part.tables.append(Table(heads, tuple(rows), note=note, numbers=False))
    return part


def _diversity(report: Report, w: Words) -> Part:
    part = Part("diversity", lines=[w("diversity_hint")])
    for spoken in report.variety.languages:
        language = w.name("language", spoken.language)
        if spoken.figures is None:
            few = w("too_few", count=spoken.requests, least=SIZES[0])
            part.lines.append(f"{language}: {few}")
            continue
        rows = [Row((w("this_run"), *_diverse(spoken.figures)), own=True)]
        if spoken.language == "en":
            rows += [Row((each.name, *_diverse(each.figures))) for each in report.variety.published]
        heads = (
            w("set"),
            *(f"distinct-{n} ↑" for n in (1, 2, 3)),
            *("self-BLEU-4 ↓", f"{w('near')} ↓", "Vendi/n ↑"),
        )
        title = w("at_size", language=language, n=spoken.figures.n)
        part.tables.append(Table(heads, tuple(rows), title, f"↑ {w('higher')} · ↓ {w('lower')}"))
    return part


def _diverse(figures: Diversity) -> tuple[str, ...]:
    shares = (figures.distinct_1, figures.distinct_2, figures.distinct_3, figures.self_bleu)
    return (*(f"{s:.3f}" for s in shares), f"{figures.near:.1%}", f"{figures.vendi:.3f}")


def _make_up(report: Report, w: Words) -> Part:
    rows = report.make_up
    languages = [f"{w.name('language', n)} {count:,}" for n, count in rows.languages.items()]
    domains = [f"{name} {count:,}" for name, count in rows.domains.items()]
    domains += ["…"] if rows.domains_in_all > len(domains) else []
    part = Part("make_up", hint=False, lines=[w("languages", list=w.listed(languages))])
    if list(rows.domains) != [UNKNOWN]:
        part.lines.append(w("domains", count=f"{rows.domains_in_all:,}", list=w.listed(domains)))
    helped = {"by_code": rows.worded_by_code, "completed": rows.completed_by_code}
    for line, counts in helped.items():
        if told := [f"{_worded(name, w)} {count:,}" for name, count in counts.items()]:
            part.lines.append(w(line, list=w.listed(told)))
    kinds = {w.name("kind", kind): count for kind, count in rows.kinds.items()}
    part.pictures = [
        Picture(plots.bars(kinds), w("kinds")),
        Picture(plots.columns(_shortened(rows.turns)), w("turns")),
        Picture(plots.columns(_shortened(rows.calls)), w("calls")),
    ]
    return part


def _worded(name: str, w: Words) -> str:
    return w(name) if name in ("user", "answer") else name


def _shortened(counts: dict[int, int]) -> dict[str, int]:
    """A distribution with its long tail put together."""
    kept = {str(number): count for number, count in counts.items() if number < _LONGEST}
    beyond = sum(count for number, count in counts.items() if number >= _LONGEST)
    return kept | ({f"{_LONGEST}+": beyond} if beyond else {})


def _coverage(report: Report, w: Words) -> Iterator[Part]:
    covered = report.coverage
    part = Part("coverage", half=True, lines=[w("coverage_hint")])
    never = [w.name("feature", name) for name, count in covered.features.items() if not count]
    if never:
        part.lines.append(w("never", list=w.listed(never)))
    if covered.kinds:
        features = list(next(iter(covered.kinds.values())))
        counts = [[line[feature] for feature in features] for line in covered.kinds.values()]
        svg = plots.heat_map(
            [w.name("kind", kind) for kind in covered.kinds],
            [w.name("feature", feature) for feature in features],
            counts,
        )
        part.pictures.append(Picture(svg))
        yield part


def _tools(report: Report, w: Words) -> Iterator[Part]:
    tools = report.tools
    if tools is None:
        return
    reached, target = tools.measured, tools.target
    part = Part("tools", hint=False, half=True)
    count, mean = f"{reached.tools:,}", f"{reached.parameters:.1f}"
    part.lines = [w("tools_hint", tools=count, parameters=mean, depth=reached.max_depth)]
    if target:
        asked = {"parameters": f"{target.parameters:g}", "depth": target.max_depth}
        part.lines.append(w("target", preset=tools.preset, **asked))
    else:
        part.lines.append(w("no_target"))
    shares = [
        (w.name("figure", name), getattr(reached, name), getattr(target, name) if target else None)
        for name in DENOMINATORS
    ]
    part.pictures.append(Picture(plots.against_target(shares), w("share_of")))
    yield part


def _origins(report: Report, w: Words) -> Iterator[Part]:
    origins = report.origins
    if not origins.values:
        return
    part = Part("origins", half=True, lines=[w("origins_hint")])
    values = f"{origins.values:,}"
    if origins.ungrounded:
        part.lines.append(w("ungrounded", count=f"{origins.ungrounded:,}", values=values))
    else:
        part.lines.append(w("all_grounded", values=values))
    told = {
        f"{w.name('carrier', carrier)} · {w.name('how', how)}": count
        for carrier, ways in origins.carriers.items()
        for how, count in ways.items()
    }
    most = sorted(told.items(), key=lambda entry: -entry[1])[:_ORIGINS]
    if most:
        part.pictures.append(Picture(plots.bars(dict(most)), w("value_count")))
    yield part


def _likeness(report: Report, w: Words) -> Iterator[Part]:
    alike = report.likeness
    if not alike.rows:
        return
    counts = {"rows": f"{alike.rows:,}", "of": f"{alike.of:,}"}
    part = Part(
        "likeness", half=True, lines=[w("likeness_hint", mean=f"{alike.mean:.2f}", **counts)]
    )
    part.pictures.append(Picture(plots.steps(alike.shares)))
    yield part


def _judge(report: Report, w: Words) -> Part:
    judged, people = report.judged, report.agreement
    part = Part("judge", hint=bool(judged.rows))
    part.lines = [w("judge_hint") if judged.rows else w("not_judged")]
    if judged.disagreement:
        part.lines.append(w("outvoted", share=f"{judged.disagreement:.0%}"))
    if judged.scores:
        rows = [(w.name("criterion", name), counts) for name, counts in judged.scores.items()]
        part.pictures.append(Picture(plots.scores(rows)))
    for key, title in (("people", "people"), ("judge", "judge_people")):
        if agreed := tuple(_agreed(people.get(key), w)):
            heads = (w("question"), w("figure"), w("records"))
            part.tables.append(Table(heads, agreed, w(title)))
    if not part.tables:
        part.lines.append(w("no_people"))
    return part


def _agreed(told: object, w: Words) -> Iterator[Row]:
    """The figures of `agreement.json`: alpha, kappa or Pearson's r of each question."""
    for name, figures in told.items() if isinstance(told, dict) else ():
        if not isinstance(figures, dict):
            continue
        measure = next((each for each in ("alpha", "kappa", "pearson") if each in figures), None)
        if measure is not None:
            value = figures[measure]
            defined = isinstance(value, int | float) and -1 <= value <= 1
            number = f"{value:.2f}" if defined else w("undefined")
            records = figures.get("records", figures.get("n", ""))
            label = f"{w.name('measure', measure)} {number}"
            yield Row((w.name("agreement", str(name)), label, str(records)))
