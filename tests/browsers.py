"""A real Chromium without a window, for tests of pages.

It is Debian's, with a profile of its own that is new each time, and talks to nobody by itself.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
ROW = ".fct-head .fct-facts > :nth-child(4) bdi"
"""Where the view shows the row's id."""
PATIENCE = 20
"""Seconds that a page may take to show something."""
_QUIET = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en-US", "--no-proxy-server"),
)


def needs_chromium() -> None:
    """Skip where there is no Chromium; where all has to be there (`CI`), fail."""
    missing = [str(path) for path in (CHROMIUM, DRIVER) if not path.exists()]
    if missing:
        told = f"{' and '.join(missing)} is missing: apt-get install chromium chromium-driver"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)


@contextmanager
def browser(width: int = 1280, height: int = 900, *, dark: bool = False) -> Iterator[Chrome]:
    """A browser with one empty page, closed at the end."""
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for option in _QUIET:
        options.add_argument(option)
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options.add_argument(f"--user-data-dir={profile}")
        driver = Chrome(options=options, service=Service(str(DRIVER)))
        try:
            driver.get("about:blank")
            driver.get_log("performance")
            view(driver, width, height, dark=dark)
            yield driver
        finally:
            driver.quit()


def view(driver: Chrome, width: int, height: int, *, dark: bool = False) -> None:
    """Look through a window of that size, which Chromium itself would not make so narrow."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def requests(driver: Chrome) -> list[str]:
    """The addresses that its pages asked for since this was asked last."""
    told = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [one["params"] for one in told if one["method"] == "Network.requestWillBeSent"]
    return [one["request"]["url"] for one in sent]


def wait(driver: Chrome, seen: Callable[[], Any]) -> Any:
    """What `seen` gives once it gives something; pages are drawn anew while one looks."""
    ignored = (StaleElementReferenceException, WebDriverException)
    return WebDriverWait(driver, PATIENCE, 0.05, ignored).until(lambda _: seen())


class Annotator:
    """A person at Argilla's pages, who sees and clicks what is there."""

    def __init__(self, driver: Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def log_in(self, username: str, password: str) -> None:
        self.driver.get(f"{self.url}/sign-in")
        self.see("input[type=password]")
        self.see("input[type=text]").send_keys(username)
        self.see("input[type=password]").send_keys(password)
        self.click("button[type=submit]")
        self.until(lambda: "sign-in" not in self.driver.current_url)

    def open(self, name: str) -> None:
        """Open a dataset from the list of all."""
        self.driver.get(self.url)
        self.click(f"//*[normalize-space(text())='{name}']")
        self.see("iframe")

    def see(self, what: str) -> WebElement:
        """The first element that shows; what is an XPath where it begins with `/`."""
        return self.until(lambda: self._shown(what))

    def click(self, what: str) -> WebElement:
        """Click on what shows, brought to the middle of the window."""
        return self.until(lambda: self._clicked(what))

    def until(self, seen: Callable[[], Any]) -> Any:
        """What `seen` gives once it gives something."""
        return wait(self.driver, seen)

    @contextmanager
    def conversation(self) -> Iterator[Chrome]:
        """The driver within the frame that shows the record's conversation."""
        self.until(self._entered)
        try:
            yield self.driver
        finally:
            self.driver.switch_to.default_content()

    def _entered(self) -> bool:
        self.driver.switch_to.default_content()
        frame = self._shown("iframe")
        if frame:
            self.driver.switch_to.frame(frame)
        return bool(frame and self._shown(".fct-head"))

    def row(self, but: str = "") -> str:
        """The id of the row that is shown; where `but` is given, once it is another than that."""
        return self.until(lambda: shown if (shown := self._row()) != but else None)

    def _row(self) -> str | None:
        try:
            return self._shown(ROW).text if self._entered() else None
        finally:
            self.driver.switch_to.default_content()

    def find(self, row: str) -> None:
        """Leaf through the pending records, from the first, up to a row's."""
        self.driver.get(f"{self.driver.current_url.partition('?')[0]}?page=1&status=pending")
        shown = self.row()
        while shown != row:
            self.click("button[aria-label^=Next]")
            shown = self.row(but=shown)

    def answer(self, row: str, answers: dict[str, Any]) -> None:
        """Find a row and submit answers; what is suggested and not answered goes along."""
        self.find(row)
        for question, answer in answers.items():
            if isinstance(answer, str) and question in ("corrected_call", "comment"):
                self._write(question, answer)
            else:
                self._choose(question, answer if isinstance(answer, list) else [answer])
        self.submit()

    def _choose(self, question: str, answers: list[Any]) -> None:
        wanted = {f"{question}_{answer}" for answer in answers}
        options = f"[aria-label='Question: {question}'] input"
        for choosing in (True, False):  # first what is wanted, then what is left of suggestions
            for option in self.driver.find_elements(By.CSS_SELECTOR, options):
                name = option.get_attribute("id")
                if (name in wanted) is choosing and option.is_selected() is not choosing:
                    self.click(f"label[for='{name}']")

    def _write(self, question: str, text: str) -> None:
        box = self.click(f"[aria-label='Question: {question}'] [contenteditable]")
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(Keys.BACKSPACE, text)

    def submit(self) -> None:
        before = self.submitted()
        self.click("button[type=submit]:not([disabled])")
        self.until(lambda: self.submitted() == before + 1)

    def submitted(self) -> int:
        """How many records the page says this person has submitted."""
        return int(self.see(".my-progress__status .status-counter__counter").text)

    def progress(self) -> float:
        """The team's progress, in per cent."""
        return float(self.see("#team-progress-percent").text.rstrip("%"))

    def total(self) -> int:
        """How many records the page says there are, with the filters that are set."""
        return int(self.see("[aria-label='Total Records']").text.removeprefix("of"))

    def filter_by(self, title: str, value: str) -> None:
        """Filter by one value of a metadata property."""
        menu = "//*[contains(@class,'metadata-filter')]"
        self.click(".filters__filter-button button")
        self.click(".metadata-filter button")
        category = f"{menu}//button[not(@disabled)][normalize-space()='{title}']"
        label = f"{menu}//label[normalize-space()='{value}']"
        # A click that comes while the menu is still being placed goes nowhere.
        self.until(lambda: self._pressed(category, label))
        self.click(label)

    def _clicked(self, what: str) -> WebElement | None:
        element = self._shown(what)
        if element:
            middle = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
            self.driver.execute_script(middle, element)
            element.click()
        return element

    def _pressed(self, button: str, result: str) -> WebElement | None:
        if not self._shown(result) and (found := self._shown(button)):
            found.click()
        return self._shown(result)

    def _shown(self, what: str) -> WebElement | None:
        way = By.XPATH if what.startswith("/") else By.CSS_SELECTOR
        found = self.driver.find_elements(way, what)
        return next((element for element in found if element.is_displayed()), None)
