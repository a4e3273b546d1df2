"""`fc-distilabel doctor`: what is there, what is missing, and nobody asked who was not named."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from commands import ROOT, Command

SECRET = "sk-very-secret"


@contextmanager
def server(answers: dict[str, int], key: str = SECRET) -> Iterator[tuple[str, list[str]]]:
    """A server that gives each path its status to those with the key; and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            basic = base64.b64encode(f"user:{key}".encode()).decode()
            allowed = {f"Bearer {key}", f"Basic {basic}", key}
            told = {self.headers.get("Authorization"), self.headers.get("X-Argilla-Api-Key")}
            guarded = self.path.endswith(("/models", "/me"))
            refused = guarded and not allowed & told
            self.send_response(401 if refused else answers.get(self.path, 404))
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}", asked
        made.shutdown()


def doctor(tmp_path: Path, **environment: str) -> tuple[int, dict[str, dict[str, str]], str]:
    """Exit status, findings by name, and all that was printed; there are no weights."""
    variables = {
        "FC_DISTILABEL_MODEL": str(tmp_path / "none.gguf"),
        "ARGILLA_API_URL": "",
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    } | environment
    done = Command(("doctor", "--json"), variables).run()
    told = json.loads(done.stdout)
    assert told["works"] == (done.returncode == 0)
    found = {finding["what"]: finding for finding in told["findings"]}
    return done.returncode, found, done.stdout + done.stderr


def test_without_any_model_nothing_can_run(tmp_path: Path) -> None:
    """Exit status 1, and each thing that is missing says what to do."""
    status, found, _ = doctor(tmp_path)
    assert status == 1
    assert found["model weights"]["state"] == "problem"
    assert "none.gguf" in found["model weights"]["said"]
    assert found["endpoint"]["state"] == "missing"
    assert "OPENAI_BASE_URL" in found["endpoint"]["todo"]
    assert found["Argilla"]["state"] == "missing"
    assert all(one["todo"] for one in found.values() if one["state"] != "ok")
    assert found["packages"]["state"] == found["disk"]["state"] == "ok"


def test_weights_of_ones_own_will_do(tmp_path: Path) -> None:
    """With the engine there, a GGUF file is a model; it is not read any further."""
    pytest.importorskip("xllamacpp", reason="the extra `local` is not installed")
    weights = tmp_path / "own.gguf"
    weights.write_bytes(b"GGUF")
    status, found, _ = doctor(tmp_path, FC_DISTILABEL_MODEL=str(weights))
    assert (status, found["model weights"]["state"]) == (0, "ok")


@pytest.mark.parametrize("listed", [200, 404])
def test_an_endpoint_will_do(tmp_path: Path, listed: int) -> None:
    """Also one that does not list its models; asked once, and no completion is paid for."""
    with server({"/v1/models": listed}) as (url, asked):
        told = url.replace("//", f"//user:{SECRET}@") + "/v1/"
        status, found, printed = doctor(tmp_path, OPENAI_BASE_URL=told, OPENAI_API_KEY=SECRET)
    assert (status, found["endpoint"]["state"]) == (0, "ok")
    assert asked == ["/v1/models"]
    assert SECRET not in printed


def test_a_refused_key_is_a_problem_and_stays_secret(tmp_path: Path) -> None:
    """What is printed names the variable and not what it holds."""
    with server({"/v1/models": 200}, key="another") as (url, _):
        variables = {"OPENAI_BASE_URL": f"{url}/v1", "OPENAI_API_KEY": SECRET}
        status, found, printed = doctor(tmp_path, **variables)
    assert (status, found["endpoint"]["state"]) == (1, "problem")
    assert "401" in found["endpoint"]["said"] and "OPENAI_API_KEY" in found["endpoint"]["todo"]
    assert SECRET not in printed


@pytest.mark.parametrize(
    "url", [f"http://u:{SECRET}@127.0.0.1:9/v1", f"no url {SECRET}", f"http://[{SECRET}"]
)
def test_an_endpoint_that_is_not_there(tmp_path: Path, url: str) -> None:
    """A dead or impossible address is a problem, and is not repeated: it may hold a password."""
    status, found, printed = doctor(tmp_path, OPENAI_BASE_URL=url)
    assert (status, found["endpoint"]["state"]) == (1, "problem")
    assert SECRET not in printed


def test_argilla_with_its_key(tmp_path: Path) -> None:
    """Version and user are asked for; a wrong key, or none at home, hinders no run."""
    answers = {"/api/v1/version": 200, "/api/v1/me": 200, "/v1/models": 200}
    with server(answers) as (url, asked):
        variables = {"ARGILLA_API_URL": url, "OPENAI_BASE_URL": f"{url}/v1"}
        variables |= {"OPENAI_API_KEY": SECRET}
        good = doctor(tmp_path, ARGILLA_API_KEY=SECRET, **variables)
        bad = doctor(tmp_path, ARGILLA_API_KEY="wrong", **variables)
    assert good[1]["Argilla"]["state"] == "ok" and "/api/v1/me" in asked
    assert bad[1]["Argilla"]["state"] == "problem"
    assert "ARGILLA_API_KEY" in bad[1]["Argilla"]["todo"]
    assert good[0] == bad[0] == 0
    assert SECRET not in good[2]


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("x")
    done = Command(("doctor", "--home", str(tmp_path / "file" / "home"))).run()
    [line] = [line for line in done.stdout.splitlines() if "Argilla's home" in line]
    assert "cannot be written" in line and line.startswith("!!")


def test_requirements_that_are_not_met_are_named(tmp_path: Path) -> None:
    """Of the installed package: what is missing, what has the wrong version, and no extra's."""
    info = tmp_path / "site/fc_distilabel-0.1.0.dist-info"
    info.mkdir(parents=True)
    wanted = ("pydantic<2", "no-such-thing>=1", "pytest>=1", 'not-this; extra == "local"')
    lines = ["Metadata-Version: 2.1", "Name: fc-distilabel", "Version: 0.1.0"]
    lines += [f"Requires-Dist: {each}" for each in wanted]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    paths = [str(info.parent), str(ROOT / "src"), str(ROOT / "tests")]
    status, found, _ = doctor(tmp_path, PYTHONPATH=os.pathsep.join(paths))
    assert (status, found["packages"]["state"]) == (1, "problem")
    told = found["packages"]["said"]
    assert "no-such-thing (not installed)" in told and "but <2 is needed)" in told
    assert "pytest" not in told and "not-this" not in told


def test_people_get_lines(tmp_path: Path) -> None:
    """What is missing is followed by what to do."""
    environment = {"FC_DISTILABEL_MODEL": str(tmp_path / "none.gguf"), "ARGILLA_API_URL": ""}
    done = Command(("doctor",), environment).run()
    assert done.returncode == 1
    assert "-> set OPENAI_BASE_URL and OPENAI_API_KEY" in done.stdout
    assert done.stdout.endswith("\nsynthesize cannot run\n")
