"""What all tests share."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling


class ByFile(LoadScopeScheduling):
    """Of several processes one takes a whole file, and one alone all that asks the real model."""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.partition("::")[0]
        return "model" if name in _asking_the_model() else name


@cache
def _asking_the_model() -> set[str]:
    """The files with tests that are marked so; markers are not known where tests are handed out."""
    root = Path(__file__).parents[1]
    files = (root / "tests").rglob("test_*.py")
    marked = (f for f in files if "@pytest.mark.model" in f.read_text(encoding="utf-8"))
    return {file.relative_to(root).as_posix() for file in marked}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How the tests are shared out."""
    return ByFile(config, log)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """distilabel writes a cache wherever a pipeline is made: not into the user's home."""
    folder = tmp_path_factory.getbasetemp() / "distilabel"
    monkeypatch.setenv("DISTILABEL_CACHE_DIR", str(folder))


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
