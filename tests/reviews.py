"""Rows to review, and people who answer on a real Argilla."""

import atexit
import io
import json
import logging
import os
import tempfile
import uuid
from contextlib import redirect_stderr
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import httpx

import argillas
from commands import Command
from fc_distilabel.cli import main
from fc_distilabel.runs.rows import full_row, row_line
from fc_distilabel.types import LANGUAGES, Candidate, Judgement, ToolCall, Trajectory
from fc_distilabel.verifiers import verify
from hotel_talks import SCRIPTS, hotel_talk

Row = dict[str, Any]


def row(name: str = "single", language: str = "en", id_: str = "", score: int = 4) -> Row:
    """A sound row of that name, with one wrong candidate and a judge's opinion."""
    talk = hotel_talk(name, language)
    assert talk.blueprint is not None
    id_ = id_ or f"{name}-{language}"
    blueprint = talk.blueprint.model_copy(update={"id": id_})
    talk = talk.model_copy(update={"blueprint": blueprint, "candidates": (_wrong(talk),)})
    return full_row(talk, verify(talk), _judgement(talk, score))


def _wrong(talk: Trajectory) -> Candidate:
    """A call with a value nobody said; where nothing is called, a call that nobody needs."""
    made = [(at, m.tool_calls[0]) for at, m in enumerate(talk.messages) if m.tool_calls]
    if not made:
        call = ToolCall(name=talk.tools[0].name, arguments={})
        at = len(talk.messages) - 1
        return Candidate(at=at, text="[]", calls=(call,), error_class="unneeded call")
    at, right = made[0]
    name = next(iter(right.arguments))
    arguments = {**right.arguments, name: "2031-01-01" if "date" in name else "Atlantis"}
    call = ToolCall(name=right.name, arguments=arguments)
    return Candidate(at=at, text="...", calls=(call,), error_class="wrong value")


def _judgement(talk: Trajectory, score: int) -> Judgement:
    spoken = [at for at, m in enumerate(talk.messages) if m.role == "assistant" and m.content]
    turns = [{"at": at, "scores": {"naturalness": score}, "reason": "so"} for at in spoken]
    return Judgement.model_validate({"judge": "m:judge", "turns": turns, "approved": score > 2})


def rows(count: int) -> list[Row]:
    """Rows of all kinds in both languages, in order; each with an id of its own."""
    kinds = cycle((name, language) for name in SCRIPTS for language in LANGUAGES)
    return [
        row(name, language, f"{number:04}-{name}-{language}", score=1 + number % 5)
        for number, (name, language) in enumerate(islice(kinds, count))
    ]


def run_folder(folder: Path, made: list[Row]) -> Path:
    """A folder as a run leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{row_line(each)}\n" for each in made)
    (folder / "rows.jsonl").write_text(text, encoding="utf-8")
    return folder


class Person:
    """Somebody with an account, who answers by REST as the web page does."""

    def __init__(self, url: str, key: str) -> None:
        self.key = key
        self.http = httpx.Client(
            base_url=f"{url}/api/v1/", headers={"X-Argilla-Api-Key": key}, timeout=60
        )
        self.me = self.ask("GET", "me")

    def ask(self, method: str, path: str, **request: Any) -> Any:
        response = self.http.request(method, path, **request)
        assert response.is_success, (method, path, response.status_code, response.text)
        return response.json() if response.content else None

    def dataset(self, name: str) -> str:
        items = self.ask("GET", "me/datasets")["items"]
        return next(str(each["id"]) for each in items if each["name"] == name)

    def records(self, dataset: str) -> dict[str, dict[str, Any]]:
        """All records by the id of their row; for owners."""
        found: dict[str, dict[str, Any]] = {}
        path = f"datasets/{self.dataset(dataset)}/records?include=responses,suggestions&limit=1000"
        for record in self.ask("GET", path)["items"]:
            found[json.loads(record["fields"]["trajectory"]["source"])["row"]["id"]] = record
        return found

    def answer(self, record: dict[str, Any], status: str = "submitted", **values: Any) -> None:
        told = {name: {"value": value} for name, value in values.items()} or None
        item = {"record_id": record["id"], "status": status, "values": told}
        done = self.ask("POST", "me/responses/bulk", json={"items": [item]})
        assert done["items"][0]["error"] is None, done

    def hire(self, workspace: str = "argilla", role: str = "annotator") -> "Person":
        """Another person, of a workspace; for owners."""
        name = f"p{uuid.uuid4().hex[:8]}"
        user = {"username": name, "first_name": name, "role": role, "password": "a long password"}
        made = self.ask("POST", "users", json=user)
        places = {p["name"]: p["id"] for p in self.ask("GET", "me/workspaces")["items"]}
        self.ask("POST", f"workspaces/{places[workspace]}/users", json={"user_id": made["id"]})
        return Person(str(self.http.base_url).removesuffix("/api/v1/"), made["api_key"])


@cache
def server() -> argillas.Server:
    """One server for all tests of a process, which ends with it."""
    home = tempfile.TemporaryDirectory()
    started = argillas.start(Path(home.name, "home"))
    atexit.register(home.cleanup)
    atexit.register(started.stop)
    return started


@cache
def owner() -> Person:
    """The owner of the server."""
    return Person(server().url, server().api_key)


class Said(NamedTuple):
    """What a command said, run in this process."""

    returncode: int
    stderr: str


def run(*words: object, key: str | None = None, url: str | None = None) -> Said:
    """Run `fc-distilabel argilla ...` against the server, without another process."""
    environment = {
        "ARGILLA_API_URL": server().url if url is None else url,
        "ARGILLA_API_KEY": server().api_key if key is None else key,
        "COLUMNS": "200",
    }
    stderr = io.StringIO()
    # Argilla's client logs, and handlers of tests before may write to what is closed by now.
    quiet = patch.object(logging.getLogger(), "handlers", [])
    with patch.dict(os.environ, environment), quiet, redirect_stderr(stderr):
        try:
            status = main(["argilla", *map(str, words)])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
    return Said(status, stderr.getvalue())


def argilla(*words: object, key: str = "") -> Command:
    """`fc-distilabel argilla ...` against the server."""
    environment = {"ARGILLA_API_URL": server().url, "ARGILLA_API_KEY": key or server().api_key}
    return Command(("argilla", *map(str, words)), {**environment, "COLUMNS": "200"})
