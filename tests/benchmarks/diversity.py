"""How much the requests of published sets differ, by the code of the report.

    python tests/benchmarks/diversity.py [--write | RUN]

Prints a line a set and size; `--write` keeps them where the report finds them. The sets are those
of `../shared/data`: the first user turn of each case, in English. With the folder of a run its
English rows are measured, all of them and one row of each scenario, beside the sets at that size.
"""

import gzip
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from fc_distilabel.documents.language import count_han
from fc_distilabel.report import variety
from fc_distilabel.report.diversity import SIZES, diversity
from fc_distilabel.report.texts import user_turns

DATA = Path(__file__).parents[3] / "shared/data"
KEPT = Path(variety.__file__).with_name(variety.PUBLISHED)
SETS = (
    ("BFCL v4 non-live", "validation/bfcl_cases", "", "live"),
    ("BFCL v4 live", "validation/bfcl_cases", "live", ""),
    ("ACEBench (en)", "validation/acebench_en", "", "agent"),
    ("API-Bank", "trajectories/apibank", "", ""),
    ("ToolAlpaca (eval)", "validation/toolalpaca", "", ""),
)
"""Name, file, and how the categories begin that are taken and left out."""
HOW = (
    "First user turn of each case in English, of the half of each set that is open to this project;"
    " tokens, sizes and draws as told in fc_distilabel/report/diversity.py. Published of BFCL"
    " non-live: distinct-2 .549 and near 6.4 %, which these definitions meet at n = 500, and"
    " self-BLEU .132 and Vendi/n .815, which they meet at n = 200."
)


def main(told: Sequence[str]) -> int:
    """Measure the sets, print and perhaps keep the figures; or a run beside them."""
    published = {
        name: requests(DATA / f"{file}.jsonl.gz", taken, left) for name, file, taken, left in SETS
    }
    if told and told[0] != "--write":
        for rows in of_run(Path(told[0])):
            for name, texts in {"the run": rows, **published}.items():
                if len(rows) <= len(texts):
                    show(name, diversity(texts, len(rows)).model_dump())
        return 0
    sets = []
    for name, texts in published.items():
        figures = [diversity(texts, n).model_dump() for n in SIZES if n <= len(texts)]
        for each in figures:
            show(name, each)
        sets.append({"name": name, "requests": len(texts), "figures": figures})
    if told:
        lines = json.dumps({"how": HOW, "sets": sets}, indent=1)
        KEPT.write_text(lines + "\n", encoding="utf-8")
    return 0


def show(name: str, figures: Mapping[str, float]) -> None:
    """One line."""
    print(f"{name:<20}", *(f"{key} {value:g}" for key, value in figures.items()))


def of_run(folder: Path) -> tuple[list[str], list[str]]:
    """The first user turns of a run's English rows, and those of the first row of each scenario."""
    lines = (folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["language"] == "en"]
    first = {(row["document"], row["user_goal"]): row for row in reversed(rows)}
    said = [[user_turns(row["messages"])[0] for row in each] for each in (rows, first.values())]
    return said[0], said[1]


def requests(path: Path, taken: str, left: str) -> list[str]:
    """The first user turn of each case of some categories."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    found = []
    for row in rows:
        category = row["category"]
        said = user_turns(row["messages"])
        fits = category.startswith(taken) and not (left and category.startswith(left))
        if fits and said and not count_han(said[0]):
            found.append(said[0])
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
