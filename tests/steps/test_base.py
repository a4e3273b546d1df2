"""What every step that asks a model has from its base."""

import asyncio
import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from distilabel.models.llms import LLM
from distilabel.pipeline import Pipeline

from fc_distilabel.errors import Dropped
from fc_distilabel.llms import ChatCompletionsLLM
from fc_distilabel.llms.scripted import ScriptedLLM
from fc_distilabel.runs.store import open_store
from fc_distilabel.steps.base import ModelStep
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.chat import ChatRequest
from fc_distilabel.testing import Behaviour, FakeEndpoint
from fc_distilabel.types import Identified, Language, Noun, Stage

Row = dict[str, Any]


class Question(Identified):
    """What goes in."""

    text: str


class Said(Noun):
    """What comes out."""

    texts: tuple[str, ...]


class Ask(ModelStep):
    """Asks every model that it has."""

    stage: ClassVar[Stage] = "dialogue"
    noun: ClassVar[type[Identified]] = Question
    consumes: ClassVar[str] = "question"
    produces: ClassVar[str] = "said"

    def language_of(self, noun: Question) -> Language:
        return "en"

    async def make(self, asker: Asker, noun: Question) -> Said:
        if noun.text == "drop":
            raise Dropped("told to", "by the test")
        messages = ({"role": "user", "content": noun.text},)
        asked = ChatRequest(stage=self.stage, messages=messages)
        replies = [await model.complete(asked) for model in self.models.values()]
        return Said(texts=tuple(reply.text for reply in replies))


class AskTwo(Ask):
    """A step with a further model."""

    other_llm: LLM


class Loaded(ScriptedLLM):
    """An LLM that counts how often it is loaded."""

    loads: int = 0
    unloads: int = 0

    def load(self) -> None:
        super().load()
        self.loads += 1

    def unload(self) -> None:
        super().unload()
        self.unloads += 1


def upper(request: ChatRequest) -> str:
    return request.messages[-1]["content"].upper()


def title(request: ChatRequest) -> str:
    return request.messages[-1]["content"].title()


def repeat(body: dict[str, Any]) -> str:
    return str(body["messages"][-1]["content"])


def step(kind: type[Ask], **options: Any) -> Any:
    made = kind(name="asking", pipeline=Pipeline(name="t"), **options)
    made.load()
    return made


def rows(*texts: str) -> list[Row]:
    return [{"question": Question(id=str(i), text=t).to_json()} for i, t in enumerate(texts)]


def said(done: list[Row]) -> list[Any]:
    return [json.loads(row["said"])["texts"] if row["said"] else None for row in done]


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions above under a name that can be imported."""
    import sys
    import types

    module = types.ModuleType("scripts_of_test_base")
    module.upper, module.title = upper, title  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.mark.usefixtures("scripts")
def test_every_llm_of_a_step_is_loaded_and_kept_in_the_journal(tmp_path: Path) -> None:
    """A further LLM is a field like any other: loaded, named, journalled and unloaded."""
    llm = Loaded(script="scripts_of_test_base:upper")
    other = Loaded(script="scripts_of_test_base:title")
    store = tmp_path / "run.db"
    asking = step(AskTwo, llm=llm, other_llm=other, store=str(store))
    assert list(asking.models) == ["llm", "other_llm"]
    assert said(next(asking.process(rows("hello")))) == [["HELLO", "Hello"]]
    asking.unload()
    assert [(each.loads, each.unloads) for each in (llm, other)] == [(1, 1)] * 2
    with open_store(store) as opened:
        assert opened.progress().spent.requests == 2


@pytest.mark.usefixtures("scripts")
def test_one_llm_in_two_fields_is_loaded_once() -> None:
    """A local model is not brought into memory twice."""
    llm = Loaded(script="scripts_of_test_base:upper")
    asking = step(AskTwo, llm=llm, other_llm=llm)
    assert said(next(asking.process(rows("hello")))) == [["HELLO", "HELLO"]]
    asking.unload()
    assert (llm.loads, llm.unloads) == (1, 1)


@pytest.mark.usefixtures("scripts")
def test_progress_is_noted_in_the_store(tmp_path: Path) -> None:
    """How many rows came in and are finished, dropped ones too, over all batches."""
    store = tmp_path / "run.db"
    asking = step(Ask, llm=Loaded(script="scripts_of_test_base:upper"), store=str(store))
    next(asking.process(rows("a", "drop", "c")))
    next(asking.process(rows("d")))
    asking.unload()
    with open_store(store) as opened:
        assert opened.noted("rows of asking") == {"came": 4, "finished": 4}


@pytest.mark.usefixtures("scripts")
def test_progress_is_noted_while_rows_are_worked_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows come out all at once, and yet are seen as they finish."""
    monkeypatch.setattr("fc_distilabel.steps.progress.NOTE_SECONDS", -1.0)
    store = tmp_path / "run.db"
    seen = []

    def watch(body: dict[str, Any]) -> str:
        with open_store(store) as opened:
            seen.append(opened.noted("rows of asking")["finished"])
        return "OK"

    with FakeEndpoint(watch) as endpoint:
        llm = ChatCompletionsLLM(model="fake", base_url=endpoint.base_url)
        asking = step(Ask, llm=llm, max_in_flight=1, store=str(store))
        next(asking.process(rows("a", "b", "c")))
        asking.unload()
    assert seen == [0, 1, 2]


def test_rows_keep_their_order_whenever_they_finish() -> None:
    """None is added and none lost, and the window is not larger than allowed."""
    texts = [f"question {number}" for number in range(60)]
    behaviour = Behaviour(latency=0.01, sigma=1.0)
    with FakeEndpoint(repeat, behaviour=behaviour) as endpoint:
        llm = ChatCompletionsLLM(model="fake", base_url=endpoint.base_url, max_in_flight=50)
        asking = step(Ask, llm=llm, max_in_flight=7)
        assert said(next(asking.process(rows(*texts)))) == [[text] for text in texts]
        assert endpoint.peak_in_flight == 7
        asking.unload()


def test_a_refusal_for_good_drops_exactly_its_rows() -> None:
    """A content filter takes what it will not have, with the reason, and nothing else."""
    texts = ["unmentionable" if number % 8 == 0 else "fine" for number in range(64)]
    with FakeEndpoint(behaviour=Behaviour(refuse="unmentionable")) as endpoint:
        asking = step(Ask, llm=ChatCompletionsLLM(model="fake", base_url=endpoint.base_url))
        done = next(asking.process(rows(*texts)))
        asking.unload()
    assert said(done) == [None if text == "unmentionable" else ["OK"] for text in texts]
    drops = [json.loads(row["drop"]) for row in done if row["drop"]]
    assert {drop["reason"] for drop in drops} == {"endpoint failed"}
    assert all("injected 400" in drop["detail"] for drop in drops)


def test_faults_that_pass_cost_no_row() -> None:
    """Overload, server errors, silence and garbage: every row is there once, and right."""
    texts = [f"question {number}" for number in range(80)]
    behaviour = Behaviour(shares={"429": 0.05, "500": 0.05, "hang": 0.05, "garbage": 0.05})
    with FakeEndpoint(repeat, behaviour=behaviour) as endpoint:
        llm = ChatCompletionsLLM(model="fake", base_url=endpoint.base_url, timeout=4.0)
        asking = step(Ask, llm=llm)
        assert said(next(asking.process(rows(*texts)))) == [[text] for text in texts]
        asking.unload()
        assert set(endpoint.counters.faults) == {"ok", "429", "500", "hang", "garbage"}
        assert endpoint.counters.paid_twice == 0


def test_unloading_leaves_nothing_behind() -> None:
    """Requests whose rows were given up end with the step's event loop."""
    asking = step(Ask, llm=ChatCompletionsLLM(model="fake", base_url="http://h/v1"))
    loop = asking._loop
    left = loop.create_task(asyncio.sleep(60))
    asking.unload()
    assert left.cancelled() and loop.is_closed()
    assert asking.models == {}
