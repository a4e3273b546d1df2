"""The report of a run folder: read once, measured, written as a page and as JSON."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from fc_distilabel.errors import InputError
from fc_distilabel.report import summing
from fc_distilabel.report.benchmarks import Benchmark, read_benchmark
from fc_distilabel.report.clean import write_clean
from fc_distilabel.report.contamination import Case, Contamination, Hit, by_rule, case_of
from fc_distilabel.report.figures import Flaw, Found, Problems, Report
from fc_distilabel.report.likeness import likeness
from fc_distilabel.report.measuring import Measures
from fc_distilabel.report.outcome import outcome
from fc_distilabel.report.page import page
from fc_distilabel.report.reading import json_object, lines_of, row_flaw
from fc_distilabel.report.samples import stratified, views
from fc_distilabel.report.variety import variety
from fc_distilabel.runs.files import CLEAN, FIGURES, PAGE, REPORT, ROWS, write_lines
from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.types import Json

AGREEMENT = "agreement.json"
BATCH = 1_000
"""Rows that are held against benchmarks at once."""
LISTED = 200
"""Contaminated rows, and flaws, that a report lists one by one."""

Progress = Callable[[int], None]


def write_report(
    folder: Path,
    against: Sequence[str] = (),
    *,
    out: Path | None = None,
    drop_contaminated: bool = False,
    agreement: Path | None = None,
    language: str = "auto",
    progress: Progress = lambda _: None,
) -> Report:
    """Measure a run, and write `report.html` and `report.json`.

    Args:
        folder: The run's folder, with `rows.jsonl`.
        against: Benchmarks that rows must not repeat: files, or `bfcl`.
        out: Where the report goes; by default into the run's folder.
        drop_contaminated: Whether to write rows and pairs without the contaminated to `clean/`.
        agreement: `agreement.json` of a pull, or its folder; by default that in the run's folder.
        language: `en` or `zh`; `auto` is that of most rows.
        progress: Told how many bytes of the rows have been read.

    Raises:
        InputError: the folder holds no run, or a benchmark cannot be used; nothing was written.
        RunError: the disk does not take the report.
    """
    benchmarks = [read_benchmark(name) for name in dict.fromkeys(against)]
    if drop_contaminated and not benchmarks:
        raise InputError("--drop-contaminated needs --against FILE: what rows must not repeat")
    people, missing = _agreement(folder, agreement)
    measures, problems, hits = _measure(folder, benchmarks, progress)
    samples = views(stratified(measures.samples))
    summed = _summed(folder, measures, problems, language)
    report = summed.model_copy(
        update={
            "problems": _with(summed.problems, AGREEMENT, missing),
            "agreement": people,
            "contamination": _found(benchmarks, hits) if benchmarks else None,
            "clean": CLEAN if drop_contaminated else "",
            "samples": tuple(row["id"] for row, _ in samples),
        }
    )
    target = out or folder
    _make_folder(target)
    if drop_contaminated:
        write_clean(folder, target, hits)
    write_lines(target / FIGURES, [_json(report)])
    write_lines(target / PAGE, [page(report, samples)])
    return report


def _summed(folder: Path, measures: Measures, problems: Problems, language: str) -> Report:
    """The figures of the rows and of the run."""
    run, trouble = json_object(folder / REPORT)
    return Report(
        name=folder.resolve().name.encode(errors="replace").decode(),
        rows=measures.rows,
        ending=str(run.get("ended") or "")[:80],
        language=_language(language, measures.languages),
        made_with=summing.made_with(run),
        problems=_with(problems, REPORT, trouble),
        outcome=outcome(folder, run, measures.rows),
        make_up=summing.make_up(measures),
        tools=summing.tools(measures, run),
        coverage=summing.coverage(measures),
        variety=variety(measures.requests),
        origins=summing.origins(measures),
        likeness=likeness(measures.paired),
        judged=summing.judged(measures),
    )


def _with(problems: Problems, place: str, why: str) -> Problems:
    """The problems, and that of a file where it has one."""
    if not why:
        return problems
    return problems.model_copy(update={"flaws": (Flaw(place=place, why=why), *problems.flaws)})


def _measure(
    folder: Path, benchmarks: Sequence[Benchmark], progress: Progress
) -> tuple[Measures, Problems, list[Hit]]:
    """Read the rows once."""
    path = folder / ROWS
    if not path.is_file():
        raise InputError(f"no {ROWS} in {str(folder)!r}: it is no folder of a run")
    measures = Measures()
    flaws: list[Flaw] = []
    unread: Counter[str] = Counter()
    hits: list[Hit] = []
    cases = _counted(path, measures, flaws, unread, progress)
    questions = [question for each in benchmarks for question in each.questions]
    if questions:
        index = Contamination(questions)
        for batch in _batches(cases):
            hits += index.hits(batch)
    else:
        for _ in cases:
            pass
    problems = Problems(
        unread=unread.total(),
        flaws=tuple(flaws),
        newer=measures.newer,
        unknown=tuple(sorted(measures.unknown)[:LISTED]),
    )
    return measures, problems, hits


def _counted(
    path: Path, measures: Measures, flaws: list[Flaw], unread: Counter[str], progress: Progress
) -> Iterator[Case]:
    """Count each row; gives what of it is held against benchmarks."""
    done = 0
    for line in lines_of(path):
        done += line.size
        progress(done)
        flaw = line.flaw or row_flaw(line.row)
        if flaw:
            unread[flaw] += 1
            if len(flaws) < LISTED:
                flaws.append(Flaw(place=f"{path.name}:{line.number}", why=flaw))
            continue
        measures.add(line.row, line.size)
        yield case_of(line.row)


def _batches(cases: Iterable[Case]) -> Iterator[list[Case]]:
    rest = iter(cases)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _language(asked: str, languages: Mapping[str, int]) -> str:
    if asked != "auto":
        return asked
    return "zh" if 2 * languages.get("zh", 0) > sum(languages.values()) else "en"


def _agreement(folder: Path, named: Path | None) -> tuple[dict[str, Json], str]:
    """What people agreed upon, and why it cannot be told.

    Raises `InputError` where a file was named and is none.
    """
    path = named or folder / AGREEMENT
    path = path / AGREEMENT if path.is_dir() else path
    if named is not None and not path.exists():
        raise InputError(f"--agreement {str(named)!r} is not there, nor is {AGREEMENT} in it")
    value, trouble = json_object(path)
    if refusal := refuse(value):
        value, trouble = {}, refusal.message
    if trouble and named is not None:
        raise InputError(f"--agreement {str(named)!r}: {trouble}")
    return value, trouble


def _found(benchmarks: Sequence[Benchmark], hits: Sequence[Hit]) -> Found:
    return Found(
        benchmarks={each.name: len(each.questions) for each in benchmarks},
        unread=sum(each.unread for each in benchmarks),
        rows=len(hits),
        rules=by_rule(hits),
        hits=tuple(hits[:LISTED]),
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out {str(folder)!r} cannot be written: {error.strerror}") from error


def _json(report: Report) -> str:
    """The figures as JSON."""
    return json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=2)
