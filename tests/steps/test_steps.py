"""Each step alone, without processes: columns in, columns out."""

import json
from pathlib import Path
from typing import Any

import pytest
from distilabel.pipeline import Pipeline
from distilabel.utils.docstring import parse_google_docstring

import made
import scripts
from fc_distilabel import steps
from fc_distilabel.errors import DocumentError
from fc_distilabel.llms.scripted import ScriptedLLM
from fc_distilabel.runs.outcomes import Outcome
from fc_distilabel.runs.store import RunStore, open_store
from fc_distilabel.steps.columns import FILLER, is_filler
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.types import Message, Tool, Toolset, Trajectory, Turn

Row = dict[str, Any]


def loaded(kind: type, **options: Any) -> Any:
    """A step as distilabel's worker would have it."""
    step = kind(name="it", pipeline=Pipeline(name="t"), **options)
    step.load()
    return step


def through(step: Any, rows: list[Row]) -> list[Row]:
    return list(next(step.process(rows)))


def asking(kind: type, script: str = "good", **options: Any) -> Any:
    return loaded(kind, llm=ScriptedLLM(script=f"scripts:{script}"), **options)


@pytest.fixture
def passages(tmp_path: Path) -> list[Row]:
    """Three passages of one document; the second has a mark."""
    made.english(tmp_path / "docs", 3, {1: "thistle"})
    source = loaded(steps.DocumentPassages, paths=[str(tmp_path / "docs")], rows=0, batch_size=9)
    batches = list(source.process())
    assert [last for _, last in batches] == [True]
    return list(batches[0][0])


def dialogues(passages: list[Row]) -> list[Row]:
    rows = through(asking(steps.ScenarioMiner), passages)
    rows = through(asking(steps.ApiSynthesizer), rows)
    rows = through(loaded(steps.BlueprintPlanner), rows)
    return through(asking(steps.PersonaDialogue), rows)


def test_rows_go_through_all_steps(passages: list[Row]) -> None:
    """Each passage becomes its rows, a dropped one too; kept ones have a verdict."""
    rows = through(loaded(steps.SchemaValidator), dialogues(passages))
    assert len(rows) == 9
    assert [bool(row["drop"]) for row in rows].count(True) == 3
    assert [row["attempt"] for row in rows] == [0, 1, 2] * 3
    for row in rows:
        assert bool(row["verdict"]) == bool(row["trajectory"]) != bool(row["drop"])


def test_columns_are_text_and_never_null(passages: list[Row]) -> None:
    """Arrow null-fills what differs: every column is there in every row."""
    rows = through(loaded(steps.SchemaValidator), dialogues(passages))
    assert len({tuple(row) for row in rows}) == 1
    assert {type(value) for row in rows for value in row.values()} <= {str, int}


def test_a_failing_row_leaves_the_others_alone(passages: list[Row]) -> None:
    """A request that fails is that row's drop; the batch goes on, in order."""
    rows = through(asking(steps.ScenarioMiner), passages)
    rows = through(asking(steps.ApiSynthesizer, "failing"), rows)
    drops = [json.loads(row["drop"]) for row in rows]
    assert sorted(d["reason"] for d in drops)[:2] == ["endpoint failed"] * 2
    assert [row["passage"] for row in rows] == [row["passage"] for row in passages]


def test_what_cannot_be_read_is_dropped(passages: list[Row]) -> None:
    """A column that an earlier step left broken or None ends the row, with the reason."""
    broken = [passages[0] | {"passage": "{}"}, passages[0] | {"passage": None}]
    rows = through(asking(steps.ScenarioMiner), broken)
    assert {json.loads(row["drop"])["reason"] for row in rows} == {"unreadable passage"}


def test_a_verdict_with_an_error_drops_the_row(passages: list[Row]) -> None:
    """The first broken rule is the reason; the verdict lists them all."""
    row = next(row for row in dialogues(passages) if row["trajectory"] and row["attempt"] == 0)
    trajectory = Trajectory.model_validate_json(row["trajectory"])
    cut = trajectory.model_copy(update={"messages": trajectory.messages[:2]})
    judged = through(loaded(steps.SchemaValidator), [row | {"trajectory": cut.to_json()}])[0]
    drop = json.loads(judged["drop"])
    assert drop["stage"] == "validation" and drop["reason"]
    assert json.loads(judged["verdict"])["violations"]


def test_completions_are_asked_for_once(
    passages: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a store, the same rows again cost no call."""
    monkeypatch.setenv("FC_TEST_CALLS", str(tmp_path / "calls"))
    store = str(tmp_path / "run.db")
    first = through(asking(steps.ScenarioMiner, "counted", store=store), passages)
    paid = (tmp_path / "calls").read_bytes()
    again = through(asking(steps.ScenarioMiner, "counted", store=store), passages)
    assert first == again
    assert (tmp_path / "calls").read_bytes() == paid


def test_the_sink_writes_rows_once(passages: list[Row], tmp_path: Path) -> None:
    """Kept rows are in the file at once; the same rows again change nothing; fillers end here."""
    rows = through(loaded(steps.SchemaValidator), dialogues(passages))
    filler = rows[0] | {"drop": FILLER, "passage": ""}
    assert is_filler(filler)
    for _ in range(2):
        sink = loaded(steps.RunSink, store=str(tmp_path / "run.db"))
        out = through(sink, [*rows, filler])
        sink.unload()
    assert len(out) == 9
    assert len((tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()) == 6
    with open_store(tmp_path / "run.db") as store:
        outcomes = store.outcomes()
    assert sum(outcome.drop is None for outcome in outcomes) == 6 and len(outcomes) == 9


def toolsets(tmp_path: Path) -> list[Row]:
    """Rows with a toolset each, in two languages; the English want the same two by two."""
    made.english(tmp_path / "en", 6, {1: scripts.SAME, 4: scripts.SAME})
    made.chinese(tmp_path / "zh", 4)
    paths = [str(tmp_path / "en"), str(tmp_path / "zh")]
    source = loaded(steps.DocumentPassages, paths=paths, rows=0, batch_size=20)
    rows = through(asking(steps.ScenarioMiner), list(next(source.process())[0]))
    rows = through(asking(steps.ApiSynthesizer), rows)
    return through(loaded(steps.ApiEvolver, preset=4), rows)


def test_plans_hang_on_the_order_within_a_language_alone(tmp_path: Path) -> None:
    """However rows are batched and languages mixed, the same blueprints and drops come out."""
    rows = toolsets(tmp_path)
    whole = through(loaded(steps.BlueprintPlanner), rows)
    chinese_first = sorted(rows, key=lambda row: json.loads(row["passage"])["language"] == "en")
    step = loaded(steps.BlueprintPlanner)
    batches = [through(step, chinese_first[i : i + 3]) for i in range(0, len(rows), 3)]
    key = lambda row: (row["passage"], row["attempt"])  # noqa: E731
    assert sorted(whole, key=key) == sorted((r for batch in batches for r in batch), key=key)
    assert any(row["blueprint"] for row in whole)


def test_a_scenario_that_comes_again_is_dropped(tmp_path: Path) -> None:
    """All its rows end before anyone talks, and say which row they resemble."""
    rows = through(loaded(steps.BlueprintPlanner), toolsets(tmp_path))
    ids = {json.loads(row["blueprint"])["id"] for row in rows if row["blueprint"]}
    drops = [json.loads(row["drop"]) for row in rows if row["drop"]]
    again = [drop for drop in drops if drop["reason"] == "near-duplicate scenario"]
    assert len(again) == 3 and {drop["stage"] for drop in again} == {"blueprint"}
    assert all(set(drop["detail"].split()) & ids for drop in again)


def test_steering_changes_rows_and_not_the_mix(tmp_path: Path) -> None:
    """With one candidate a row is the one that its seed gives; kinds are the same either way."""
    rows = toolsets(tmp_path)
    plain = through(loaded(steps.BlueprintPlanner, candidates=1), rows)
    steered = through(loaded(steps.BlueprintPlanner), rows)
    assert [row["kind"] for row in plain] == [row["kind"] for row in steered]
    assert [row["blueprint"] for row in plain] != [row["blueprint"] for row in steered]
    first = next(row for row in plain if row["blueprint"])
    toolset = Toolset.model_validate_json(first["toolset"])
    parts = (0, toolset.scenario.id, first["attempt"])
    assert plan_blueprint(toolset, first["kind"], parts).to_json() == first["blueprint"]


def test_a_message_that_was_said_before_is_dropped(passages: list[Row]) -> None:
    """The sink keeps the first of two rows whose users say the same, and names it in the drop."""
    rows = through(loaded(steps.SchemaValidator), dialogues(passages))
    kept = [row for row in rows if not row["drop"]]
    elsewhere = [row | {"trajectory": of_another_passage(row["trajectory"])} for row in kept]
    out = through(loaded(steps.RunSink), [*kept, *elsewhere])
    first, again = out[: len(kept)], out[len(kept) :]
    assert {row["status"] for row in first} == {"kept"}
    reasons = [json.loads(row["reason"]) for row in again]
    assert {reason["reason"] for reason in reasons} == {"near-duplicate message"}
    assert {reason["stage"] for reason in reasons} == {"validation"}
    ids = {row["row_id"] for row in first}
    assert all(set(reason["detail"].split()) & ids for reason in reasons)


def of_another_passage(text: str) -> str:
    trajectory = json.loads(text)
    trajectory["blueprint"]["scenario"]["passage_id"] = "another"
    return json.dumps(trajectory)


def turns(*texts: str) -> list[Row]:
    """Rows with an assistant's raw text each."""
    nights = {"type": "integer", "description": "Nights.", "maximum": 30}
    parameters = {"type": "object", "properties": {"city": {"type": "string"}, "nights": nights}}
    tool = Tool(name="search_hotels", description="Find hotels.", parameters=parameters)
    said = Message(role="user", content="Rome, two nights")
    made = [Turn(id=str(i), tools=(tool,), messages=(said,), text=t) for i, t in enumerate(texts)]
    return [{"turn": turn.to_json()} for turn in made]


def test_invalid_calls_are_repaired_with_feedback() -> None:
    """A valid turn passes, an invalid one is mended by the model, and the pair is kept."""
    right = 'search_hotels(city="Rome", nights=2)'
    wrong = '[{"name": "search_hotels", "arguments": {"city": "Rome", "nights": "2"}}]'
    rows = through(asking(steps.CallRepairer, "mending"), turns(right, wrong))
    good, mended = (json.loads(row["repaired"]) for row in rows)
    assert good["calls"] == mended["calls"] and not good["repairs"]
    [pair] = mended["repairs"]
    assert (pair["rejected"], pair["error_class"]) == (wrong, "wrong type")
    assert pair["chosen"] == mended["calls"]
    assert [row["drop"] for row in rows] == ["", ""]
    assert [json.loads(row["usage"])[0]["calls"] for row in rows] == [0, 1]


def test_calls_that_stay_invalid_end_the_row_with_their_trace() -> None:
    """The row is dropped by its reason; every attempt is still in it."""
    wrong = '[{"name": "search_hotels", "arguments": {"city": "Rome", "nights": 200}}]'
    [row] = through(asking(steps.CallRepairer, "stubborn", tries=2), turns(wrong))
    assert json.loads(row["drop"])["reason"] == "calls stay invalid"
    assert len(json.loads(row["repaired"])["repairs"]) == 3


def end(store: RunStore, row: Row, keep: int) -> None:
    """Let all rows of a handed-out passage end; `keep` of them are kept."""
    passage = json.loads(row["passage"])
    for attempt in range(3):
        store.keep_outcome(
            Outcome.model_validate(
                {
                    "passage_id": passage["id"],
                    "attempt": attempt,
                    "position": row["position"],
                    "id": f"{passage['id']}-{attempt}",
                    "language": passage["language"],
                    "kind": "single",
                    "document": "d",
                    "drop": None if attempt < keep else {"stage": "dialogue", "reason": "r"},
                    "usage": [],
                    "row": "{}" if attempt < keep else "",
                }
            )
        )


def test_the_source_stops_when_enough_is_kept(tmp_path: Path) -> None:
    """It waits for outcomes, hands out full batches, ends with one, and then says so."""
    made.english(tmp_path / "docs", 6)
    database = tmp_path / "run.db"
    source = loaded(
        steps.DocumentPassages,
        paths=[str(tmp_path / "docs")],
        rows=4,
        store=str(database),
        batch_size=4,
    )
    handed: list[Row] = []
    lasts = []
    with open_store(database) as store:
        for batch, last in source.process():
            assert len(batch) == 4
            lasts.append(last)
            fresh = [row for row in batch if not is_filler(row)]
            handed += fresh
            for row in fresh:
                end(store, row, keep=1)
        assert store.all_handed_out()
        assert store.missing(3) == 0
    assert lasts == [False] * (len(lasts) - 1) + [True]
    assert len(handed) == 4
    assert [row["position"] for row in handed] == [0, 1, 2, 3]


def test_the_source_names_an_unreadable_document(tmp_path: Path) -> None:
    """A document that went away since the guard looked is an error, not an empty run."""
    with pytest.raises(DocumentError, match="no such file"):
        loaded(steps.DocumentPassages, paths=[str(tmp_path / "gone.md")])


@pytest.mark.parametrize("name", steps.__all__)
def test_docstrings_are_as_distilabel_wants_them(name: str) -> None:
    """distilabel reads attributes, columns and categories out of the docstrings."""
    kind = getattr(steps, name)
    parsed = parse_google_docstring(kind)
    assert parsed["short_description"] and parsed["categories"]
    assert parsed["output_columns"]
    assert set(parsed["attributes"]) <= set(kind.model_fields)
