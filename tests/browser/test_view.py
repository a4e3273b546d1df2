"""The view of a conversation by itself, as any page can show it: in every width, light and dark."""

import json
import re
from copy import deepcopy
from pathlib import Path

import pytest
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By

import browsers
from fc_distilabel.feedback.review.page import config_text, view_script, view_style
from fc_distilabel.feedback.review.view import review_view
from fc_distilabel.feedback.turns import compared, shown
from fc_distilabel.types import CRITERIA, KINDS
from fc_distilabel.verifiers import grounding

CONTRAST = """
const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
  .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = parse(getComputedStyle(e).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const faint = [];
for (const element of document.querySelectorAll(".fct *")) {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !element.checkVisibility()) continue;
  const pair = [parse(getComputedStyle(element).color), behind(element)].map(light);
  const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  if (ratio < 4.5) faint.push(`${element.className}: ${ratio.toFixed(2)}`);
}
return [...new Set(faint)];
"""
OPEN = """
const closed = [...document.querySelectorAll("details:not([open])")];
const done = arguments[arguments.length - 1];
Promise.all(closed.map((d) => new Promise((drawn) => {
  d.addEventListener("toggle", drawn, { once: true });
  d.open = true;
}))).then(done);
"""


@pytest.fixture
def draw(page, tmp_path):
    """Show a row in an empty page; `compare` puts its candidates side by side."""

    def draw(row, width=1000, dark=False, compare=False, language=""):
        pair = compared(row) if compare else None
        view = review_view(row, shown(row, pair) if pair else None)
        call = f"fcTrajectory(document.body, {json.dumps(view)}, {json.dumps(language)})"
        path = tmp_path / "page.html"
        path.write_text(
            f"<!doctype html><meta charset=utf-8><style>{view_style()}</style><body>"
            f"<script>{view_script()}</script><script>{call}</script>",
            encoding="utf-8",
        )
        browsers.view(page, width, 900, dark=dark)
        page.get(path.as_uri())
        return page

    return draw


def every(page, selector):
    return page.find_elements(By.CSS_SELECTOR, selector)


def sideways(page):
    """What sticks out of the window."""
    return page.execute_script(
        "return [...document.querySelectorAll('.fct *')].filter((e) => e.checkVisibility() &&"
        " !e.closest('.fct-heard') && e.getBoundingClientRect().right > innerWidth + 1)"
        ".map((e) => e.className)"
    )


@pytest.mark.parametrize("width", [1440, 700, 400])
@pytest.mark.parametrize("story", ["ferry", "choice", "library"])
def test_nothing_sticks_out(draw, rows, story, width):
    """All of it fits into wide and narrow windows, with everything open."""
    page = draw(rows[story], width, compare=True)
    page.execute_async_script(OPEN)
    assert sideways(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_contrast(draw, rows, dark):
    """Every text stands out from its background by 4.5 to 1."""
    for compare in (False, True):
        page = draw(rows["ferry"], dark=dark, compare=compare)
        page.execute_async_script(OPEN)
        assert page.execute_script(CONTRAST) == []


@pytest.mark.parametrize("theme", ["light", "dark", "high-contrast"])
def test_themes_of_argilla(draw, rows, theme):
    """Argilla's theme is followed, whatever the system prefers."""
    page = draw(rows["ferry"], dark=theme != "dark")
    page.execute_async_script(f"document.documentElement.dataset.theme = '{theme}';{OPEN}")
    assert page.execute_script(CONTRAST) == []
    scheme = page.execute_script(
        "return getComputedStyle(document.querySelector('.fct')).colorScheme"
    )
    assert (scheme == "dark") is (theme == "dark")


def test_candidates_stand_side_by_side_or_above(draw, rows):
    """Two candidates are beside each other in wide windows, above each other in narrow ones."""
    for width, beside in ((1000, True), (400, False)):
        page = draw(rows["choice"], width, compare=True)
        a, b = (side.rect for side in every(page, ".fct-side"))
        assert (a["y"] == b["y"]) is beside and (a["x"] == b["x"]) is not beside


def test_what_follows_two_candidates_is_hidden(draw, rows):
    """The rest of the conversation, which tells which one is right, opens on demand only."""
    page = draw(rows["choice"], compare=True)
    assert [m.text.split()[0] for m in every(page, ".fct-message")] == ["#0", "#1"]
    every(page, ".fct-rest > summary")[0].click()
    browsers.wait(page, lambda: len(every(page, ".fct-message")) == 5)


@pytest.mark.parametrize(
    ("story", "language", "role"),
    [("choice", "", "User"), ("choice", "zh", "用户"), ("library", "en", "用户")],
)
def test_labels_follow_the_row_or_the_dataset(draw, rows, story, language, role):
    """The words of the view are Chinese where the row's or the dataset's language is."""
    page = draw(rows[story], language=language)
    assert every(page, ".fct-role-user .fct-role")[0].text == role


def test_labels_are_whole(page):
    """Both languages have the same labels, and one for each kind, criterion and way of saying."""
    page.get("about:blank")
    keys = "(o) => typeof o === 'object' ? Object.entries(o).map(([k, v]) => [k, keys(v)]) : ''"
    script = f"{config_text('trajectory/labels.js')}; const keys = {keys}; return keys(LABELS)"
    english, chinese = (dict(labels) for _, labels in page.execute_script(script))
    assert english.keys() == chinese.keys()
    for name, inner in english.items():
        assert sorted(dict(inner or ())) == sorted(dict(chinese[name] or ())), name
    assert set(dict(english["kinds"])) == set(KINDS)
    assert set(dict(english["criteria"])) == set(CRITERIA)
    assert spoken_of() <= set(dict(english["how"]))


def spoken_of():
    """The names that verifiers give to the ways in which a value may be said."""
    source = Path(grounding.__file__).read_text(encoding="utf-8")
    return {grounding.GUESSED, *re.findall(r'yield "(\w+)", lambda', source)}


def test_names_of_javascripts_own_are_words(draw, rows):
    """A row that says `constructor` or `__proto__` where a table is asked is shown saying so."""
    row = deepcopy(rows["choice"])
    row |= {"kind": "constructor", "wording": {"user": "__proto__"}}
    row["grounding"][0]["how"] = "toString"
    page = draw(row)
    assert "user worded by __proto__" in every(page, ".fct-head")[0].text
    assert every(page, ".fct-how")[0].text == "toString"


def test_sources_lead_to_their_message(draw, rows):
    """By the keyboard alone one opens a tool, and goes from an argument to the message."""
    page = draw(rows["ferry"])
    for key in (Keys.TAB, Keys.ENTER):
        page.switch_to.active_element.send_keys(key)
    browsers.wait(page, lambda: every(page, ".fct-tool-body"))
    assert "List round trips" in every(page, ".fct-tool-body")[0].text
    links = every(page, ".fct-link")
    page.execute_script("arguments[0].focus()", links[-1])
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert "fct-shown" in every(page, ".fct-role-user")[0].get_attribute("class")


def test_quoted_words_and_flaws_are_marked(draw, rows):
    """What became an argument is marked where it was said; what is wrong, where it stands."""
    page = draw(rows["ferry"])
    assert {"Aalborg", "Hirtholm", "Ida", "Søren Holm"} <= {m.text for m in every(page, "mark")}
    (wrong,) = every(page, ".fct-wrong")
    assert "age" in wrong.text and "which nothing before the call says" in wrong.text


def test_a_long_row_is_drawn_at_once(draw, rows):
    """Sixty turns with their calls are there when the page is, with schemas drawn when opened."""
    row = deepcopy(rows["ferry"])
    row["messages"] = row["messages"][:1] + row["messages"][1:] * 6
    page = draw(row)
    assert len(every(page, ".fct-message")) == 61
    assert page.execute_script("return document.querySelectorAll('*').length") < 3000


def test_hidden_characters_are_shown(draw, rows):
    """What turns text around or has no width is shown by its number, and turns nothing around."""
    row = deepcopy(rows["choice"])
    row["messages"][1]["content"] = "pay \u202e00.1\u202c \u05d0\u05d1 a\u200bb \ud800 👩\u200d🚀"
    text = every(draw(row), ".fct-role-user .fct-text")[0].text
    assert text == "pay U+202E00.1U+202C \u05d0\u05d1 aU+200Bb U+D800 👩\u200d🚀"


def test_a_large_argument_is_cut_until_asked_for(draw, hostile):
    """Of 200 kB the beginning is shown, all of it on demand, and the beginning again."""
    page = draw(hostile)
    value = every(page, ".fct-call .fct-string")[0]
    assert len(value.text) < 1000
    (button,) = every(page, ".fct-value .fct-button")
    assert button.text == "Show all 200,005 characters"
    button.click()
    assert value.text.endswith("<END>")
    button.click()
    assert len(value.text) < 1000


def test_a_hostile_row_is_text(draw, hostile):
    """Outside of Argilla, too, nothing of a row acts, and nothing is asked for."""
    page = draw(hostile, language="zh")
    browsers.requests(page), page.get_log("browser")
    page.refresh()
    page.execute_async_script(OPEN)
    page.execute_script("document.querySelectorAll('.fct-button').forEach((b) => b.click())")
    assert page.execute_script("return typeof hurt") == "undefined"
    assert every(page, ".fct img, .fct script, .fct style, .fct a, .fct iframe, .fct svg") == []
    assert all(address.startswith("file:") for address in browsers.requests(page))
    assert not [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"]
