"""What became of the attempted rows: out of `run.json`, else out of the drops beside the rows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from fc_distilabel.report.figures import Stage, Yield
from fc_distilabel.report.reading import Line, lines_of
from fc_distilabel.runs.files import DROPS, PREFERENCES, SURPLUS
from fc_distilabel.types import STAGES, Json

MOST = 1e15
"""What no count of a run reaches; damaged files hold anything."""


def outcome(folder: Path, run: Mapping[str, Json], rows: int) -> Yield:
    """The yield of a run with so many rows."""
    mistakes = Counter(_text(line.row, "error_class") for line in _lines(folder / PREFERENCES))
    surplus = sum(1 for _ in _lines(folder / SURPLUS))
    stages = tuple(_stages(run)) or tuple(_from_drops(folder, rows + surplus))
    cost = _object(run, "cost")
    return Yield(
        attempted=stages[0].made if stages else rows + surplus,
        kept=rows + surplus,
        surplus=surplus,
        pairs=mistakes.total(),
        mistakes=dict(mistakes.most_common()),
        stages=stages,
        tokens=_count(cost, "tokens"),
        requests=_count(cost, "model_calls"),
        wall_seconds=_number(cost, "wall_seconds"),
    )


def _lines(path: Path) -> Iterator[Line]:
    """The lines that can be read; none where there is no file."""
    if path.is_file():
        yield from (line for line in lines_of(path) if line.row)


def _stages(run: Mapping[str, Json]) -> Iterator[Stage]:
    told = _object(run, "funnel").get("stages")
    for stage in told if isinstance(told, list) else ():
        if isinstance(stage, dict):
            reasons = _object(stage, "reasons")
            yield Stage(
                stage=_text(stage, "stage"),
                made=_count(stage, "made"),
                kept=_count(stage, "kept"),
                reasons={name[:80]: _count(reasons, name) for name in reasons},
                tokens=_count(stage, "prompt_tokens") + _count(stage, "completion_tokens"),
                calls=_count(stage, "calls"),
            )


def _from_drops(folder: Path, kept: int) -> Iterator[Stage]:
    """The stages as the drops tell them; what they cost is not known then."""
    drops = Counter((_text(d.row, "stage"), _text(d.row, "reason")) for d in _lines(folder / DROPS))
    left = kept + drops.total()
    for stage in STAGES if drops else ():
        reasons = {reason: n for (at, reason), n in drops.most_common() if at == stage}
        made, left = left, left - sum(reasons.values())
        yield Stage(stage=stage, made=made, kept=left, reasons=reasons, tokens=0, calls=0)


def _object(value: Mapping[str, Json], key: str) -> dict[str, Json]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _text(value: Mapping[str, Json], key: str) -> str:
    return str(value.get(key) or "?")[:80]


def _number(value: Mapping[str, Json], key: str) -> float:
    found = value.get(key)
    return float(found) if isinstance(found, int | float) and 0 <= found < MOST else 0.0


def _count(value: Mapping[str, Json], key: str) -> int:
    return max(0, int(_number(value, key)))
