"""What a run was asked to do, and which of it must stay the same for the run to go on.

`rows`, the pace (`max_in_flight`, `stall_seconds`) and the budget may change between two tries of a
run: which rows come out, and in which order, does not hang on them. Everything else does decide the
rows, so a directory that was filled under other settings is not touched (see `changes`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from fc_distilabel import __version__
from fc_distilabel.errors import InputError
from fc_distilabel.prompts import prompt_hashes
from fc_distilabel.runs.budget import Budget, prices_of
from fc_distilabel.types import Json, canonical_json

LanguageChoice = Literal["auto", "en", "zh"]

PASSAGES_PER_SLOT = 2
"""Passages in a batch for each request in flight: enough to keep a window of requests full."""
EXPECTED_YIELD = 0.6
"""Share of attempted rows that is expected to be kept, before anything is known."""


class RunSettings(BaseModel):
    """The options of one `synthesize`; what crosses to the worker process as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: tuple[str, ...] = ()
    tools: str = ""
    """A file of the user's own APIs, in the place of documents."""
    rows: int = Field(default=30, ge=1)
    language: LanguageChoice = "auto"
    kinds: str = ""
    """`single,parallel` or `single=3,parallel=1`; empty for the default mix."""
    seed: int = 0
    llm: str = "local"
    """`local`, `openai:MODEL` or `scripted:module:function`."""
    assistant_llm: str = ""
    """Who plays the assistant, named as `llm`; empty for the same model."""
    judge_llm: str = ""
    """Who scores the turns; empty for nobody, `same` for the model of `llm`."""
    min_score: int = Field(default=0, ge=0, le=5)
    """The least score that a row is kept with; 0 keeps all."""
    candidates: int = Field(default=1, ge=1, le=16)
    """How often the assistant's turn is sampled where something is to be decided."""
    native_tools: bool = False
    """Whether endpoints take tools, and call them, through their API."""
    model: str = ""
    """A GGUF file for `local`; empty for the default one."""
    base_url: str = ""
    """The endpoint of `openai:`; empty for `OPENAI_BASE_URL` or OpenAI's own."""
    per_passage: int = Field(default=3, ge=1, le=16)
    feedback: str = ""
    """Folder that a pull from Argilla wrote, whose lessons the run takes; empty for none."""
    preset: int = Field(default=0, ge=0, le=5)
    """How complex tools are made, 1 to 5; 0 leaves them as flat as the model words them."""
    max_in_flight: int = Field(default=32, ge=1, le=1024)
    stall_seconds: float = Field(default=900.0, gt=0)
    max_tokens: int | None = Field(default=None, ge=1)
    """Tokens that the run may spend, all its tries together; None for any number."""
    max_cost: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """Dollars that it may spend; needs both prices."""
    price_in: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Dollars for a million tokens of prompts, whatever model reads them."""
    price_out: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Dollars for a million tokens of completions."""

    @property
    def llms(self) -> dict[str, str]:
        """The model of each part: `llm`, `assistant`, and `judge` where there is one."""
        parts = {"llm": self.llm, "assistant": self.assistant_llm or self.llm}
        judge = self.llm if self.judge_llm == "same" else self.judge_llm
        return parts | ({"judge": judge} if judge else {})

    @property
    def budget(self) -> Budget:
        """What the run may spend.

        Raises `InputError` for a limit of dollars or a price that lacks another price.
        """
        prices = prices_of(self.price_in, self.price_out)
        if self.max_cost is not None and prices is None:
            raise InputError(
                f"--max-cost {self.max_cost:g} needs --price-in and --price-out: dollars for a "
                "million tokens of prompts and of completions"
            )
        return Budget(max_tokens=self.max_tokens, max_cost=self.max_cost, prices=prices)

    @property
    def batch_size(self) -> int:
        """Passages that go through the steps together.

        The embedded model answers one request at a time, so nothing is gained by a larger batch,
        and small ones bring the first rows early and start no row too many.
        """
        if "local" in self.llms.values():
            return 1
        wanted = ceil(self.rows / (self.per_passage * EXPECTED_YIELD)) + 1
        return min(wanted, PASSAGES_PER_SLOT * self.max_in_flight)


def deciding(
    settings: RunSettings, model: str, documents: Sequence[tuple[str, str]], feedback: str = ""
) -> dict[str, Json]:
    """All that decides which rows come out.

    Args:
        settings: The run's options.
        model: The model's identity, as JSON text or plain.
        documents: Name and content id of each document.
        feedback: Identity of the feedback that it takes in.
    """
    return {
        "seed": settings.seed,
        "language": settings.language,
        "kinds": settings.kinds,
        "per passage": settings.per_passage,
        "preset": settings.preset,
        "candidates": settings.candidates,
        "min score": settings.min_score,
        "native tools": settings.native_tools,
        "model": _parsed(model),
        "feedback": feedback,
        "documents": {f"{name} {id_}": "read" for name, id_ in documents},
        "prompts": prompt_hashes(),
        "version": {"fc-distilabel": __version__, "code": code_hash()},
    }


def _parsed(model: str) -> Json:
    return json.loads(model) if model.startswith("{") else model


def changes(before: Mapping[str, Json], now: Mapping[str, Json]) -> list[str]:
    """Each setting that differs, as `seed was 0 and is now 1`."""
    old, new = dict(_leaves(before)), dict(_leaves(now))
    return [
        f"{name} was {_shown(old.get(name))} and is now {_shown(new.get(name))}"
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]


def _leaves(value: Mapping[str, Json], prefix: str = "") -> list[tuple[str, Json]]:
    found: list[tuple[str, Json]] = []
    for key, inner in value.items():
        name = f"{prefix} {key}".strip()
        found += _leaves(inner, name) if isinstance(inner, Mapping) else [(name, inner)]
    return found


def _shown(value: Json) -> str:
    return "not there" if value is None else canonical_json(value)


DECIDING_PACKAGES = ("apis", "calls", "documents", "schemas", "synthesis", "verifiers")
DECIDING_MODULES = (
    "runs/coverage.py",
    "runs/near_duplicates.py",
    "steps/blueprint_planner.py",
    "steps/run_sink.py",
)
"""What decides rows outside of these packages."""


@cache
def code_hash() -> str:
    """A short hash of the code and data that make rows: an edited source is another version."""
    root = Path(__file__).parents[1]
    found = (
        path.relative_to(root).as_posix()
        for package in DECIDING_PACKAGES
        for path in (root / package).rglob("*")
        if path.suffix in (".py", ".json")
    )
    sources = sorted([*found, *DECIDING_MODULES])
    digest = hashlib.sha256()
    for name in sources:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes())
    return digest.hexdigest()[:12]
