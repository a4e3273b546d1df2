"""The guides' own code, run as it stands, and the same in both languages."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from distilabel.pipeline import Pipeline

from fc_distilabel.errors import Dropped
from fc_distilabel.types import Message
from judges import conversation

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = sorted(path.name for path in DOCS.glob("*.md") if not path.name.endswith(".zh.md"))


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """What the guide's code defines under a name."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def load(name: str, guide: str = "extending.md") -> Any:
        code = next(block for block in blocks(text_of(guide), "python") if name in block)
        (tmp_path / f"guide_{name.lower()}.py").write_text(code, encoding="utf-8")
        return getattr(importlib.import_module(f"guide_{name.lower()}"), name)

    return load


@pytest.mark.parametrize("name", GUIDES)
def test_both_languages_say_the_same(name: str) -> None:
    """Equal code, tables and sections, and links that lead somewhere."""
    english, chinese = text_of(name), text_of(name.replace(".md", ".zh.md"))
    for language in ("python", "toml", "bash", "yaml"):
        assert blocks(english, language) == blocks(chinese, language)
    heads = [re.findall(r"^#+|^\|[-|]+\|$", text, re.MULTILINE) for text in (english, chinese)]
    assert heads[0] == heads[1]
    for text in (english, chinese):
        targets = [t for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t]
        assert [target for target in targets if not (DOCS / target).exists()] == []


def test_the_guides_verifier_works(named: Callable[..., Any]) -> None:
    """It finds an answer in capitals and nothing in a calm one."""
    verifier = named("no_shouting")
    loud = conversation(changes={4: {"content": "THE ADLER HAS A ROOM FOR YOU."}})
    assert [v.path for v in verifier(loud)] == ["messages/4"]
    assert list(verifier(conversation())) == []


def test_the_guides_exporter_works(named: Callable[..., Any]) -> None:
    """It takes a row with calls and refuses one without."""
    exporter = named("to_plain")
    row = {"gold_calls": [{"name": "f"}], "messages": [{"role": "user", "content": "Hi"}]}
    assert exporter(row) == {"text": "Hi", "calls": [{"name": "f"}]}
    with pytest.raises(Dropped, match="no call"):
        exporter(row | {"gold_calls": []})


def test_the_guides_step_works(named: Callable[..., Any]) -> None:
    """It counts turns, and lets a dropped row pass."""
    step = named("CountTurns")(name="it", pipeline=Pipeline(name="t"))
    talk = conversation()
    more = talk.model_copy(update={"messages": (*talk.messages, Message(role="user"))})
    rows = [{"trajectory": more.to_json()}, {"trajectory": ""}]
    assert [row["turns"] for row in next(step.process(rows))] == [2, 0]


def test_the_guides_pipeline_is_one(named: Callable[..., Any]) -> None:
    """What is handed to Ray is a pipeline from documents to verdicts, and has that method."""
    pipeline = named("pipeline", "production.md")
    assert {"document_passages", "persona_dialogue", "schema_validator"} <= {*pipeline.dag}
    assert callable(pipeline.ray)
