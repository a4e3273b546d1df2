"""What importing a part of the package costs: modules that it brings in, seconds for the record."""

import json
import subprocess
import sys
import time

import pytest

HEAVY = {
    "argilla",
    "datasets",
    "distilabel",
    "openai",
    "pandas",
    "pyarrow",
    "torch",
    "transformers",
}
LIBRARIES = HEAVY | {"docutils", "faker", "httpx", "jinja2", "jsonschema_rs", "lxml", "pydantic"}
CHILD = """
import json, sys, time
start = time.perf_counter()
import {module}
seconds = time.perf_counter() - start
names = sorted({{name.partition(".")[0] for name in sys.modules}})
print(json.dumps({{"names": names, "seconds": seconds}}))
"""


def imported_by(module: str) -> set[str]:
    """The top-level modules that are there after the import, in an interpreter of its own."""
    program = [sys.executable, "-c", CHILD.format(module=module)]
    start = time.perf_counter()
    answer = json.loads(subprocess.run(program, capture_output=True, check=True, text=True).stdout)
    whole = time.perf_counter() - start
    print(f"import {module}: {answer['seconds']:.3f} s, interpreter included {whole:.3f} s")
    return set(answer["names"])


def test_the_package_itself_imports_nothing() -> None:
    """`import fc_distilabel` costs no library at all."""
    assert not imported_by("fc_distilabel") & LIBRARIES


@pytest.mark.parametrize(
    "module",
    [
        "calls",
        "documents",
        "exporters.trl",
        "prompts",
        "runs.store",
        "schemas",
        "synthesis.dialogue",
        "testing",
        "types",
        "verifiers",
    ],
)
def test_the_core_is_cheap(module: str) -> None:
    """The core runs without distilabel, without a client and without a data frame in memory."""
    assert not imported_by(f"fc_distilabel.{module}") & HEAVY


def test_the_command_answers_before_distilabel_is_imported() -> None:
    """A mistyped command or `--help` does not wait for distilabel."""
    assert not imported_by("fc_distilabel.cli") & HEAVY


def test_the_server_process_is_small() -> None:
    """The process that holds the embedded model does without everything else that is large."""
    assert not imported_by("fc_distilabel.llms.embedded_server") & HEAVY
