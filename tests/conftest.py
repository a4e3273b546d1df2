"""What all tests share."""

import json
from pathlib import Path
from typing import Any

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of several processes, one takes a whole file; and one alone all that asks the real model."""
    for item in items:
        group = "model" if item.get_closest_marker("model") else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """distilabel writes a cache wherever a pipeline is made: not into the user's home."""
    folder = tmp_path_factory.getbasetemp() / "distilabel"
    monkeypatch.setenv("DISTILABEL_CACHE_DIR", str(folder))


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
