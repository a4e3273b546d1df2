"""What the tests of APIs share."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fc_distilabel.types import Tool

REAL = Path(__file__).parents[3] / "shared/data/validation"


@pytest.fixture
def real_tools() -> Callable[..., list[Tool]]:
    """The distinct tools of a real set, by its name and the beginning of a category."""

    def read(name: str, category: str = "") -> list[Tool]:
        path = REAL / f"{name}.jsonl.gz"
        if not path.is_file():
            pytest.skip(f"{path.name} is not there")
        found: dict[str, Tool] = {}
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                for entry in row["tools"] if row["category"].startswith(category) else ():
                    told = entry["function"]
                    found.setdefault(
                        json.dumps(entry, sort_keys=True),
                        Tool(
                            name=told["name"],
                            description=told.get("description") or "",
                            parameters=told.get("parameters") or {},
                        ),
                    )
        return list(found.values())

    return read
