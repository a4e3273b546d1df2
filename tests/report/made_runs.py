"""Folders of runs made up for tests: conversations of every kind, as a run writes them."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fc_distilabel.runs.preferences import preference_pairs
from fc_distilabel.runs.rows import full_row
from fc_distilabel.types import Candidate, Judgement, TurnScore
from fc_distilabel.verifiers import verify
from hotel_talks import SCRIPTS, hotel_talk

_WORDS = (
    "quiet bright old harbour garden mountain view late early breakfast parking balcony pool lift "
    "family office weekend conference wedding cheap central river station museum theatre park dog "
    "bicycle terrace sauna kitchen desk window north south corner ground floor attic castle market"
).split()
_HAN = "安静明亮古老港口花园山景晚到早餐停车阳台泳池电梯家庭办公周末会议婚礼便宜中心河边车站公园"


def hotel_rows(count: int, languages: Iterable[str] = ("en", "zh")) -> Iterator[dict[str, Any]]:
    """Rows of all kinds in turn, each with words of its own in its first request."""
    told = [(name, language) for language in languages for name in SCRIPTS]
    made = {each: _row(*each) for each in told[:count]}
    for number in range(count):
        name, language = told[number % len(told)]
        yield _varied(made[name, language], number)


def _row(name: str, language: str) -> dict[str, Any]:
    talk = hotel_talk(name, language)
    wrong = Candidate(at=2, text="no", calls=(), violations=())
    row = full_row(talk.model_copy(update={"candidates": (wrong,)}), verify(talk), _judged())
    return json.loads(json.dumps(row))


def _judged() -> Judgement:
    scores = {"intent_match": 5, "argument_faithfulness": 4}
    turn = TurnScore(at=2, scores=scores, reason="As asked.")
    return Judgement(judge="scripted", turns=(turn,), approved=True)


def _varied(row: dict[str, Any], number: int) -> dict[str, Any]:
    """The row with an id of its own, and four words that tell it from its like."""
    picked = [(number * step + step) % len(_WORDS) for step in (3, 7, 11, 19)]
    texts = _HAN if row["language"] == "zh" else _WORDS
    words = [texts[place % len(texts)] for place in picked]
    messages = [dict(message) for message in row["messages"]]
    first = next(m for m in messages if m["role"] == "user")
    said = "".join(words) if row["language"] == "zh" else " ".join(words)
    first["content"] += f" {said} {number}."
    return {**row, "id": f"{number:016x}", "messages": messages}


def write_run(folder: Path, rows: Iterable[dict[str, Any]], **settings: Any) -> Path:
    """A folder as a run leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    count, pairs = 0, []
    with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            pairs += preference_pairs(row) if count < 100 else ()
            count += 1
    lines = (json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs)
    (folder / "preferences.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "run.json").write_text(json.dumps(_run(count, settings)), encoding="utf-8")
    return folder


def _run(count: int, settings: dict[str, Any]) -> dict[str, Any]:
    stage = {"calls": 2 * count, "prompt_tokens": 900, "completion_tokens": 100}
    lost = {"near-duplicate message": 2, "a reason that nobody knows": 1}
    return {
        "ended": "rows reached",
        "rows": count,
        "settings": {"llm": "scripted:made", "seed": 1, "preset": 0} | settings,
        "versions": {"fc-distilabel": "0.1.0"},
        "cost": {"wall_seconds": 12.5, "model_calls": 2 * count, "tokens": 1000},
        "funnel": {
            "stages": [
                {"stage": "dialogue", "made": count + 3, "kept": count + 3, "reasons": {}} | stage,
                {"stage": "validation", "made": count + 3, "kept": count, "reasons": lost},
            ]
        },
    }
