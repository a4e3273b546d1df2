"""A person reviews rows in the real Argilla, in a real browser."""

import json
from pathlib import Path

import argilla
import pytest
from selenium.webdriver.common.by import By

import browsers
from commands import Command
from conftest import read_lines
from fc_distilabel.feedback.review.settings import review_settings
from fc_distilabel.feedback.turns import compared, turn_message

WANTED = {"from": "Aalborg", "to": "Hirtholm", "date": "2026-03-06"}
CALLS = json.dumps([{"name": "find_sailings", "arguments": WANTED}])
ANSWERS = {
    "library": {"verdict": "approve", "naturalness": 5},
    "ferry": {
        "verdict": "fix",
        "error_classes": ["wrong value", "other"],
        "corrected_call": CALLS,
        "comment": "Nobody said Ida's age: <b>ask</b>",
    },
    "choice": {"verdict": "reject", "error_classes": ["unnatural"], "preference": "b"},
}
HEIGHTS = """
return [frameElement.offsetHeight, document.querySelector('.fct').offsetHeight]
"""


def records(review):
    """The dataset's records with what is suggested and answered, by the row's id."""
    path = f"datasets/{review.dataset.id}/records"
    items = review.server.get(path, include=["responses", "suggestions"], limit=100)["items"]
    return {json.loads(item["fields"]["trajectory"]["source"])["row"]["id"]: item for item in items}


def test_a_person_reviews_rows(review, annotator, rows, tmp_path):
    """What is seen, filtered and answered is the rows, and the server has exactly the answers."""
    annotator.filter_by("Kind of conversation", "tool_error")
    annotator.until(lambda: annotator.total() == 1)
    assert annotator.row() == rows["ferry"]["id"]
    with annotator.conversation() as frame:
        call = frame.find_element(By.CSS_SELECTOR, ".fct-call")
        cells = call.find_elements(By.CSS_SELECTOR, ".fct-row:first-child > *")
        assert call.text.startswith("find_sailings")
        assert [cell.text for cell in cells] == ["from", "Aalborg", "message 1 word for word"]
        heights = [frame.execute_script(HEIGHTS)]
        frame.find_element(By.CSS_SELECTOR, ".fct-tool summary").click()
        annotator.until(lambda: frame.execute_script(HEIGHTS)[0] > heights[0][0])
        heights.append(frame.execute_script(HEIGHTS))
        assert all(outer >= inner for outer, inner in heights)

    annotator.open("rows")
    for done, (story, answers) in enumerate(ANSWERS.items(), 1):
        annotator.answer(rows[story]["id"], answers)
        assert annotator.submitted() == done
        assert annotator.progress() == pytest.approx(100 * done / 4)

    titles = {q["id"]: q["name"] for q in questions(review)}
    for row, record in records(review).items():
        expected = next((a for s, a in ANSWERS.items() if rows[s]["id"] == row), None)
        assert record["status"] == ("completed" if expected else "pending")
        if expected:
            (response,) = record["responses"]
            suggested = {titles[s["question_id"]]: s["value"] for s in record["suggestions"]}
            values = {name: answer["value"] for name, answer in response["values"].items()}
            assert response["status"] == "submitted"
            assert values == suggested | expected
    assert_pulled(pulled(review, tmp_path), rows)


def pulled(review, out: Path):
    """The files that `argilla pull` makes of what was answered, by their names."""
    words = ("argilla", "pull", "--home", review.argilla.home, "--dataset", "rows", "--out", out)
    done = Command(tuple(map(str, words))).run()
    assert done.returncode == 0, done.stderr
    return {path.stem: read_lines(path) for path in out.glob("*.jsonl")}


def assert_pulled(files, rows):
    """The approved row, the corrected one with its pair, the preferred turn: no more, no less."""
    assert {name: len(lines) for name, lines in files.items() if lines} == {
        **{"feedback": 4, "rows": 2, "sft": 2, "dpo": 2, "kto": 1}
    }
    approved, fixed, compared_row = (rows[story] for story in ANSWERS)
    texts = [message["content"] for message in approved["messages"]]
    by_id = {row["id"]: row for row in files["rows"]}
    assert [m["content"] for m in by_id[approved["id"]]["messages"]] == texts
    [call] = by_id[fixed["id"]]["messages"][-1]["tool_calls"]
    assert call["function"]["arguments"] == WANTED
    pairs = {pair["row"]: pair for pair in files["dpo"]}
    assert pairs[fixed["id"]]["chosen"] == by_id[fixed["id"]]["messages"][-1:]
    pair = compared(compared_row)
    preferred = turn_message(compared_row, pair.at, pair.b)
    assert pairs[compared_row["id"]]["chosen"] == [preferred]
    assert files["kto"][0]["label"] is True and files["kto"][0]["row"] == approved["id"]


def questions(review):
    return review.server.get(f"datasets/{review.dataset.id}/questions")["items"]


def test_a_hostile_row_does_nothing(annotator, hostile, page):
    """Scripts, images, styles and links in every text of a row are shown, and are but text."""
    annotator.find(hostile["id"])
    browsers.requests(page)
    page.refresh()
    with annotator.conversation() as frame:
        frame.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        annotator.until(lambda: len(frame.find_elements(By.CSS_SELECTOR, ".fct-tool-body")) == 2)
        text = frame.find_element(By.CSS_SELECTOR, ".fct").text
        frame.find_element(By.CSS_SELECTOR, ".fct-button").click()
        annotator.until(lambda: "<END>" in frame.find_element(By.CSS_SELECTOR, ".fct").text)
        assert frame.execute_script("return [typeof hurt, document.images.length]") == [
            "undefined",
            0,
        ]
    assert "<img src=x onerror=" in text and "</script>" in text and "U+202E" in text
    shown = annotator.see(".text_field_component .content-area").text
    assert "<script>parent.hurt='h'</script>" in shown
    assert page.execute_script("return typeof hurt") == "undefined"
    assert page.title == "Argilla"
    assert not [address for address in browsers.requests(page) if "stolen" in address]


def test_the_same_text_would_act(review, annotator, page):
    """Without our care Argilla runs what a record says: what keeps it from that is not Argilla."""
    attack = "</script><script>parent.hurt = 'yes'</script>"
    fields = {"trajectory": {"language": "en", "view": attack}, "request": "x"}
    path = f"datasets/{review.dataset.id}/records/bulk"
    body = {"items": [{"fields": fields, "metadata": {"kind": "control"}}]}
    (record,) = review.server.send("POST", path, json=body)["items"]
    try:
        address = page.current_url.partition("?")[0]
        page.get(f"{address}?page=1&status=pending&metadata=kind.control")
        annotator.until(lambda: page.execute_script("return window.hurt") == "yes")
    finally:
        review.server.send("DELETE", f"datasets/{review.dataset.id}/records?ids={record['id']}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_argilla_reads_the_settings(review, language, tmp_path: Path):
    """`Settings.from_json` of Argilla takes the settings, whole and as their files are."""
    argilla.Argilla(api_url=review.argilla.url, api_key=review.argilla.api_key)
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(review_settings(language, min_submitted=2)), encoding="utf-8")
    settings = argilla.Settings.from_json(path)
    settings.validate()
    assert settings.distribution.min_submitted == 2
    assert settings.fields["trajectory"].advanced_mode is True
    folder = Path(__file__).parents[2] / "argilla_config"
    plain = argilla.Settings.from_json(folder / f"settings.{language}.json")
    assert [q.name for q in plain.questions] == [q.name for q in settings.questions]
