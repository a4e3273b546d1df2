"""The embedded model as a process of its own: one copy of the weights for all on this machine.

llama.cpp runs in a child process, because distilabel's steps are processes too and each would load
its own gigabyte, and because a crash in native code must not take the run with it. The child lives
exactly as long as its parent: its standard input is a pipe from the parent, and on POSIX it also
watches the parent's id, since processes forked by the parent may hold that pipe open after the
parent is gone.

Run as `python -m fc_distilabel.llms.embedded_server` this module is the child; `EmbeddedServer` is
the parent's side.
"""

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import IO, Any

from typing_extensions import Self

from fc_distilabel.errors import ModelFileError
from fc_distilabel.llms.model_files import INSTALL, find_model, model_fingerprint
from fc_distilabel.llms.server_address import KEY_VARIABLE, ServerAddress, default_threads
from fc_distilabel.types import canonical_json

MODEL_ALIAS = "embedded"
DEFAULT_CONTEXT = 4096
START_SECONDS = 120.0
STOP_SECONDS = 10.0
PARENT_POLL_SECONDS = 1.0


class EmbeddedServer:
    """A context manager around the child process that serves the model on loopback."""

    def __init__(self, model: str = "", threads: int = 0, context: int = DEFAULT_CONTEXT) -> None:
        """Set up without starting.

        Args:
            model: Path of a GGUF file; empty for the default (see `find_model`).
            threads: CPU threads; 0 for `default_threads()`.
            context: Tokens that prompt and reply may have together.
        """
        self._model = model
        self._threads = threads or default_threads()
        self._context = context
        self._process: subprocess.Popen[bytes] | None = None
        self._address: ServerAddress | None = None

    @cached_property
    def identity(self) -> str:
        """Names all that decides the replies: weights, threads, context and runtime."""
        try:
            runtime = f"xllamacpp {version('xllamacpp')}"
        except PackageNotFoundError:
            raise ModelFileError(f"the embedded model needs xllamacpp: {INSTALL}") from None
        settings = {
            "class": "EmbeddedLLM",
            "context": self._context,
            "runtime": runtime,
            "sha256": model_fingerprint(find_model(self._model)),
            "threads": self._threads,
        }
        return canonical_json(settings)

    @property
    def address(self) -> ServerAddress:
        """Where the running server is; a `RuntimeError` before `start`."""
        if self._address is None:
            raise RuntimeError("the embedded server is not running: call start() first")
        return self._address

    @property
    def base_url(self) -> str:
        """Base URL of the OpenAI-compatible API."""
        return self.address.base_url

    @property
    def api_key(self) -> str:
        """The random key that this server asks for."""
        return self.address.api_key

    def environment(self) -> dict[str, str]:
        """The variables by which the `EmbeddedLLM`s of other processes attach to this server."""
        return self.address.environment()

    def start(self) -> Self:
        """Start the child and wait until it answers.

        Raises:
            ModelFileError: the weights cannot be found or loaded.
        """
        identity, key = self.identity, secrets.token_urlsafe(32)
        # A file, not a pipe: nobody has to drain it for as long as the server runs.
        with tempfile.TemporaryFile() as errors:
            self._process = _spawn(self._command(), key, errors)
            ready = _first_line(self._process)
            if not ready:
                self.stop()
                raise ModelFileError(self._why_not(_complaint(errors)))
        url = json.loads(ready)["base_url"]
        self._address = ServerAddress(base_url=url, api_key=key, identity=identity)
        return self

    def stop(self) -> None:
        """End the child, if there is one, and wait for it."""
        process, self._process, self._address = self._process, None, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def _command(self) -> list[str]:
        options = {
            "--model": find_model(self._model),
            "--threads": self._threads,
            "--context": self._context,
            # On Windows a launcher may stand between parent and child, so the id means nothing.
            "--parent": os.getpid() if os.name == "posix" else 0,
        }
        module = "fc_distilabel.llms.embedded_server"
        return [
            *(sys.executable, "-m", module),
            *(str(word) for pair in options.items() for word in pair),
        ]

    def _why_not(self, complaint: str) -> str:
        reason = complaint or f"no sign of life within {START_SECONDS:g} s"
        return f"the embedded model {find_model(self._model)} did not start: {reason}"


def _spawn(command: list[str], key: str, errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    # The key travels by environment: a command line can be read by every user of the machine.
    # PYTHONSAFEPATH: `-m` would otherwise import modules that lie in the working directory.
    environment = {**os.environ, KEY_VARIABLE: key, "PYTHONSAFEPATH": "1"}
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=environment,
    )


def _first_line(process: "subprocess.Popen[bytes]") -> bytes:
    """The child's ready line, or nothing when it died or had to be killed for its silence."""
    assert process.stdout is not None  # it is a pipe
    timer = threading.Timer(START_SECONDS, process.kill)
    timer.start()
    try:
        return process.stdout.readline()
    finally:
        timer.cancel()


def _complaint(errors: IO[bytes]) -> str:
    """llama.cpp's first error, which is the cause of those after it; else the last line."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").split("\n")
    logged = [line.split(" E ", 1)[1] for line in lines if " E " in line]
    return (logged or [line.strip() for line in lines if line.strip()][-1:] or [""])[0].strip()


def main() -> None:
    """The child: serve until the parent is gone."""
    # Ctrl-C reaches the whole process group; when to stop is the parent's decision.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    options = _options()
    # Native code may print to standard output, which is the parent's: keep that for one line.
    ready = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    threading.Thread(target=_leave_at_end_of_input, daemon=True).start()
    if options.parent:
        threading.Thread(target=_leave_with, args=(options.parent,), daemon=True).start()
    server = _serve(options)
    with ready:
        ready.write(json.dumps({"base_url": f"{server.listening_address}/v1"}) + "\n")
    threading.Event().wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fc_distilabel.llms.embedded_server")
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--parent", type=int, default=0)
    return parser.parse_args()


def _leave_at_end_of_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    os._exit(0)


def _serve(options: argparse.Namespace) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        sys.exit(f"xllamacpp cannot be imported ({error}): {INSTALL}")
    params = xllamacpp.CommonParams()
    params.model.path = options.model
    params.model_alias = {MODEL_ALIAS}
    params.n_ctx = options.context
    params.n_parallel = 1
    params.n_gpu_layers = 0
    # A prompt cache makes replies depend on what was asked before; equal seeds must agree.
    params.cache_prompt = False
    params.cache_ram_mib = 0
    for pool in (params.cpuparams, params.cpuparams_batch):
        pool.n_threads = options.threads
        # Spinning while idle gains nothing here and starves everybody else on a busy machine.
        pool.poll = 0
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [os.environ[KEY_VARIABLE]]
    params.ui = False
    params.endpoint_slots = False
    params.warmup = False
    params.verbosity = 1
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        sys.exit(f"llama.cpp: {error}")


if __name__ == "__main__":
    main()
