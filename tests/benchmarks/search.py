"""How long Argilla takes to answer a search over HTTP, with few and with many records.

    PYTHONPATH=src:tests python tests/benchmarks/search.py [--postgres URL] [COUNT ...]

Starts the real server with an empty home for each count (5,000 and 50,000), puts the records in by
SQL, as any other program might, and prints medians in milliseconds, memory, and how the last count
compares with the first. With --postgres the database named should be empty.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import argilla
import httpx
import psutil
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

import argillas

DIMENSIONS = 384
ROUNDS = 21
DOMAINS = ("weather", "flights", "math", "日程", "payments", "maps")
BATCH = 500
Figure = tuple[float, ...]
"""Milliseconds, and milliseconds of the server's processor time; or one figure of another kind."""


def main() -> None:
    """Measure each count and print what was found."""
    reader = argparse.ArgumentParser()
    reader.add_argument("counts", nargs="*", type=int, default=[5_000, 50_000])
    reader.add_argument("--postgres", default="")
    options = reader.parse_args()
    found = [measured(count, options.postgres) for count in options.counts]
    print(f"{'':24}" + "".join(f"{count:>12,}{'CPU':>9}" for count in options.counts) + "    ratio")
    for name in found[0]:
        figures = [one[name] for one in found]
        row = "".join(
            f"{one[0]:12.1f}{one[1] if one[1:] else float('nan'):9.1f}" for one in figures
        )
        print(f"{name:24}{row}{figures[-1][0] / figures[0][0]:9.1f}")


def measured(count: int, postgres: str) -> dict[str, Figure]:
    """The figures of one server with so many records."""
    with tempfile.TemporaryDirectory() as home:
        options = ("--postgres", postgres) if postgres else ()
        server = argillas.start(Path(home), *options)
        try:
            dataset = made(server, f"b{count}-{uuid.uuid4().hex[:6]}")
            url = postgres.replace("postgresql:", "postgresql+asyncpg:")
            asyncio.run(load(url or f"sqlite+aiosqlite:///{home}/argilla.db", dataset, count))
            return figures(server, dataset)
        finally:
            server.stop()


def made(server: argillas.Server, name: str) -> argilla.Dataset:
    """An empty dataset."""
    client = argilla.Argilla(api_url=server.url, api_key=server.api_key)
    workspace = argilla.Workspace(name=name, client=client).create()
    settings = argilla.Settings(
        fields=[
            argilla.CustomField(name="trajectory", template="<p></p>", advanced_mode=True),
            argilla.TextField(name="request", required=False),
        ],
        questions=[
            argilla.LabelQuestion("verdict", labels=["approve", "fix", "reject"]),
            argilla.RatingQuestion("naturalness", values=[1, 2, 3, 4, 5], required=False),
        ],
        metadata=[
            argilla.TermsMetadataProperty("domain"),
            argilla.IntegerMetadataProperty("turns"),
            argilla.FloatMetadataProperty("judge_score"),
        ],
        vectors=[argilla.VectorField("meaning", dimensions=DIMENSIONS)],
    )
    return argilla.Dataset(
        name=name, workspace=workspace, settings=settings, client=client
    ).create()


async def load(url: str, dataset: argilla.Dataset, count: int) -> None:
    """Put records, suggestions and vectors into Argilla's tables."""
    vectors = dataset.settings.vectors[0].id
    verdict = next(one.id for one in dataset.settings.questions if one.name == "verdict")
    engine = create_async_engine(url)
    names = ("records", "suggestions", "vectors")
    async with engine.begin() as connection:
        tables = await connection.run_sync(lambda sync: [_table(sync, name) for name in names])
    rows = records(dataset.id, verdict, vectors, count)
    while batch := [row for _, row in zip(range(BATCH), rows, strict=False)]:
        async with engine.begin() as connection:
            for at, table in enumerate(tables):
                await connection.execute(table.insert(), [row[at] for row in batch])
    await engine.dispose()


def _table(connection: sqlalchemy.Connection, name: str) -> sqlalchemy.Table:
    """A table as it is, with the types that take Python's values in either database."""
    types = {"id": sqlalchemy.Uuid(), "value": sqlalchemy.JSON(), "score": sqlalchemy.JSON()}
    table = sqlalchemy.Table(
        name, sqlalchemy.MetaData(), autoload_with=connection, resolve_fks=False
    )
    for column in table.columns:
        if column.name.endswith("_id") and column.name != "external_id":
            column.type = sqlalchemy.Uuid()
        column.type = types.get(column.name, column.type)
    return table


def records(
    dataset: uuid.UUID, question: uuid.UUID, vectors: uuid.UUID, count: int
) -> Iterator[tuple[dict[str, Any], ...]]:
    """A row of each table for each record: dialogues of some 4 kB."""
    rng = random.Random(0)
    words = [
        "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(3, 10)))
        for _ in range(20_000)
    ]
    begun = datetime(2025, 1, 1)
    for at in range(count):
        when, id = begun + timedelta(seconds=at), uuid.UUID(int=rng.getrandbits(128))
        common = {"inserted_at": when, "updated_at": when}
        domain, score = DOMAINS[at % len(DOMAINS)], round(rng.random(), 3)
        record = {"dataset_id": dataset, "external_id": f"r{at}", "status": "pending"}
        metadata = {"domain": domain, "turns": at % 20, "judge_score": score}
        fields = dialogue(rng, words, domain, at)
        suggestion = {"question_id": question, "value": "approve", "score": score, "agent": "judge"}
        vector = [round(rng.uniform(-1, 1), 6) for _ in range(DIMENSIONS)]
        own = {**common, "record_id": id}
        yield (
            {**common, **record, "id": id, "metadata": metadata, "fields": fields},
            {**own, **suggestion, "id": uuid.UUID(int=rng.getrandbits(128))},
            {**own, "id": uuid.uuid4(), "vector_settings_id": vectors, "value": vector},
        )


def dialogue(rng: random.Random, words: list[str], domain: str, at: int) -> dict[str, Any]:
    """The fields of a record."""

    def said(length: int) -> str:
        return " ".join(
            words[min(int(rng.paretovariate(0.7)), len(words) - 1)] for _ in range(length)
        )

    request = f"{domain} {said(30)} 明天北京的天气怎么样 order {at}"
    call = {"name": f"search_{domain}", "arguments": {"city": "Paris", "day": at}}
    messages = [{"role": "user", "content": request}]
    for turn in range(6):
        messages += [
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": f"c{turn}", "function": call}],
            },
            {"role": "tool", "tool_call_id": f"c{turn}", "content": said(20)},
            {"role": "assistant", "content": said(40)},
        ]
    return {"trajectory": {"messages": messages}, "request": request}


def figures(server: argillas.Server, dataset: argilla.Dataset) -> dict[str, Figure]:
    """Medians over HTTP, processor time of the server beside them, and memory."""
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    headers = {"X-Argilla-Api-Key": server.api_key}
    places = {"own": f"/me/datasets/{dataset.id}", "all": f"/datasets/{dataset.id}"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=1800) as client:

        def ask(place: str, body: dict[str, Any]) -> float:
            return timed(client, f"{places[place]}/records/search", body)

        vector = random.Random(1).choices((-1.0, -0.3, 0.2, 1.0), k=DIMENSIONS)
        asked = questions(vector)
        first = {f"first {name}, s": (ask(*asked[name]) / 1000,) for name in ("text", "vector")}
        found = {name: median(process, ask, *question) for name, question in asked.items()}
    after = process.memory_info().rss
    memory = {"RSS at start, MB": (before / 2**20,), "RSS at the end, MB": (after / 2**20,)}
    return {**found, **first, **memory}


def questions(vector: list[float]) -> dict[str, tuple[str, dict[str, Any]]]:
    """What is asked, by name: of one's own records or of all, and the body of the request."""
    domain = {"entity": "metadata", "metadata_property": "domain"}
    score = {"entity": "metadata", "metadata_property": "judge_score"}
    suggested = {"entity": "suggestion", "question": "verdict", "property": "score"}
    status = {"entity": "response", "property": "status"}
    math = filtered(
        {"type": "terms", "scope": domain, "values": ["math"]},
        {"type": "range", "scope": score, "ge": 0.5},
    )
    similar = {"query": {"vector": {"name": "meaning", "value": vector}}}
    pending = filtered({"type": "terms", "scope": status, "values": ["pending"]})
    return {
        "page (pending)": ("own", pending),
        "page (all)": ("all", {}),
        "page (sorted)": ("all", {"sort": [{"scope": score, "order": "desc"}]}),
        "text": ("all", {"query": {"text": {"q": "flights order"}}}),
        "text (phrase)": ("all", {"query": {"text": {"q": '"search_math arguments city"'}}}),
        "text (Chinese)": ("all", {"query": {"text": {"q": "日程 天气"}}}),
        "filtered": ("all", math),
        "filtered (suggestion)": (
            "all",
            filtered({"type": "range", "scope": suggested, "ge": 0.9}),
        ),
        "vector": ("all", similar),
        "vector and filter": ("all", {**similar, **math}),
    }


def filtered(*conditions: dict[str, Any]) -> dict[str, Any]:
    """A request with filters."""
    return {"filters": {"type": "and", "and": list(conditions)}}


def median(
    process: psutil.Process, ask: Callable[..., float], place: str, body: dict[str, Any]
) -> Figure:
    """The median of some requests, and the server's processor time for each, in milliseconds."""
    ask(place, body)
    begun = process.cpu_times()
    taken = [ask(place, body) for _ in range(ROUNDS)]
    ended = process.cpu_times()
    spent = ended.user + ended.system - begun.user - begun.system
    return statistics.median(taken), spent * 1000 / ROUNDS


def timed(client: httpx.Client, url: str, body: dict[str, Any]) -> float:
    """How long one request takes, in milliseconds."""
    begun = time.perf_counter()
    answer = client.post(url, json=body, params={"limit": 10, "include": "responses,suggestions"})
    taken = time.perf_counter() - begun
    answer.raise_for_status()
    assert answer.json()["total"]
    return taken * 1000


if __name__ == "__main__":
    main()
