"""A server, or a proxy before it, that refuses batches or fails for a moment."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import reviews
from fc_distilabel.errors import RunError
from fc_distilabel.feedback.datasets import Dataset
from fc_distilabel.feedback.push import FIRST, push_rows
from fc_distilabel.feedback.review.names import QUESTIONS
from fc_distilabel.feedback.server import open_server

DATASET = Dataset("d", "rows", "argilla", {name: name for name in QUESTIONS})


class Front(BaseHTTPRequestHandler):
    """Takes records as Argilla does, once each; `most` bytes at a time, `bad` ones never."""

    def do_GET(self):
        self._answer(200, {"version": "2.8.0", "username": "u", "role": "owner"})

    def do_POST(self):
        state = self.server.state
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ids = [item["external_id"] for item in json.loads(body)["items"]]
        state["requests"] += 1
        if state["failing"] > 0:
            state["failing"] -= 1
            if state["failing"] % 2:
                state["taken"] += ids  # taken, and the answer is lost
            self._answer(503, {"detail": "busy"})
        elif len(body) > state["most"]:
            self._answer(413, {})
        elif there := sorted(set(ids) & set(state["taken"])):
            told = f"found records with same external ids: {', '.join(there)}"
            self._answer(422, {"detail": told})
        elif state["bad"] & set(ids) or state["bad"] == {"all"}:
            self._answer(422, {"detail": "Record at position 0 is not valid because it is bad"})
        else:
            state["taken"] += ids
            self._answer(201, {"items": []})

    def _answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def front():
    """The server, with what it takes and has taken as `state`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    server.state = {"taken": [], "bad": set(), "most": 10**9, "failing": 0, "requests": 0}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def push(front, rows):
    with open_server(f"http://127.0.0.1:{front.server_port}", "k") as argilla:
        return push_rows(argilla, DATASET, rows, vectors=False)


def test_a_batch_that_is_too_large_goes_in_parts(front):
    """A proxy's limit is found by halving; what is too large alone is left out and named."""
    rows = reviews.rows(30)
    rows[20]["messages"][1]["content"] = "x" * 200_000
    front.state["most"] = 100_000
    done = push(front, rows)
    assert (done.added, [left.row for left in done.left_out]) == (29, [rows[20]["id"]])
    assert len(set(front.state["taken"])) == len(front.state["taken"]) == 29


def test_a_bad_record_is_found_and_the_others_go(front):
    """The server says why; nothing else of the batch is lost."""
    rows = reviews.rows(40)
    push(front, rows[25:26])
    front.state["bad"] = set(front.state["taken"])
    front.state["taken"].clear()
    done = push(front, rows)
    [left] = done.left_out
    assert (done.added, left.row) == (39, rows[25]["id"]) and "it is bad" in left.why


def test_where_nothing_is_taken_it_ends_soon(front):
    """A dataset that takes no record is told after the first few, with the server's reason."""
    front.state["bad"] = {"all"}
    with pytest.raises(RunError, match=r"takes no record.*it is bad"):
        push(front, reviews.rows(60))
    assert front.state["requests"] < 2 * FIRST


def test_what_fails_for_a_moment_is_tried_again(front):
    """An answer that was lost after the records were taken doubles nothing."""
    front.state["failing"] = 2
    done = push(front, reviews.rows(20))
    assert done.added + done.there == 20 and done.left_out == ()
    assert len(set(front.state["taken"])) == len(front.state["taken"]) == 20
