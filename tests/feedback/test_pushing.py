"""What goes out: which rows, as which records, to which dataset; and what comes in is read."""

import copy
import json

import pytest

import reviews
from fc_distilabel.errors import InputError
from fc_distilabel.feedback.answers import Reader
from fc_distilabel.feedback.differences import differences
from fc_distilabel.feedback.records import FORMAT, payload, record_id, record_of, unfit
from fc_distilabel.feedback.review.names import QUESTIONS
from fc_distilabel.feedback.review.settings import review_settings
from fc_distilabel.feedback.sampling import Sample, sampled
from fc_distilabel.feedback.turns import compared, turn_message
from fc_distilabel.types import canonical_json

ROWS = reviews.rows(56)
IDS = {name: f"id-{name}" for name in QUESTIONS}
HOSTILE = "</script><img src=x onerror=alert(1)> $' #TEMPLATE#"


def picked(sample):
    return [row["id"] for row in sampled(ROWS, sample)]


def test_all_rows_in_their_order():
    """Without a wish everything goes, as it is."""
    assert picked(Sample()) == [row["id"] for row in ROWS]


def test_the_lowest_score_first():
    """A share of the rows: those the judge likes least; what nobody judged comes last."""
    rows = [reviews.row(id_=f"r{score}", score=score) for score in (3, 1, 2)]
    rows.insert(0, {**rows[0], "id": "none", "judgement": None})
    chosen = sampled(rows, Sample("lowest-score", share=0.75))
    assert [row["id"] for row in chosen] == ["r1", "r2", "r3"]


def test_disagreement_first():
    """Rows that judges differ on go before those they agree on."""
    rows = [copy.deepcopy(row) for row in ROWS[:4]]
    for row, share in zip(rows, (0, 0.2, 0.5, 0.2), strict=True):
        row["judgement"]["disagreement"] = share
    chosen = sampled(rows, Sample("disagreement", limit=2))
    assert chosen[0]["id"] == rows[2]["id"] and len(chosen) == 2


def test_each_kind_alike():
    """As many of a rare kind as of a common one, for as long as there are any."""
    kinds = [row["kind"] for row in sampled(ROWS, Sample("stratified", limit=22))]
    assert {kinds.count(kind) for kind in set(kinds)} == {2}


def test_chance_is_the_seeds():
    """The same seed chooses the same rows, another one others, from any order of the rows."""
    chosen = picked(Sample("random", limit=9, seed=1))
    assert chosen == picked(Sample("random", limit=9, seed=1))
    assert chosen == [row["id"] for row in sampled(ROWS[::-1], Sample("random", limit=9, seed=1))]
    assert set(chosen) != set(picked(Sample("random", limit=9, seed=2)))


@pytest.mark.parametrize("sample", [Sample("all", share=0.5), Sample("random", 0.5, 2)])
def test_a_size_needs_a_way_to_choose(sample):
    """Half of all rows is no wish, and a share and a count are two."""
    with pytest.raises(InputError):
        sampled(ROWS, sample)


def test_a_record_is_its_content():
    """A judge's new opinion is the same record; another word of the conversation is not."""
    row = ROWS[0]
    assert record_id(row) == record_id({**row, "judgement": None, "grounding": []})
    messages = [*row["messages"][:-1], {"role": "assistant", "content": "other"}]
    assert record_id(row) != record_id({**row, "messages": messages})
    assert len({record_id(row) for row in ROWS}) == len(ROWS)


def test_suggestions_say_what_code_and_judge_know():
    """Verdict and naturalness from the judge, the calls to correct; not which of two is better.

    The call to start from is that of A, which may be either.
    """
    told = {s.question: s for s in record_of(reviews.row(score=5)).suggestions}
    assert (told["verdict"].value, told["verdict"].agent) == ("approve", "m:judge")
    assert told["verdict"].score == 1.0 and told["naturalness"].value == 5
    assert "preference" not in told
    row = reviews.row(score=5)
    pair = compared(row)
    assert pair is not None
    first = turn_message(row, pair.at, pair.a)["tool_calls"][0]["function"]
    assert json.loads(told["corrected_call"].value)[0] == first
    own = {s.question: s for s in record_of({**row, "candidates": []}).suggestions}
    assert json.loads(own["corrected_call"].value)[0]["arguments"]["city"] == "Rome"
    told = {s.question: s for s in record_of(reviews.row(score=1)).suggestions}
    assert (told["verdict"].value, told["error_classes"].value) == ("reject", ["unnatural"])
    told = {s.question: s for s in record_of({**ROWS[0], "judgement": None}).suggestions}
    assert (told["verdict"].value, told["verdict"].agent) == ("approve", "validator")


def test_a_hostile_row_is_inert_and_comes_back_as_it_was():
    """Nothing of it would act in a page; what a pull reads is the row, byte for byte."""
    row = json.loads(json.dumps(ROWS[0]).replace("Adler", HOSTILE))
    row["persona"]["role"], row["domain"] = HOSTILE, HOSTILE
    item = payload(record_of(row, model=HOSTILE), IDS, vector=False)
    texts = json.dumps(item, ensure_ascii=False)
    assert "</script" not in texts and "<img" not in texts and "$'" not in texts
    reviewed = Reader("d", IDS).read({**item, "id": "1", "responses": []})
    assert reviewed is not None
    assert json.dumps(reviewed.row) == json.dumps(row)
    assert reviewed.compared == compared(row)


def test_a_vector_is_of_the_size_that_was_set():
    """The request's meaning, in as many figures as the dataset has."""
    item = payload(record_of(ROWS[0]), IDS, vector=True)
    [settings] = review_settings("en")["vectors"]
    assert len(item["vectors"][settings["name"]]) == settings["dimensions"]


@pytest.mark.parametrize("key", ["id", "kind", "language", "messages"])
def test_a_row_that_people_cannot_review(key):
    """The reason names what is missing."""
    assert key in unfit({k: v for k, v in ROWS[0].items() if k != key})


def item(values=None, status="submitted", **source):
    row = payload(record_of(ROWS[0]), IDS, vector=False)
    if source:
        told = json.loads(row["fields"]["trajectory"]["source"]) | source
        row["fields"]["trajectory"]["source"] = canonical_json(told)
    response = {"user_id": "u", "status": status, "values": values}
    return {**row, "id": "1", "responses": [response]}


def test_answers_that_no_question_has_are_left_out_and_named():
    """Somebody edited the questions: what is not known is not guessed, and the rest counts."""
    reader = Reader("d", IDS)
    values = {"verdict": {"value": "maybe"}, "naturalness": {"value": 9}, "mood": {"value": "x"}}
    reviewed = reader.read(item({**values, "comment": {"value": "so"}}))
    assert reviewed is not None and reviewed.answers[0].values == {"comment": "so"}
    notes = " ".join(reader.notes())
    assert "verdict: maybe" in notes and "naturalness: 9" in notes


def test_answers_without_values_are_read():
    """A record that was discarded at once has no values at all."""
    reviewed = Reader("d", IDS).read(item(None, "discarded"))
    assert reviewed is not None
    assert (reviewed.votes, reviewed.answers[0].status) == ((), "discarded")


def test_people_are_hashed_by_dataset():
    """The same person has the same name in one dataset and another one in the next."""
    names = [
        reviewed.answers[0].annotator
        for dataset in ("d", "d", "e")
        if (reviewed := Reader(dataset, IDS).read(item())) is not None
    ]
    assert names[0] == names[1] != names[2] and names[0] != "u"


def test_records_of_others_and_of_later_versions():
    """A record without our row is counted and left out; a later format is refused by name."""
    reader = Reader("d", IDS)
    assert reader.read({**item(), "fields": {"text": "theirs"}}) is None
    assert "1 records were left out" in reader.notes()[0]
    with pytest.raises(InputError, match=f"format {FORMAT + 1}.*update"):
        reader.read(item(format=FORMAT + 1))


def test_settings_that_differ_are_told():
    """What answers are read by is compared; titles, guidelines and languages are not."""
    wanted = review_settings("en")
    templates = [
        review_settings(each)["fields"][0]["settings"]["template"] for each in ("en", "zh")
    ]
    assert not list(differences(review_settings("zh"), wanted, templates))
    other = copy.deepcopy(wanted)
    other["questions"][0]["settings"]["options"].pop()
    other["questions"].pop()
    other["fields"][0]["settings"]["template"] = "<p>"
    other["metadata"].append({"name": "extra", "settings": {"type": "terms"}})
    other["vectors"][0]["dimensions"] = 7
    told = "; ".join(differences(other, wanted, templates))
    for part in ("'verdict' has values", "'comment' is missing", "template", "'extra'", "7"):
        assert part in told
