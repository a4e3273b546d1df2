"""`run.json`: all that one needs to know of a run, and nothing of the machine it ran on."""

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, TypeAlias

from fc_distilabel import __version__
from fc_distilabel.prompts import prompt_hashes
from fc_distilabel.runs.funnel import Funnel
from fc_distilabel.runs.plan import Plan
from fc_distilabel.runs.settings import RunSettings, code_hash
from fc_distilabel.types import Json, Noun, content_id

Ending: TypeAlias = Literal[
    "rows reached", "documents exhausted", "budget spent", "interrupted", "terminated", "failed"
]

_LIBRARIES = ("distilabel", "pydantic", "jsonschema-rs", "faker", "openai", "xllamacpp")


class Ended(Noun):
    """How a run ended, and what it left."""

    ending: Ending
    error: str = ""
    rows: int = 0
    surplus: int = 0
    attempted: int = 0
    seconds: float = 0.0
    """Wall time of all tries."""


def make_report(
    settings: RunSettings, plan: Plan, identity: str, funnel: Funnel, ended: Ended
) -> dict[str, Json]:
    """The content of `run.json`."""
    return {
        "ended": ended.ending,
        "error": ended.error,
        "rows": ended.rows,
        "surplus": ended.surplus,
        "settings": {
            "rows": settings.rows,
            "language": settings.language,
            "kinds": settings.kinds or "default",
            "seed": settings.seed,
            "llm": settings.llm,
            "per_passage": settings.per_passage,
            "preset": settings.preset,
            "feedback": Path(settings.feedback).name,
            "tools": Path(settings.tools).name,
            "max_in_flight": settings.max_in_flight,
        },
        "documents": [{"name": name, "id": id_} for name, id_ in plan.documents],
        "passages": dict(plan.sizes),
        "notes": list(plan.notes),
        "model": public_identity(identity),
        "versions": _versions(),
        "prompts": prompt_hashes(),
        "cost": _cost(funnel, ended),
        "funnel": funnel.to_report(),
        "coverage": funnel.coverage.model_dump(mode="json"),
    }


def public_identity(identity: str) -> Json:
    """The model's identity; the address of an endpoint is some company's machine: only its hash."""
    if not identity.startswith("{"):
        return identity
    shown = json.loads(identity)
    if "base_url" in shown:
        shown["endpoint_id"] = content_id(shown.pop("base_url"))
    return shown


def _versions() -> dict[str, str]:
    found = {"fc-distilabel": __version__, "code": code_hash(), "python": platform.python_version()}
    return found | {name: _version(name) for name in _LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _cost(funnel: Funnel, ended: Ended) -> dict[str, Json]:
    kept = max(1, funnel.total.kept)
    return {
        "wall_seconds": round(ended.seconds, 1),
        "model_calls": funnel.calls,
        "tokens": funnel.tokens,
        "wall_seconds_per_kept_row": round(ended.seconds / kept, 2),
        "tokens_per_kept_row": round(funnel.tokens / kept),
    }
