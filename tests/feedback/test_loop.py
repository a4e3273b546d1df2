"""A real Argilla: rows out, answers of several people in, exactly what they come to on disk."""

import json
from pathlib import Path

import pytest

import reviews
from conftest import read_lines
from fc_distilabel.errors import InputError
from fc_distilabel.exporters.trl import to_trl
from fc_distilabel.feedback.datasets import find_dataset, settle_dataset
from fc_distilabel.feedback.gathering import gather
from fc_distilabel.feedback.harvest import Counting
from fc_distilabel.feedback.pull import FILES
from fc_distilabel.feedback.push import MAX_RECORD, push_rows
from fc_distilabel.feedback.reading import PAGE
from fc_distilabel.feedback.server import open_server
from fc_distilabel.feedback.turns import compared, turn_message

SINGLE = json.dumps([{"name": "search_hotels", "arguments": {"city": "Rome", "nights": 2}}] * 2)
INVALID = json.dumps([{"name": "search_hotels", "arguments": {"city": "Rome", "nights": 99}}])


@pytest.fixture
def argilla():
    """The server, as its owner."""
    with open_server(reviews.server().url, reviews.server().api_key) as opened:
        yield opened


COUNT = PAGE + 10


def pushed(argilla, name, rows):
    dataset = settle_dataset(argilla, name, "", "en")
    return dataset, push_rows(argilla, dataset, rows)


def gathered(argilla, name, out, counting=Counting()):  # noqa: B008 - it never changes
    return gather(argilla, find_dataset(argilla, name), out, counting)


def contents(out):
    return {name: (out / name).read_bytes() for name in FILES}


def test_a_second_push_adds_nothing_and_touches_nothing(argilla):
    """All rows go once; what people answered, and what was suggested, stays as it was."""
    rows = reviews.rows(COUNT)
    dataset, done = pushed(argilla, "twice", rows)
    assert (done.added, done.there, done.left_out) == (COUNT, 0, ()) and dataset.made
    before = reviews.owner().records("twice")
    assert set(before) == {row["id"] for row in rows}
    answered = before[rows[7]["id"]]
    reviews.owner().answer(answered, verdict="reject", comment="mine")
    before = reviews.owner().records("twice")
    anew = [{**row, "judgement": None} for row in rows]
    dataset, done = pushed(argilla, "twice", anew)
    assert (done.added, done.there, done.left_out) == (0, COUNT, ()) and not dataset.made
    assert reviews.owner().records("twice") == before
    # More than a page: none twice, none missing, in the order of the rows' ids.
    found = [one.row["id"] for one, _ in gathered(argilla, "twice", None).pulled.gleaned]
    assert found == [row["id"] for row in rows]


def test_a_push_goes_on_where_another_ended(argilla):
    """Rows that are there beside rows that are not, and rows twice in one push: each once."""
    rows = reviews.rows(30)
    pushed(argilla, "half", rows[::3])
    _, done = pushed(argilla, "half", [*rows, *rows[:5]])
    assert (done.added, done.there) == (30 - len(rows[::3]), len(rows[::3]))
    assert set(reviews.owner().records("half")) == {row["id"] for row in rows}


def test_a_row_that_cannot_go_is_named_and_the_others_go(argilla):
    """Too large, nobody speaks in it, no text, another form: left out with the reason."""
    rows = reviews.rows(5)
    rows[0]["messages"][3]["content"] = "x" * (MAX_RECORD + 1)
    rows[1]["messages"] = rows[1]["messages"][:2]
    rows[2]["messages"][1]["content"] = "half \ud800 a pair"
    rows[3]["candidates"] = [{"new": "form"}]
    _, done = pushed(argilla, "some", rows)
    assert done.added == 1
    told = {left.row: left.why for left in done.left_out}
    assert f"at most {MAX_RECORD:,}" in told[rows[0]["id"]]
    assert "says nothing" in told[rows[1]["id"]] and "surrogate" in told[rows[2]["id"]]
    assert "not a row as this version knows" in told[rows[3]["id"]]


def test_answers_become_exactly_these_files(argilla, tmp_path):
    """Approve, fix and A/B of three people, a tie, a draft, a discard: rows, pairs and labels."""
    rows = {name: reviews.row(id_=name) for name in ("yes", "fix", "bad", "tie", "ab", "both")}
    rows |= {name: reviews.row(id_=name) for name in ("draft", "gone", "left")}
    pushed(argilla, "answers", list(rows.values()))
    records = reviews.owner().records("answers")
    ann, bea, cyn = (reviews.owner().hire() for _ in range(3))
    pair = compared(rows["ab"])
    assert pair is not None
    right = "a" if pair.a == -1 else "b"
    for who in (ann, bea):
        who.answer(records["yes"], verdict="approve", naturalness=5)
        who.answer(records["fix"], verdict="fix", corrected_call=SINGLE, comment="twice")
        who.answer(records["ab"], verdict="reject", error_classes=["unnatural"], preference=right)
    cyn.answer(records["yes"], verdict="fix", corrected_call=INVALID, naturalness=4)
    ann.answer(records["bad"], verdict="reject", error_classes=["wrong value"])
    ann.answer(records["tie"], verdict="approve")
    bea.answer(records["tie"], verdict="reject")
    ann.answer(records["both"], verdict="reject", preference="neither")
    ann.answer(records["draft"], "draft", verdict="approve")
    ann.answer(records["gone"], "discarded")
    done = gathered(argilla, "answers", tmp_path)
    out = {name: read_lines(tmp_path / name) for name in FILES if name.endswith("l")}

    fixed = {**rows["fix"]["messages"][2], "tool_calls": None}
    fixed["tool_calls"] = [
        {"id": f"call_{n}", "type": "function", "function": call}
        for n, call in enumerate(json.loads(SINGLE))
    ]
    corrected = {**rows["fix"], "messages": [*rows["fix"]["messages"][:2], fixed]}
    assert out["sft.jsonl"] == [to_trl(corrected), to_trl(rows["yes"])]
    assert [row["id"] for row in out["rows.jsonl"]] == ["fix", "yes"]
    wrong = turn_message(rows["ab"], 2, 0)
    assert [(p["id"], p["prompt"], p["chosen"], p["rejected"]) for p in out["dpo.jsonl"]] == [
        ("ab-preference", rows["ab"]["messages"][:2], [rows["ab"]["messages"][2]], [wrong]),
        ("fix-correction", rows["fix"]["messages"][:2], [fixed], [rows["fix"]["messages"][2]]),
    ]
    assert [p["error_class"] for p in out["dpo.jsonl"]] == ["wrong value", "wrong number of calls"]
    assert out["dpo.jsonl"][1]["reason"] == "twice; twice"
    own = rows["yes"]["messages"][2]
    assert [(k["row"], k["completion"], k["label"]) for k in out["kto.jsonl"]] == [
        ("bad", [own], False),
        ("both", [own], False),
        ("both", [wrong], False),
        ("yes", [own], True),
    ]
    assert [(u["id"], u["question"]) for u in out["undecided.jsonl"]] == [("tie", "verdict")]
    outcomes = {line["id"]: line["outcome"] for line in out["feedback.jsonl"]}
    assert outcomes == {
        **{"yes": "approved", "fix": "corrected", "bad": "rejected", "tie": "undecided"},
        **{"ab": "rejected", "both": "rejected", "draft": "waiting", "gone": "discarded"},
        "left": "waiting",
    }
    assert all(len(vote["annotator"]) == 16 for x in out["feedback.jsonl"] for vote in x["votes"])
    assert ann.me["id"] not in (tmp_path / "feedback.jsonl").read_text()
    assert done.figures["people"]["verdict"]["records"] == 4
    assert done.figures["judge"]["verdict"]["n"] == 5

    before = contents(tmp_path)
    gathered(argilla, "answers", tmp_path / ".." / tmp_path.name)
    assert contents(tmp_path) == before
    strict = gathered(argilla, "answers", None, Counting("strict", 2)).pulled.outcomes
    assert strict == {"corrected": 1, "rejected": 1, "undecided": 2, "waiting": 4, "discarded": 1}


def test_an_invalid_correction_goes_back(argilla, tmp_path):
    """It stands in no file; it is the record's suggestion, with its violations; answers stay."""
    pushed(argilla, "invalid", [reviews.row(id_="one"), reviews.row(id_="two")])
    before = reviews.owner().records("invalid")
    reviews.owner().answer(before["one"], verdict="fix", corrected_call=INVALID)
    before = reviews.owner().records("invalid")
    assert gathered(argilla, "invalid", tmp_path).returned == 1
    assert all((tmp_path / f"{name}.jsonl").read_bytes() == b"" for name in ("sft", "dpo", "kto"))
    after = reviews.owner().records("invalid")
    assert after["two"] == before["two"]
    for key in ("responses", "fields", "metadata", "external_id", "status"):
        assert after["one"][key] == before["one"][key]
    questions = find_dataset(argilla, "invalid").questions
    told = {each["question_id"]: each for each in after["one"]["suggestions"]}
    assert len(told) == len(before["one"]["suggestions"])
    back = told[questions["corrected_call"]]
    assert back["agent"] == "validator" and '"nights": 99' in back["value"]
    assert back["value"].startswith("// nights is 99")
    assert gathered(argilla, "invalid", tmp_path).returned == 0
    reviews.owner().answer(after["one"], verdict="fix", corrected_call=SINGLE)
    assert gathered(argilla, "invalid", tmp_path).pulled.outcomes["corrected"] == 1


def test_the_votes_of_a_deleted_user_are_kept_aside(argilla, tmp_path):
    """Argilla deletes a user's answers; the files that have them are moved and named."""
    pushed(argilla, "deleted", [reviews.row(id_="one")])
    ann = reviews.owner().hire()
    ann.answer(reviews.owner().records("deleted")["one"], verdict="approve")
    assert gathered(argilla, "deleted", tmp_path).notes == []
    before = contents(tmp_path)
    reviews.owner().ask("DELETE", f"users/{ann.me['id']}")
    done = gathered(argilla, "deleted", tmp_path)
    assert "1 votes of 1 people" in done.notes[0] and "old-1" in done.notes[0]
    assert contents(tmp_path / "old-1") == before
    assert done.pulled.outcomes == {"waiting": 1}
    assert gathered(argilla, "deleted", tmp_path).notes == []


def test_a_dataset_with_other_settings_is_left_alone(argilla):
    """The difference is told and another name offered; nothing was changed."""
    dataset = settle_dataset(argilla, "other", "", "en")
    metadata = reviews.owner().ask("GET", f"me/datasets/{dataset.id}/metadata-properties")["items"]
    reviews.owner().ask("DELETE", f"metadata-properties/{metadata[0]['id']}")
    with pytest.raises(InputError, match=r"'kind' is missing.*--dataset other-2"):
        settle_dataset(argilla, "other", "", "en")
    assert settle_dataset(argilla, "other-2", "", "zh").made


def test_a_dataset_that_was_never_finished_is_made_anew(argilla):
    """A push that was killed while it made the dataset leaves a draft without records."""
    place = next(p for p in argilla.get("me/workspaces")["items"] if p["name"] == "argilla")
    reviews.owner().ask("POST", "datasets", json={"name": "draft", "workspace_id": place["id"]})
    dataset = settle_dataset(argilla, "draft", "", "en", 3)
    assert dataset.made and push_rows(argilla, dataset, reviews.rows(2)).added == 2
    assert argilla.get(f"datasets/{dataset.id}")["distribution"]["min_submitted"] == 3
    made = {"name": "theirs", "workspace_id": place["id"]}
    theirs = reviews.owner().ask("POST", "datasets", json=made)["id"]
    field = {"name": "own", "title": "Own", "settings": {"type": "text", "use_markdown": False}}
    reviews.owner().ask("POST", f"datasets/{theirs}/fields", json=field)
    with pytest.raises(InputError, match=r"draft .* not ours .*'own'"):
        settle_dataset(argilla, "theirs", "", "en")
    assert argilla.get(f"datasets/{theirs}/fields")["items"]


def test_a_workspace_is_made_where_it_is_missing(argilla):
    """And a name that is in two of them must be told apart."""
    settle_dataset(argilla, "placed", "", "en")
    assert settle_dataset(argilla, "placed", "team", "en").workspace == "team"
    with pytest.raises(InputError, match=r"'argilla', 'team'.*--workspace"):
        find_dataset(argilla, "placed")
    assert find_dataset(argilla, "placed", "team").workspace == "team"


def test_who_has_no_rights_is_told(tmp_path: Path):
    """An annotator may neither push nor see what others answered."""
    with open_server(reviews.server().url, reviews.server().api_key) as argilla:
        settle_dataset(argilla, "rights", "", "en")
    with open_server(reviews.server().url, reviews.owner().hire().key) as argilla:
        with pytest.raises(InputError, match="role 'annotator'"):
            settle_dataset(argilla, "rights", "", "en")
        with pytest.raises(InputError, match="role 'annotator'"):
            gathered(argilla, "rights", tmp_path)
