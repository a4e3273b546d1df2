"""The report of a run folder: figures, what cannot be read, and what is written."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.calls.parse import no_constant
from fc_distilabel.errors import InputError
from fc_distilabel.feedback.review.view import review_view
from fc_distilabel.report import write_report
from fc_distilabel.report.measuring import KEYS, LARGEST
from fc_distilabel.report.outcome import outcome
from fc_distilabel.report.samples import drawable
from fc_distilabel.report.summing import made_with
from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.types import KINDS
from report.made_runs import hotel_rows, write_run

QUESTION = (
    "Please find me a hotel in Rome for 2 nights, with a view of the old harbour of the town."
)


def run_of(folder: Path, rows: list[dict[str, Any]] | None = None, **settings: Any) -> Path:
    """A run of 28 rows: each conversation in both languages."""
    return write_run(folder / "run", hotel_rows(28) if rows is None else rows, **settings)


def page_of(folder: Path) -> str:
    """The page of a report."""
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with its report."""
    folder = run_of(tmp_path_factory.mktemp("report"), preset=3)
    write_report(folder)
    return folder


@pytest.fixture(scope="module")
def figures(written: Path) -> dict[str, Any]:
    """What `report.json` says of it."""
    found: dict[str, Any] = json.loads((written / "report.json").read_text(encoding="utf-8"))
    return found


def test_the_funnel_is_that_of_the_run(figures: dict[str, Any]) -> None:
    """Attempted, kept, reasons, tokens and requests stand as `run.json` has them."""
    outcome = figures["outcome"]
    assert (outcome["attempted"], outcome["kept"], outcome["pairs"]) == (31, 28, 28)
    assert outcome["stages"][1]["reasons"] == {
        "near-duplicate message": 2,
        "a reason that nobody knows": 1,
    }
    assert (outcome["tokens"], outcome["requests"], outcome["wall_seconds"]) == (1000, 56, 12.5)


def test_rows_are_counted(figures: dict[str, Any]) -> None:
    """Kinds in their order, languages, turns and calls; each adds up to all rows."""
    rows = figures["make_up"]
    assert list(rows["kinds"]) == list(KINDS)
    assert rows["languages"] == {"en": 14, "zh": 14}
    assert rows["turns"] == {"1": 14, "2": 14}
    assert rows["calls"] == {"0": 4, "1": 14, "2": 10}
    assert sum(rows["kinds"].values()) == 28 == figures["rows"]


def test_tools_are_measured_once_and_beside_their_target(figures: dict[str, Any]) -> None:
    """The same tool in many rows is one; a preset is the target."""
    tools = figures["tools"]
    assert tools["measured"]["tools"] == len(
        {
            json.dumps([tool["function"][key] for key in ("name", "parameters")])
            for row in hotel_rows(28)
            for tool in row["tools"]
        }
    )
    assert (tools["preset"], tools["target"]["parameters"]) == (3, 6)


def test_coverage_is_by_what_calls_use(figures: dict[str, Any]) -> None:
    """Kinds that call nothing have no line; what no call uses is counted 0."""
    covered = figures["coverage"]
    assert {"irrelevant", "missing_function"}.isdisjoint(covered["kinds"])
    assert covered["features"]["union"] == 0 < covered["features"]["bounded"]


def test_values_have_their_origin(figures: dict[str, Any]) -> None:
    """Who carries a value, and how: the user mostly, an earlier result for a dependent call."""
    origins = figures["origins"]
    assert origins["ungrounded"] == 0
    counts = {name: sum(ways.values()) for name, ways in origins["carriers"].items()}
    assert sum(counts.values()) == origins["values"]
    assert set(counts) >= {"user", "tool", "system"} and max(counts, key=counts.get) == "user"


def test_judge_and_likeness(figures: dict[str, Any]) -> None:
    """Scores by criterion; confusability where another tool was on offer."""
    assert figures["judged"]["rows"] == figures["judged"]["approved"] == 28
    assert figures["judged"]["scores"]["argument_faithfulness"] == {"4": 28}
    likeness = figures["likeness"]
    assert 0 < likeness["rows"] == likeness["of"] == sum(likeness["shares"])


def test_samples_are_of_all_kinds_whatever_the_order(written: Path, tmp_path: Path) -> None:
    """Twenty rows, each kind at least once; turned around, the file gives the same ones."""
    rows = list(hotel_rows(28))
    turned = write_report(run_of(tmp_path, rows[::-1], preset=3))
    first = write_report(written)
    assert turned.samples == first.samples
    assert len(first.samples) == 20
    kinds = {row["id"]: row["kind"] for row in rows}
    assert {kinds[id_] for id_ in first.samples} == set(KINDS)


def test_the_same_run_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    """Pictures and samples included."""
    write_report(written, out=tmp_path / "again")
    for name in ("report.html", "report.json"):
        assert (tmp_path / "again" / name).read_bytes() == (written / name).read_bytes()


def test_this_version_knows_the_keys_of_its_rows() -> None:
    """Otherwise every report would say that its rows are newer."""
    assert {key for row in hotel_rows(28) for key in row} == KEYS


def test_titles_are_in_the_language_of_most_rows(tmp_path: Path) -> None:
    """Or in the one that is asked for."""
    folder = run_of(tmp_path, list(hotel_rows(11, ["zh"])))
    assert write_report(folder).language == "zh"
    assert "<h2>多样性</h2>" in page_of(folder) and 'lang="zh-Hans"' in page_of(folder)
    assert write_report(folder, language="en").language == "en"
    assert "<h2>Diversity</h2>" in page_of(folder)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_without_rows_says_so(tmp_path: Path, language: str) -> None:
    """A page comes out, with the funnel and nothing else."""
    folder = run_of(tmp_path, [])
    report = write_report(folder, language=language)
    told = {"en": "This run has no rows", "zh": "本次运行没有任何行"}[language]
    assert report.rows == 0 and told in page_of(folder)
    assert report.outcome.attempted == 3
    assert 'id="diversity"' not in page_of(folder) and 'id="yield"' in page_of(folder)


def test_damaged_lines_are_named_and_counted(tmp_path: Path) -> None:
    """The rest is measured; the page names the places."""
    folder = run_of(tmp_path)
    lines = (folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    broken = [
        '{"id": "x", "mess',
        "[1, 2]",
        '{"id": 5}',
        '{"id": "x", "messages": [7], "tools": []}',
    ]
    lines[3:3] = [*broken, "", "[" * 100_000]
    (folder / "rows.jsonl").write_text("\n".join(lines) + '\n{"id": "torn', encoding="utf-8")
    report = write_report(folder)
    assert (report.rows, report.problems.unread) == (28, 6)
    places = [flaw.place for flaw in report.problems.flaws]
    assert places == [f"rows.jsonl:{number}" for number in (4, 5, 6, 7, 9, 35)]
    assert "6 lines are no rows" in page_of(folder) and "rows.jsonl:35" in page_of(folder)


def test_rows_of_a_newer_version_are_measured_as_far_as_they_are_known(tmp_path: Path) -> None:
    """What is not known is named, a new kind is counted, and nothing is said of it that is not."""
    rows = list(hotel_rows(3, ["en"]))
    rows[0] |= {"emotion": {"anger": 1}}
    rows[1] |= {"kind": "negotiation"}
    folder = run_of(tmp_path, rows)
    report = write_report(folder)
    assert report.problems.newer == 2
    assert report.problems.unknown == ("emotion", "kind negotiation")
    assert report.make_up.kinds == {"single": 1, "parallel": 1, "negotiation": 1}
    assert "2 rows have what this version does not know" in page_of(folder)


INFINITE = "a number that is too large"
WRONG: list[Any] = [None, 5, "x", [], {}, [[5]], {"a": {}}, "\ud800", 10**400, INFINITE]


def spelled(value: Any) -> str:
    """The value as JSON, which can spell what no number is."""
    return json.dumps(value).replace(json.dumps(INFINITE), "1e999")


def changed(value: Any) -> Iterator[Any]:
    """The value with one thing in it of another shape, for each place and each such shape."""
    yield from WRONG
    places = range(min(2, len(value))) if isinstance(value, list) else value
    for place in places if isinstance(value, dict | list) else ():
        for other in changed(value[place]):
            copy = value.copy()
            copy[place] = other
            yield copy


def test_parts_of_any_other_shape_do_no_harm(tmp_path: Path) -> None:
    """Whatever stands anywhere in a row: it is measured, or refused by name."""
    row = next(row for row in hotel_rows(28) if row["kind"] == "multiple")
    rows = [row | {"id": str(n)} for n, row in enumerate(changed(row)) if isinstance(row, dict)]
    folder = tmp_path / "run"
    folder.mkdir()
    lines = "".join(spelled(each) + "\n" for each in rows)
    deep = json.dumps(row | {"gold_calls": "deep"}).replace('"deep"', 400 * "[" + 400 * "]")
    (folder / "rows.jsonl").write_text(f"{lines}{deep}\n", encoding="utf-8")
    report = write_report(folder)
    assert report.rows + report.problems.unread == len(rows) + 1 > 1000
    assert report.rows > 800


def test_what_is_said_to_be_drawable_can_be_drawn() -> None:
    """And a row as runs write it is; of those that somebody changed, most are not."""
    row = next(row for row in hotel_rows(28) if row["kind"] == "multiple")
    shown = [each for each in changed(row) if isinstance(each, dict) and drawable(each)]
    assert drawable(row)
    for each in shown:
        assert review_view(each)["view"]


def test_rows_of_others_are_measured_by_the_calls_they_make(tmp_path: Path) -> None:
    """Imported rows have no gold calls, no run and no judge: the rest is there, unblamed."""
    folder = tmp_path / "run"
    folder.mkdir()
    kept = ("id", "kind", "language", "tools", "messages")
    rows = [{key: row[key] for key in kept} for row in hotel_rows(28)]
    (folder / "rows.jsonl").write_text("".join(spelled(row) + "\n" for row in rows))
    report = write_report(folder)
    assert report.problems.flaws == () and not report.problems.newer
    assert report.coverage.kinds and report.likeness.rows and len(report.samples) == 20
    assert "Domains" not in page_of(folder)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    """Nothing is written into it."""
    with pytest.raises(InputError, match=r"no rows\.jsonl in .* it is no folder of a run"):
        write_report(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_report_that_cannot_be_placed_is_refused(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"--out .* cannot be written"):
        write_report(run_of(tmp_path), out=tmp_path / "file")


def test_without_run_json_the_drops_tell_the_funnel(tmp_path: Path) -> None:
    """What it cost is not known then, and the page says what is missing."""
    folder = run_of(tmp_path)
    (folder / "run.json").write_text('{"ended": ', encoding="utf-8")
    drops = [{"stage": "dialogue", "reason": "no answer"}, {"stage": "validation", "reason": "x"}]
    (folder / "drops.jsonl").write_text("\n".join(map(json.dumps, drops)), encoding="utf-8")
    (folder / "surplus.jsonl").write_text((folder / "rows.jsonl").read_text("utf-8").split("\n")[0])
    report = write_report(folder)
    stages = {stage.stage: (stage.made, stage.kept) for stage in report.outcome.stages}
    assert stages["dialogue"] == (31, 30) and stages["validation"] == (30, 29)
    assert (report.outcome.surplus, report.outcome.tokens) == (1, 0)
    assert [flaw.place for flaw in report.problems.flaws] == ["run.json"]


def test_who_worded_the_rows_is_told(tmp_path: Path) -> None:
    """Rows that code worded, and those in which it only added a value, are counted apart."""
    by = ["model", "both", "both", "code"]
    rows = [
        row | {"wording": {"user": "model", "answer": by[number % 4]}}
        for number, row in enumerate(hotel_rows(8))
    ]
    report = write_report(run_of(tmp_path, rows))
    assert report.make_up.worded_by_code == {"answer": 2}
    assert report.make_up.completed_by_code == {"answer": 4}
    assert "A value that the model left out added by code: answers 4" in page_of(tmp_path / "run")


def test_names_without_end_are_put_together(tmp_path: Path) -> None:
    """A file may name a new kind, language and domain in each row: page and memory stay small."""
    row = next(hotel_rows(1))
    names = ("kind", "language", "domain")
    rows = [
        row
        | {name: f"{name} {number}" for name in names}
        | {"id": str(number), f"key {number}": 1, "wording": {f"part {number}": "code"}}
        for number in range(500)
    ]
    report = write_report(run_of(tmp_path, rows))
    made = report.make_up
    assert len(made.kinds) <= 41 >= len(made.languages) and sum(made.kinds.values()) == 500
    assert made.kinds["?"] >= 459 and len(made.worded_by_code) <= 41
    assert report.problems.newer == 500 and len(report.problems.unknown) <= 42


def test_run_json_may_hold_anything(tmp_path: Path) -> None:
    """What is no count is counted as nothing."""
    folder = run_of(tmp_path, list(hotel_rows(2)))
    whole = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for other in changed(whole):
        if isinstance(other, dict):
            found = outcome(folder, json.loads(spelled(other)), 2)
            assert found.attempted >= 0 and made_with(other) is not None


def test_agreement_may_hold_anything(tmp_path: Path) -> None:
    """Figures that are none are left out; what is not even JSON is told as a problem."""
    folder = run_of(tmp_path, list(hotel_rows(2)))
    others = [*changed({"alpha": 1, "records": 2})]
    sound = [each for each in others if refuse(each) is None and "1e999" not in spelled(each)]
    for told, flaws in ((sound, 0), (others, 1)):
        people = {"people": dict(enumerate(told)), "judge": told}
        (folder / "agreement.json").write_text(spelled(people), encoding="utf-8")
        report = write_report(folder)
        assert len(report.problems.flaws) == flaws
        json.loads((folder / "report.json").read_text(encoding="utf-8"), parse_constant=no_constant)


def test_agreement_of_people_is_shown_where_it_is(tmp_path: Path) -> None:
    """In the run's folder, or where it is said to be; a damaged one is told, or refused by name."""
    folder = run_of(tmp_path)
    people = {
        "people": {"verdict": {"alpha": 0.61, "records": 40}, "preference": {"alpha": None}},
        "judge": {"verdict": {"kappa": 0.48, "n": 38}, "naturalness": {"pearson": 0.3, "n": 9}},
    }
    pull = tmp_path / "pull"
    pull.mkdir()
    (pull / "agreement.json").write_text(json.dumps(people))
    write_report(folder, agreement=pull)
    for told in ("alpha 0.61", "alpha not defined", "kappa 0.48", "Pearson&#39;s r 0.30"):
        assert told in page_of(folder)
    (folder / "agreement.json").write_text("{")
    assert [flaw.place for flaw in write_report(folder).problems.flaws] == ["agreement.json"]
    with pytest.raises(InputError, match="--agreement"):
        write_report(folder, agreement=folder)


def planted(folder: Path) -> tuple[Path, Path]:
    """A run whose 4th row repeats a question, and the benchmark."""
    rows = list(hotel_rows(28))
    next(m for m in rows[3]["messages"] if m["role"] == "user")["content"] = QUESTION
    benchmark = folder / "benchmark.txt"
    benchmark.write_text(f"Nothing of the kind, ever?\n{QUESTION}\n", encoding="utf-8")
    return run_of(folder, rows), benchmark


def test_contaminated_rows_are_listed(tmp_path: Path) -> None:
    """With the rule that found them, what they say and what the benchmark asks."""
    folder, benchmark = planted(tmp_path)
    found = write_report(folder, [str(benchmark), str(benchmark)]).contamination
    assert found is not None and found.benchmarks == {"benchmark.txt": 2}
    assert (found.rows, found.rules) == (1, {"copy": 1})
    assert (found.hits[0].row, found.hits[0].question) == (f"{3:016x}", "line 2")
    assert page_of(folder).count(QUESTION) >= 2


def test_nothing_is_lost_when_contaminated_rows_are_left_out(tmp_path: Path) -> None:
    """Clean and contaminated rows together are the run's, byte for byte; the run is as it was."""
    folder, benchmark = planted(tmp_path)
    before = (folder / "rows.jsonl").read_bytes()
    pairs = (folder / "preferences.jsonl").read_text(encoding="utf-8").splitlines()
    report = write_report(folder, [str(benchmark)], drop_contaminated=True)
    clean = folder / report.clean
    rows = (clean / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    [taken] = (clean / "contaminated.jsonl").read_text(encoding="utf-8").splitlines()
    whole = before.decode().splitlines()
    assert [*rows[:3], whole[3], *rows[3:]] == whole
    assert json.loads(taken)["row"] == json.loads(whole[3])
    assert json.loads(taken)["found"]["rule"] == "copy"
    left = (clean / "preferences.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(left) == len(pairs) - 1 and set(left) < set(pairs)
    assert (folder / "rows.jsonl").read_bytes() == before


def test_leaving_out_needs_a_benchmark(tmp_path: Path) -> None:
    """Or nobody knows what to leave out."""
    with pytest.raises(InputError, match="--drop-contaminated needs --against"):
        write_report(run_of(tmp_path), drop_contaminated=True)


def test_the_page_stays_small_whatever_its_rows_hold(tmp_path: Path) -> None:
    """Signs that are escaped, and values that are drawn one by one, take room: 5 MB at most."""
    rows = list(hotel_rows(28))
    for number, row in enumerate(rows):
        many = json.dumps([[n] for n in range(9_000)])
        row["messages"][-1]["content"] = many if number % 2 else 9_000 * "<&$#"
    folder = run_of(tmp_path, rows)
    assert 5 < len(write_report(folder).samples) < 20
    assert (folder / "report.html").stat().st_size < 5_000_000


def test_a_large_row_is_measured_and_not_shown(tmp_path: Path) -> None:
    """The page stays small; the figures are of all rows."""
    rows = list(hotel_rows(2, ["en"]))
    rows[0]["messages"][-1]["content"] = "x" * LARGEST
    folder = run_of(tmp_path, rows)
    report = write_report(folder)
    assert (report.rows, report.samples) == (2, (rows[1]["id"],))
    assert (folder / "report.html").stat().st_size < 2 * LARGEST
