"""The page in a real browser: it loads nothing, runs nothing of a row's, and fits its window."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from browsers import browser, needs_chromium, view
from fc_distilabel.report import write_report
from report.made_runs import hotel_rows, write_run

HOSTILE = (
    "</script><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
    "<style>body{display:none}</style>{{ 7*7 }} $x^2$ \u202eright to left\x00 &lt;b&gt; "
)
LONG = 40 * "averyveryverylongword"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chrome]:
    """A browser for all tests here."""
    needs_chromium()
    with browser() as driver:
        yield driver


def hostile(value: Any) -> Any:
    """The value with all its texts turned against the page."""
    if isinstance(value, dict):
        return {key: hostile(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner) for inner in value]
    return HOSTILE + value if isinstance(value, str) else value


def hostile_run(folder: Path) -> Path:
    """A run in which every text that a model or a user writes is hostile."""
    rows = []
    for row in hotel_rows(28):
        words = ("user_goal", "domain", "document", "evidence", "gold_calls", "grounding")
        changed = {key: hostile(row[key]) for key in words}
        for message in row["messages"]:
            message["content"] = HOSTILE + LONG + message["content"]
        for tool in row["tools"]:
            tool["function"]["description"] = HOSTILE
        rows.append(row | changed)
    rows[0]["kind"], rows[1]["kind"] = HOSTILE, "\x00\u202e"
    write_run(folder, rows)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    run["ended"] = run["settings"]["llm"] = HOSTILE
    run["funnel"]["stages"][1]["reasons"] = {HOSTILE: 3, LONG: 1}
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    asked = rows[5]["messages"][1]["content"].replace("\n", " ")
    (folder / "benchmark.txt").write_text(asked, encoding="utf-8")
    write_report(folder, [str(folder / "benchmark.txt")])
    return folder


def opened(driver: Chrome, folder: Path) -> None:
    """Open a report, and every row in it."""
    driver.get_log("browser")
    driver.get_log("performance")
    driver.get((folder / "report.html").as_uri())
    driver.execute_script("for (const d of document.querySelectorAll('details.row')) d.open = true")
    rows = len(driver.find_elements(By.CSS_SELECTOR, "details.row"))
    WebDriverWait(driver, 20).until(
        lambda d: len(d.find_elements(By.CSS_SELECTOR, "details.row .fct-head")) == rows
    )


def overflow(driver: Chrome) -> int:
    """Units by which the page is wider than its window."""
    script = "const e = document.documentElement; return e.scrollWidth - e.clientWidth"
    return int(driver.execute_script(script))


def requested(driver: Chrome) -> set[str]:
    """Addresses that the browser asked for."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [m["params"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return {one["request"]["url"] for one in sent}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_all_and_asks_for_nothing(
    chromium: Chrome, tmp_path: Path, language: str
) -> None:
    """Pictures, tables and rows are there, wide and narrow, light and dark; no message, no load."""
    folder = write_run(tmp_path / "run", hotel_rows(28, [language]), preset=2)
    write_report(folder)
    for width, dark in ((1280, False), (400, True)):
        view(chromium, width, 900, dark=dark)
        opened(chromium, folder)
        assert overflow(chromium) <= 0
    assert len(chromium.find_elements(By.CSS_SELECTOR, "svg.plot")) == 10
    assert len(chromium.find_elements(By.CSS_SELECTOR, "details.row .fct-message")) > 60
    assert chromium.get_log("browser") == []
    assert requested(chromium) == {(folder / "report.html").as_uri()}


def test_nothing_of_a_row_acts(chromium: Chrome, tmp_path: Path) -> None:
    """Scripts, images, styles, templates and signs of direction are shown as the text they are."""
    folder = hostile_run(tmp_path / "run")
    view(chromium, 400, 900)
    opened(chromium, folder)
    assert chromium.title == "Report: run"
    assert chromium.get_log("browser") == []
    assert requested(chromium) == {(folder / "report.html").as_uri()}
    body = chromium.find_element(By.TAG_NAME, "body")
    assert body.is_displayed() and "onerror=" in body.text and "{{ 7*7 }}" in body.text
    assert not chromium.find_elements(By.CSS_SELECTOR, "img, body style, iframe, object, link")
    assert len(chromium.find_elements(By.TAG_NAME, "script")) == 2
    assert overflow(chromium) <= 0


def test_texts_do_not_leave_the_window(chromium: Chrome, tmp_path: Path) -> None:
    """No label of a picture is cut off at the edge of a narrow window."""
    folder = write_run(tmp_path / "run", hotel_rows(28), preset=4)
    write_report(folder, language="en")
    view(chromium, 400, 900)
    opened(chromium, folder)
    script = """
    return [...document.querySelectorAll("svg.plot text")]
      .map((text) => [text.textContent, text.getBoundingClientRect()])
      .filter(([, box]) => box.left < 0 || box.right > document.documentElement.clientWidth)
      .map(([text]) => text)
    """
    assert chromium.execute_script(script) == []


def test_pictures_have_the_colours_of_the_page(tmp_path: Path) -> None:
    """No colour of their own, no style, no name that stands twice, no font but the page's."""
    folder = write_run(tmp_path / "run", hotel_rows(28), preset=2)
    write_report(folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(pictures) == 10
    for picture in pictures:
        assert not re.findall(r'(?:fill|stroke)="#', picture)
        assert "style=" not in picture and "font-family" not in picture
    names = re.findall(r'\sid="([^"]*)"', "".join(pictures))
    assert len(names) == len(set(names))


def test_the_policy_allows_what_stands_there_and_nothing_else(tmp_path: Path) -> None:
    """Hashes of the page's own style sheet and script; nothing inline, nothing from elsewhere."""
    folder = write_run(tmp_path / "run", hotel_rows(3))
    write_report(folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    policy = found[1].replace("&#39;", "'")
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; "
        r"base-uri 'none'; form-action 'none'",
        policy,
    )
    assert not re.search(r"https?://(?!www\.w3\.org/)", page)
