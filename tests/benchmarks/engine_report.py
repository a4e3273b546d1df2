"""The results of the engine's benchmark as tables."""

from dataclasses import asdict, dataclass
from operator import eq, ge, le
from typing import Any

from rich.console import Console
from rich.table import Table

_COMPARED = {">=": ge, "<=": le, "==": eq}


@dataclass(frozen=True)
class Aim:
    """A number that was asked for."""

    what: str
    measured: float
    sign: str
    wanted: float

    @property
    def met(self) -> bool:
        """Whether it is there."""
        return bool(_COMPARED[self.sign](self.measured, self.wanted))

    def to_json(self) -> dict[str, Any]:
        """As it stands in the results."""
        return asdict(self) | {"met": self.met}


def show(results: dict[str, Any]) -> None:
    """Print the results."""
    console = Console(width=110, highlight=False)
    console.print(_dialogues(results))
    console.print(_aims(results))
    console.print(
        f"the bare loop uses {results['bare client']}; faults: {results['faults']['met']}"
    )
    console.print(f"CPU ms a row, by rows: {results['rows']['cpu ms a row']}")
    console.print(f"refused for good: {results['refused']}")


def _dialogues(results: dict[str, Any]) -> Table:
    table = Table("in flight", "latency", title="Dialogues of 4 to 8 calls: busy (CPU ms a call)")
    for name in ("ours", "bare", "distilabel", "ours / bare", "ours / distilabel"):
        table.add_column(name, justify="right")
    for case in results["dialogues"]:
        busy, cpu = case["busy"], case["cpu ms a call"]
        cells = [f"{busy[name]:.2f} ({cpu[name]:.2f})" for name in busy]
        ratios = [f"{case[name]:.2f}" for name in ("ours / bare", "ours / distilabel")]
        table.add_row(str(case["in flight"]), case["latency"], *cells, *ratios)
    return table


def _aims(results: dict[str, Any]) -> Table:
    table = Table("", "measured", "wanted", "", title="Aims")
    for aim in results["aims"]:
        met = "met" if aim["met"] else "NOT MET"
        table.add_row(aim["what"], f"{aim['measured']:g}", f"{aim['sign']} {aim['wanted']:g}", met)
    return table
