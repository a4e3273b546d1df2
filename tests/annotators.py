"""People who answer over the REST API, many at once, and what the server kept of their answers."""

import asyncio
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx

from argillas import Server

API = "/api/v1"


@dataclass(frozen=True)
class Annotator:
    """A user of the server, with a key."""

    username: str
    api_key: str


@dataclass(frozen=True)
class Answer:
    """A submission that the server acknowledged."""

    record: str
    username: str
    comment: str


def client(server: Server, api_key: str = "") -> httpx.Client:
    """A client of the server, as its owner unless another key is given."""
    headers = {"X-Argilla-Api-Key": api_key or server.api_key}
    return httpx.Client(base_url=server.url + API, headers=headers, timeout=60)


def make_dataset(server: Server, name: str, records: int) -> tuple[str, list[str]]:
    """A published dataset with a text field and a text question; its id and its records' ids."""
    with client(server) as http:
        workspace = _made(http.get("/me/workspaces"))["items"][0]["id"]
        dataset = _made(http.post("/datasets", json={"name": name, "workspace_id": workspace}))[
            "id"
        ]
        text = {"name": "text", "title": "text", "required": True, "settings": {"type": "text"}}
        _made(http.post(f"/datasets/{dataset}/fields", json=text))
        comment = {"name": "comment", "title": "comment", "required": True}
        comment["settings"] = {"type": "text"}
        _made(http.post(f"/datasets/{dataset}/questions", json=comment))
        _made(http.put(f"/datasets/{dataset}/publish"))
        items = [{"fields": {"text": f"record {n}"}, "external_id": str(n)} for n in range(records)]
        made = _made(http.post(f"/datasets/{dataset}/records/bulk", json={"items": items}))
    return dataset, [item["id"] for item in made["items"]]


def make_annotators(server: Server, count: int, called: str = "annotator") -> list[Annotator]:
    """New users in the workspace."""
    with client(server) as http:
        workspace = _made(http.get("/me/workspaces"))["items"][0]["id"]
        made = []
        for number in range(count):
            name = f"{called}-{number}"
            body = {
                "username": name,
                "first_name": name,
                "password": "long enough",
                "role": "annotator",
            }
            user = _made(http.post("/users", json=body))
            _made(http.post(f"/workspaces/{workspace}/users", json={"user_id": user["id"]}))
            made.append(Annotator(name, user["api_key"]))
    return made


def _made(response: httpx.Response) -> dict:
    assert response.is_success, response.text
    return response.json() if response.content else {}


async def annotate(
    server: Server,
    annotators: Sequence[Annotator],
    records: Sequence[str],
    answers: list[Answer] | None = None,
) -> tuple[list[Answer], list[str]]:
    """Every annotator answers every record, all at once; what was acknowledged, and what was not.

    A list that is given takes each answer as it is acknowledged.
    """
    answers = [] if answers is None else answers
    troubles: list[str] = []
    await asyncio.gather(
        *(_answer_all(server, each, records, answers, troubles) for each in annotators)
    )
    return answers, troubles


async def _answer_all(
    server: Server,
    annotator: Annotator,
    records: Sequence[str],
    answers: list[Answer],
    troubles: list[str],
) -> None:
    order = random.Random(annotator.username).sample(list(records), len(records))
    headers = {"X-Argilla-Api-Key": annotator.api_key}
    async with httpx.AsyncClient(base_url=server.url + API, headers=headers, timeout=60) as http:
        for record in order:
            answer = Answer(record, annotator.username, f"{annotator.username} on {record}")
            body = {"values": {"comment": {"value": answer.comment}}, "status": "submitted"}
            try:
                response = await http.post(f"/records/{record}/responses", json=body)
            except httpx.TransportError as error:
                troubles.append(repr(error))
                return
            if response.is_success:
                answers.append(answer)
            else:
                troubles.append(response.text)


def kept_answers(server: Server, dataset: str) -> set[Answer]:
    """The submissions that the server has."""
    kept = set()
    with client(server) as http:
        names = {user["id"]: user["username"] for user in _made(http.get("/users"))["items"]}
        offset, total = 0, 1
        while offset < total:
            page = {"include": "responses", "offset": offset, "limit": 500}
            found = _made(http.get(f"/datasets/{dataset}/records", params=page))
            total, offset = found["total"], offset + 500
            kept |= {
                Answer(item["id"], names[each["user_id"]], each["values"]["comment"]["value"])
                for item in found["items"]
                for each in item["responses"]
            }
    return kept


@contextmanager
def deliveries(server: Server, event: str) -> Iterator[list[str]]:
    """What a webhook of the server delivers, as it comes."""
    receiver = HTTPServer(("127.0.0.1", 0), _Receiver)
    receiver.got = []
    threading.Thread(target=receiver.serve_forever).start()
    with client(server) as http:
        asked = {"url": f"http://127.0.0.1:{receiver.server_port}/", "events": [event]}
        made = _made(http.post("/webhooks", json={**asked, "description": "test"}))
        try:
            yield receiver.got
        finally:
            _made(http.delete(f"/webhooks/{made['id']}"))
            receiver.shutdown()
            receiver.server_close()


class _Receiver(BaseHTTPRequestHandler):
    """Keeps what is delivered."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(body.decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        return
