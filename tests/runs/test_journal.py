"""Completions: asked for once, on disk before they are used, never beyond the budget."""

import asyncio
import os
import resource
from pathlib import Path

import pytest

from fc_distilabel.errors import BudgetSpentError, EndpointError, RunError
from fc_distilabel.runs.budget import Budget, Prices, Spent
from fc_distilabel.runs.completions import account
from fc_distilabel.runs.journal import JournaledModel
from fc_distilabel.runs.store import RunStore, open_store
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.synthesis.sending import require_leave


class Counting:
    """A model that counts its calls, and answers each when it is told to, or at once."""

    identity = "counting"

    def __init__(self, gate: asyncio.Event | None = None) -> None:
        self.calls = 0
        self.gate = gate

    async def complete(self, request: ChatRequest) -> Completion:
        self.calls += 1
        call = self.calls
        if self.gate is not None:
            await self.gate.wait()
        if request.temperature > 1:
            raise EndpointError("no")
        text = f"{request.seed} {call}"
        return Completion(text=text, seconds=1.5, prompt_tokens=10, completion_tokens=5)


def ask(seed: int = 0, stage: str = "scenario", temperature: float = 0) -> ChatRequest:
    message = {"role": "user", "content": "?"}
    return ChatRequest(stage=stage, messages=(message,), seed=seed, temperature=temperature)


async def settled() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_question_is_asked_once(tmp_path: Path) -> None:
    """An equal request, in whatever stage and process, gets the stored answer, cost included."""
    with open_store(tmp_path / "run.db") as store:
        model = Counting()
        journaled = JournaledModel(model, store)
        first = asyncio.run(journaled.complete(ask()))
        again = asyncio.run(journaled.complete(ask(stage="toolset")))
        other = asyncio.run(journaled.complete(ask(seed=1)))
        assert first == again != other
        assert model.calls == 2
        spent = Spent(requests=2, prompt_tokens=20, completion_tokens=10, seconds=3.0)
        assert store.completions.spent() == spent


def test_another_model_is_asked_again(tmp_path: Path) -> None:
    """The answers of one model are not passed off as another's; each has an account of its own."""
    with open_store(tmp_path / "run.db") as store:
        one, two = Counting(), Counting()
        two.identity = '{"class": "C", "model": "another"}'
        asyncio.run(JournaledModel(one, store).complete(ask()))
        asyncio.run(JournaledModel(two, store).complete(ask(stage="toolset")))
        assert one.calls == two.calls == 1
        lines = store.completions.lines()
        assert [(line.name, line.stage, line.completions) for line in lines] == [
            ("another", "toolset", 1),
            ("counting", "scenario", 1),
        ]


def test_equal_requests_under_way_are_one(tmp_path: Path) -> None:
    """Whoever asks the same meanwhile waits for that answer; one who leaves takes nothing along."""

    async def all_at_once(store: RunStore) -> int:
        model = Counting(asyncio.Event())
        journaled = JournaledModel(model, store)
        leaving, *staying = [asyncio.create_task(journaled.complete(ask())) for _ in range(5)]
        other = asyncio.create_task(journaled.complete(ask(1)))
        await settled()
        leaving.cancel()
        await settled()
        assert model.gate is not None
        model.gate.set()
        assert len({done.text for done in await asyncio.gather(*staying)}) == 1
        await other
        return model.calls

    with open_store(tmp_path / "run.db") as store:
        assert asyncio.run(all_at_once(store)) == 2
        assert store.completions.spent().requests == 2


def test_a_failure_is_no_answer(tmp_path: Path) -> None:
    """All who wait for it hear of it, nothing is stored, and the next one asks again."""

    async def twice(store: RunStore) -> int:
        model = Counting()
        journaled = JournaledModel(model, store)
        asked = [journaled.complete(ask(temperature=2)) for _ in range(3)]
        heard = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(each) for each in heard] == [EndpointError] * 3
        with pytest.raises(EndpointError):
            await journaled.complete(ask(temperature=2))
        return model.calls

    with open_store(tmp_path / "run.db") as store:
        assert asyncio.run(twice(store)) == 2
        assert store.completions.spent() == Spent()


def test_a_killed_process_leaves_what_it_used(tmp_path: Path) -> None:
    """An answer that somebody has in hand is in the file, however the process ends."""

    async def many(store: RunStore) -> None:
        model = JournaledModel(Counting(), store)
        await asyncio.gather(*(model.complete(ask(seed)) for seed in range(300)))

    if (child := os.fork()) == 0:
        asyncio.run(many(RunStore(tmp_path / "run.db")))
        os._exit(7)  # nothing is closed, flushed or said goodbye to
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    with open_store(tmp_path / "run.db") as store:
        assert store.completions.spent().requests == 300
        assert sum(line.completions for line in store.completions.lines()) == 300


def test_the_answer_that_is_used_is_the_one_that_is_stored(tmp_path: Path) -> None:
    """Where two processes asked the same, the first answer counts for both; both are paid for."""
    with open_store(tmp_path / "run.db") as one, open_store(tmp_path / "run.db") as two:
        charged = account("dialogue", "m")
        first, second = Completion(text="first"), Completion(text="second")
        assert asyncio.run(one.completions.keep("k", charged, first)) == first
        assert asyncio.run(two.completions.keep("k", charged, second)) == first
        assert two.completions.spent().requests == 2


def test_a_full_disk_is_told_to_all_who_wait(tmp_path: Path) -> None:
    """No answer is used that could not be stored."""

    async def many(store: RunStore) -> list[object]:
        model = JournaledModel(Counting(), store)
        asked = [model.complete(ask(seed)) for seed in range(4)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_store(tmp_path / "run.db") as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
        try:
            told = asyncio.run(many(store))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert store.completions.spent() == Spent()
    assert [type(each) for each in told] == [RunError] * 4
    assert "run.db cannot be used" in str(told[0])


@pytest.mark.parametrize(
    ("budget", "calls", "told"),
    [
        (Budget(max_tokens=31), 3, "45 tokens of --max-tokens 31"),
        (Budget(max_tokens=30), 2, "30 tokens of --max-tokens 30"),
        (
            Budget(max_cost=0.06, prices=Prices(read=1000, written=2000)),
            3,
            "$0.0600 of --max-cost $0.0600",
        ),
        (Budget(max_cost=99, prices=Prices(read=0, written=0)), 5, ""),
        (Budget(prices=Prices(read=9, written=9)), 5, ""),
    ],
)
def test_no_request_goes_out_beyond_the_budget(
    tmp_path: Path, budget: Budget, calls: int, told: str
) -> None:
    """The limit is of the run, whatever process spent it; what is there already stays free."""
    with open_store(tmp_path / "run.db") as store:
        store.limit(budget)
        model, said = Counting(), ""
        for seed in range(5):
            try:
                asyncio.run(JournaledModel(model, store).complete(ask(seed)))
            except BudgetSpentError as error:
                said = str(error)
        assert model.calls == calls
        assert said == (told and f"the budget is spent: {told}")
        assert asyncio.run(JournaledModel(model, store).complete(ask(0))).text == "0 1"


def test_what_is_under_way_is_kept(tmp_path: Path) -> None:
    """Requests that went out before the budget was spent still come in and are stored."""

    async def run(store: RunStore) -> None:
        model = Counting(asyncio.Event())
        journaled = JournaledModel(model, store)
        out = [asyncio.create_task(journaled.complete(ask(seed))) for seed in range(3)]
        await settled()
        assert model.gate is not None
        model.gate.set()
        await asyncio.gather(*out)
        with pytest.raises(BudgetSpentError):
            await journaled.complete(ask(9))

    with open_store(tmp_path / "run.db") as store:
        store.limit(Budget(max_tokens=1))
        asyncio.run(run(store))
        assert sum(line.completions for line in store.completions.lines()) == 3


class Queueing(Counting):
    """A model that sends one request at a time, and asks for leave when its turn has come."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = asyncio.Semaphore(1)

    async def complete(self, request: ChatRequest) -> Completion:
        async with self.turn:
            require_leave()
            return await super().complete(request)


def test_a_request_that_waits_for_its_place_is_not_sent_any_more(tmp_path: Path) -> None:
    """It was within the budget when it was made, and is not when it could go out."""

    async def run(store: RunStore) -> int:
        model = Queueing()
        journaled = JournaledModel(model, store)
        asked = [journaled.complete(ask(seed)) for seed in range(4)]
        heard = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(each) for each in heard] == [Completion, Completion, *[BudgetSpentError] * 2]
        require_leave()  # a request of somebody else's is none of the budget's
        return model.calls

    with open_store(tmp_path / "run.db") as store:
        store.limit(Budget(max_tokens=20))
        assert asyncio.run(run(store)) == 2
