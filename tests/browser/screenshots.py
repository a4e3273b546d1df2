"""Pictures of the review page for the README: `python tests/browser/screenshots.py FOLDER`.

They are taken of a real Argilla with the rows of `tests/cases/review_rows.json`, and of the view by
itself. Run it from the project's folder with `src` and `tests` on PYTHONPATH.
"""

import io
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from selenium.webdriver import Chrome

import argillas
import browsers
from fc_distilabel.feedback.datasets import settle_dataset
from fc_distilabel.feedback.push import push_rows
from fc_distilabel.feedback.review.page import view_script, view_style
from fc_distilabel.feedback.review.view import review_view
from fc_distilabel.feedback.server import open_server

ROWS = Path(__file__).parents[1] / "cases" / "review_rows.json"
LARGEST = 300_000
Row = dict[str, Any]


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, Row] = json.loads(ROWS.read_text(encoding="utf-8"))
    with TemporaryDirectory() as home, browsers.browser() as driver:
        take_view(driver, rows, folder, Path(home))
        argilla = argillas.start(Path(home) / "argilla")
        try:
            take_argilla(driver, argilla, rows, folder)
        finally:
            argilla.stop()


def take_argilla(
    driver: Chrome, argilla: argillas.Server, rows: dict[str, Row], folder: Path
) -> None:
    """The page on which people review, in both languages, light and dark."""
    with open_server(argilla.url, argilla.api_key) as server:
        for language in ("en", "zh"):
            dataset = settle_dataset(server, f"rows-{language}", "", language)
            own = [row for row in rows.values() if row["language"] == language]
            push_rows(server, dataset, own, "a-model", vectors=False)
    person = browsers.Annotator(driver, argilla.url)
    browsers.view(driver, 1440, 1000)
    person.log_in(argilla.username, argilla.password)
    for language, story, dark in (
        ("en", "choice", False),
        ("zh", "library", False),
        ("zh", "library", True),
    ):
        browsers.view(driver, 1440, 1000, dark=dark)
        person.open(f"rows-{language}")
        person.find(rows[story]["id"])
        save(driver, folder / f"argilla-{language}{'-dark' if dark else ''}.png")


def take_view(driver: Chrome, rows: dict[str, Row], folder: Path, home: Path) -> None:
    """The whole view by itself, wide and narrow."""
    for name, width, dark in (("wide", 1000, False), ("narrow", 400, False), ("dark", 1000, True)):
        view = json.dumps(review_view(rows["ferry"]))
        page = home / "page.html"
        page.write_text(
            f"<!doctype html><meta charset=utf-8><style>body {{ margin: 0 }}{view_style()}"
            ".fct { padding: 16px; }</style><body><script>"
            f"{view_script()}fcTrajectory(document.body, {view})</script>",
            encoding="utf-8",
        )
        browsers.view(driver, width, 800, dark=dark)
        driver.get(page.as_uri())
        height = driver.execute_script("return document.documentElement.scrollHeight")
        browsers.view(driver, width, height, dark=dark)
        save(driver, folder / f"view-{name}.png")


def save(driver: Chrome, path: Path) -> None:
    """A picture with 256 colours, which is small enough for a page to load."""
    picture = Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB")
    picture.quantize(256, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)
    size = path.stat().st_size
    assert size <= LARGEST, f"{path} has {size:,} bytes, but at most {LARGEST:,} go"
    print(f"{path}: {size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
