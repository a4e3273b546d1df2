"""Exported and imported again: messages, calls and tools are what they were, in every format."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exporters.strategies import judged, pairs, rows
from fc_distilabel.exporters import EXPORTERS
from fc_distilabel.importers.trainers import FORMS, import_record
from fc_distilabel.runs.preferences import preference_pairs

Row = dict[str, Any]

BESIDE = {"llamafactory": False}
"""Formats that hold no words beside a call; such rows are refused and so cannot come back."""
examples = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def through(form: str, name: str, record: Row, told: str) -> Row:
    """The row that comes back, through a line of JSON."""
    line = json.dumps(EXPORTERS.get(name)(record), ensure_ascii=False)
    imported = import_record(json.loads(line), told)
    assert not imported.repairs
    return imported.row


@pytest.mark.parametrize("form", FORMS)
@examples
@given(data=st.data())
def test_rows_come_back(form: str, data: st.DataObject) -> None:
    """Messages with their calls, and tools, are equal; told its format or not."""
    record = data.draw(rows(beside=BESIDE.get(form, True)))
    told = data.draw(st.sampled_from(["auto", form]))
    row = through(form, form, record, told)
    assert row["messages"] == record["messages"]
    assert row["tools"] == record["tools"]


@pytest.mark.parametrize("form", FORMS)
@examples
@given(data=st.data())
def test_pairs_come_back(form: str, data: st.DataObject) -> None:
    """The pair that the row holds has the prompt and both answers that were exported."""
    record = data.draw(pairs(beside=BESIDE.get(form, True)))
    told = data.draw(st.sampled_from(["auto", form]))
    row = through(form, f"{form}.dpo", record, told)
    [pair] = preference_pairs(row)
    for key in ("prompt", "chosen", "tools"):
        assert pair[key] == record[key]
    assert plain(pair["rejected"]) == plain(record["rejected"])


def plain(messages: list[Row]) -> list[Any]:
    """Words and calls without the ids, which a candidate has none of."""
    return [
        (m["content"], [call["function"] for call in m.get("tool_calls", ())]) for m in messages
    ]


@pytest.mark.parametrize("form", [form for form in FORMS if form != "openai"])
@examples
@given(data=st.data())
def test_judged_answers_come_back(form: str, data: st.DataObject) -> None:
    """The conversation with its answer, the label and the tools are equal."""
    record = data.draw(judged(beside=BESIDE.get(form, True)))
    told = data.draw(st.sampled_from(["auto", form]))
    row = through(form, f"{form}.kto", record, told)
    assert row["messages"] == [*record["prompt"], *record["completion"]]
    assert row["label"] == record["label"]
    assert row["tools"] == record["tools"]
