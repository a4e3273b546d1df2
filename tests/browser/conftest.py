"""A real Argilla with a review dataset, and a browser, for the tests of its pages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from selenium.webdriver import Chrome

import argillas
import browsers
from fc_distilabel.feedback.datasets import Dataset, settle_dataset
from fc_distilabel.feedback.push import push_rows
from fc_distilabel.feedback.server import Server, open_server

CASES = Path(__file__).parents[1] / "cases"
Row = dict[str, Any]


class Review(NamedTuple):
    """A dataset that can be reviewed."""

    argilla: argillas.Server
    server: Server
    dataset: Dataset


@pytest.fixture(scope="session")
def rows() -> dict[str, Row]:
    """Rows of several kinds in both languages, by their story."""
    return json.loads((CASES / "review_rows.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def hostile() -> Row:
    """A row whose every text tries to act in a browser, and one argument of 200 kB."""
    text = (CASES / "review_hostile.json").read_text(encoding="utf-8")
    return json.loads(text.replace("@BIG@", "A" * 200_000 + "<END>"))


@pytest.fixture(scope="session")
def review(
    rows: dict[str, Row], hostile: Row, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Review]:
    """A server with these rows in a dataset named `rows`."""
    browsers.needs_chromium()
    argilla = argillas.start(tmp_path_factory.mktemp("argilla"))
    try:
        with open_server(argilla.url, argilla.api_key) as server:
            dataset = settle_dataset(server, "rows", "", "en")
            pushed = push_rows(server, dataset, [*rows.values(), hostile], "a-model", vectors=False)
            assert pushed.added == len(rows) + 1
            yield Review(argilla, server, dataset)
    finally:
        argilla.stop()


@pytest.fixture(scope="session")
def driver() -> Iterator[Chrome]:
    """One browser for all tests."""
    browsers.needs_chromium()
    with browsers.browser() as driver:
        yield driver


@pytest.fixture
def page(driver: Chrome) -> Chrome:
    """The browser with a wide, light window."""
    browsers.view(driver, 1440, 1000)
    return driver


@pytest.fixture
def annotator(review: Review, page: Chrome) -> browsers.Annotator:
    """A person who is logged in and has the dataset open."""
    person = browsers.Annotator(page, review.argilla.url)
    page.get(review.argilla.url)
    person.until(lambda: page.execute_script("return document.querySelector('form, .home')"))
    if "sign-in" in page.current_url:
        person.log_in(review.argilla.username, review.argilla.password)
    person.open("rows")
    return person
