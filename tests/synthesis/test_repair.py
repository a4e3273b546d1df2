"""Repair with feedback: what is accepted, what the model is told, and what is kept of its tries."""

import json
from typing import Any

import pytest

from fc_distilabel.llms.adapter import as_chat_model
from fc_distilabel.llms.embedded import EmbeddedLLM
from fc_distilabel.llms.embedded_server import EmbeddedServer
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.repair import repair_calls
from fc_distilabel.types import Message, Repaired, Tool, ToolCall, Turn
from talk import Scripted, asker, run

SEARCH = Tool(
    name="search_hotels",
    description="Find hotels.",
    parameters={
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "Town."},
            "nights": {"type": "integer", "description": "Nights.", "minimum": 1, "maximum": 30},
        },
        "required": ["city", "nights"],
    },
)
RIGHT = [{"name": "search_hotels", "arguments": {"city": "Rome", "nights": 2}}]
TOO_LONG = [{"name": "search_hotels", "arguments": {"city": "Rome", "nights": 200}}]
ASKED = (Message(role="user", content="Rome, two nights."),)


def repaired(text: Any, *replies: Any, tries: int = 3, language: Any = "en") -> tuple[Any, ...]:
    """What becomes of a turn with this text, and the prompts on the way."""
    model = Scripted(calls=list(replies))
    raw = text if isinstance(text, str) else json.dumps(text)
    turn = Turn(id="t", tools=(SEARCH,), messages=ASKED, text=raw, language=language)
    outcome: Repaired = run(repair_calls(asker(model, language), turn, tries))
    return outcome, model.asked("calls")


def test_valid_calls_cost_nothing() -> None:
    """A turn that is valid as it stands asks no model."""
    outcome, prompts = repaired(RIGHT)
    assert prompts == [] and outcome.repairs == () and outcome.mended == ()
    assert outcome.calls == (ToolCall(**RIGHT[0]),)


def test_a_notation_is_read_and_flagged_not_sent_back() -> None:
    """What has one reading is mended by code, which is named, and asks no model."""
    outcome, prompts = repaired('search_hotels(city="Rome", nights=2)')
    assert prompts == [] and outcome.mended
    assert outcome.calls == (ToolCall(**RIGHT[0]),)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_model_sees_its_own_call_and_what_is_wrong(language: str) -> None:
    """The request shows the tools, the conversation, the call and each violation in words."""
    outcome, [prompt] = repaired(TOO_LONG, RIGHT, language=language)
    for shown in (
        '"maximum":30',
        "Rome, two nights.",
        json.dumps(TOO_LONG),
        "nights is 200, but must be at most 30",
    ):
        assert shown in prompt
    assert outcome.calls == (ToolCall(**RIGHT[0]),)
    [pair] = outcome.repairs
    assert pair.rejected == json.dumps(TOO_LONG)
    assert pair.chosen == outcome.calls
    assert pair.error_class == "wrong value"
    assert [v.rule for v in pair.violations] == ["maximum"]


def test_every_failed_try_is_a_pair() -> None:
    """Each refused attempt is kept with the calls that were accepted in the end."""
    missing = [{"name": "search_hotels", "arguments": {"city": "Rome"}}]
    outcome, prompts = repaired("no idea {", missing, TOO_LONG, RIGHT)
    assert len(prompts) == 3
    assert [r.error_class for r in outcome.repairs] == ["format", "missing required", "wrong value"]
    assert all(r.chosen == outcome.calls for r in outcome.repairs)
    assert "nights is required, but missing" in prompts[1]


def test_a_turn_that_stays_invalid_keeps_its_trace() -> None:
    """After the last try there are no calls, and every attempt is still there."""
    outcome, prompts = repaired(TOO_LONG, TOO_LONG, tries=2)
    assert outcome.calls is None
    assert len(prompts) == 2 and len(outcome.repairs) == 3
    assert {(r.chosen, r.error_class) for r in outcome.repairs} == {(None, "wrong value")}


def test_tools_that_no_decoder_can_follow_end_the_turn() -> None:
    """An unusable schema is a violation with its reason, not a crash and not a request."""
    tool = SEARCH.model_copy(update={"parameters": {"$ref": "file:///etc/passwd"}})
    model = Scripted(calls=[RIGHT])
    turn = Turn(id="t", tools=(tool,), messages=ASKED, text=json.dumps(RIGHT))
    outcome = run(repair_calls(asker(model), turn))
    assert outcome.calls is None and model.requests == []
    assert [v.rule for r in outcome.repairs for v in r.violations] == ["unusable-schema"]


@pytest.mark.model
def test_the_embedded_model_mends_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real model, shown the violation, makes the call that the user asked for."""
    wrong = [{"name": "search_hotels", "arguments": {"city": "Rome", "nights": "two"}}]
    turn = Turn(id="t", tools=(SEARCH,), messages=ASKED, text=json.dumps(wrong))
    with EmbeddedServer() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        llm = EmbeddedLLM()
        llm.load()
        line = Asker(as_chat_model(llm), "validation", "en", (7, 0))
        outcome = run(repair_calls(line, turn))
    assert outcome.calls == (ToolCall(**RIGHT[0]),)
    assert [r.error_class for r in outcome.repairs] == ["wrong type"]
