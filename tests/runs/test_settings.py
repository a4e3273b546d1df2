"""Which settings decide the rows, and how a difference is told."""

from typing import Any

import pytest

from fc_distilabel.llms.chat_completions import ChatCompletionsLLM
from fc_distilabel.pipelines.models import open_model
from fc_distilabel.runs.report import public_identity
from fc_distilabel.runs.settings import RunSettings, changes, deciding

BASE: dict[str, Any] = {"paths": ("docs",), "llm": "openai:m", "base_url": "http://h:1/v1"}


def decides(**options: Any) -> dict[str, Any]:
    return deciding(RunSettings(**BASE | options), '{"class": "C", "sha256": "1"}', [("a.md", "1")])


@pytest.mark.parametrize(
    "options",
    [
        {"rows": 99},
        {"max_in_flight": 1},
        {"stall_seconds": 5.0},
        {"paths": ("elsewhere/docs",)},
    ],
)
def test_pace_and_place_may_change(options: dict[str, Any]) -> None:
    """More rows, another pace or another folder with the same documents go on with the run."""
    assert changes(decides(), decides(**options)) == []


def test_each_difference_is_told_with_both_values() -> None:
    """All that differs, not only the first thing."""
    told = changes(decides(), decides(seed=3, kinds="single"))
    assert told == ["seed was 0 and is now 3", 'kinds was "" and is now "single"']


def test_documents_and_models_are_told_by_name() -> None:
    """A changed document is one that went and one that came; a model differs in a detail."""
    settings = RunSettings(**BASE)
    before = deciding(settings, '{"class": "C", "sha256": "1"}', [("a.md", "1"), ("b.md", "2")])
    after = deciding(settings, '{"class": "C", "sha256": "9"}', [("a.md", "1"), ("b.md", "3")])
    assert changes(before, after) == [
        'model sha256 was "1" and is now "9"',
        'documents b.md 2 was "read" and is now not there',
        'documents b.md 3 was not there and is now "read"',
    ]


def test_the_guard_and_the_step_name_a_model_alike() -> None:
    """The guard works out a model's identity without distilabel: it is the LLM's own."""
    llm = ChatCompletionsLLM(model="m", base_url="http://h:1/v1")
    assert open_model(RunSettings(**BASE)).identity == llm.identity


def test_an_endpoint_is_not_told_abroad() -> None:
    """`run.json` has the model's name, and of the endpoint only a hash."""
    shown = public_identity('{"base_url": "http://secret-host:1/v1", "model": "m"}')
    assert shown["model"] == "m" and shown["endpoint_id"]
    assert "secret-host" not in str(shown)
