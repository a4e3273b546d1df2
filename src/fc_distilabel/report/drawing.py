"""A figure of matplotlib as SVG that belongs into a page: its colours are those of the page.

Drawn in stand-in colours, which become CSS variables, so that one picture serves light and dark.
Styles become attributes, which a strict policy allows; text stays text, in the page's own fonts, so
that Chinese shows and nothing needs to be embedded; and the same figures give the same bytes.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 400
"""Of a picture, in its own units; a narrow window is that wide."""
INK, MUTED, LINE = "#101112", "#717273", "#d1d2d3"
MAIN, BAD = "#2a6fb1", "#c5523a"
SCORES = ("#b1452e", "#d98f6b", "#c9c3b0", "#7fb0a0", "#2f8171")
"""From bad to good."""
COLOURS = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    LINE: "var(--line)",
    MAIN: "var(--main)",
    BAD: "var(--bad)",
} | {colour: f"var(--score-{number})" for number, colour in enumerate(SCORES, start=1)}
TEXT, SMALL = 11.5, 10.0
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "fc-distilabel",
    "text.parse_math": False,  # a `$` in a name is a `$`
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "font.size": TEXT,
    "path.simplify": False,
}
_SVG = "{http://www.w3.org/2000/svg}"
_FONT_SIZE = re.compile(r"([\d.]+)px")
_POINTED = re.compile(r"#([\w-]+)")


@contextmanager
def drawn(
    height: float, left: float, bottom: float = 4, top: float = 4, right: float = 44
) -> "Iterator[Picture]":
    """A picture to draw into: one pair of axes, with margins in the picture's units."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # Only the browser, which draws the text, has to have the characters.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(WIDTH / 72, height / 72), facecolor="none")
        box = (
            left / WIDTH,
            bottom / height,
            1 - (left + right) / WIDTH,
            1 - (bottom + top) / height,
        )
        axes = figure.add_axes(box, facecolor="none")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        picture = Picture(figure, axes)
        yield picture
        picture.svg = _as_svg(figure)


class Picture:
    """What is drawn into, and the SVG once it is done."""

    def __init__(self, figure: "Figure", axes: "Axes") -> None:
        self.figure, self.axes = figure, axes
        self.svg = ""


def _as_svg(figure: "Figure") -> str:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    written = io.BytesIO()
    FigureCanvasSVG(figure)
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(written.getvalue(), parser)
    # Nothing is drawn beyond the axes, so nothing has to be cut off there.
    for element in [*root.iter(*(f"{_SVG}{name}" for name in ("metadata", "style", "clipPath")))]:
        element.getparent().remove(element)
    for element in root.iter():
        element.attrib.pop("clip-path", None)
        _restyle(element)
    _drop_ids(root)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("class", "plot")
    text: str = etree.tostring(root, encoding="unicode")
    return text


def _restyle(element: Any) -> None:
    """Styles as attributes, colours as the page's; the font is the page's own."""
    style = element.attrib.pop("style", "")
    for name, _, value in (part.partition(":") for part in style.split(";") if part.strip()):
        name, value = name.strip(), value.strip()
        if name == "font":
            size = _FONT_SIZE.search(value)
            element.set("font-size", size[1] if size else str(TEXT))
        elif name != "font-family":
            element.set(name, COLOURS.get(value, value))
    if element.tag == f"{_SVG}text" and "fill" not in element.attrib:
        element.set("fill", COLOURS[INK])


def _drop_ids(root: Any) -> None:
    """Names of a picture's parts would stand twice in a page of many pictures."""
    pointed = {
        name for e in root.iter() for v in e.attrib.values() for name in _POINTED.findall(str(v))
    }
    for element in root.iter():
        if element.get("id") not in pointed:
            element.attrib.pop("id", None)
