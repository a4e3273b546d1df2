"""HTML to blocks: the one walker that Markdown, reStructuredText and DOCX end in as well.

lxml parses, because it is linear on hostile input: it caps nesting where html5 parsers and the
standard library's take a minute for a megabyte of `<div>` or `<a `.
"""

import re
from typing import TYPE_CHECKING

from fc_distilabel.documents.blocks import Block, BlockKind, tidy
from fc_distilabel.documents.tables import label_rows

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DROPPED = (
    *("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas"),
    *("nav", "footer", "form", "button", "select", "textarea", "pre", "audio", "video", "head"),
)
_HIDDEN = (
    "//*[@hidden or @aria-hidden='true' or @role='navigation' or @role='search'"
    " or contains(translate(@style, ' ', ''), 'display:none')]"
)
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    "row": "row",
}
_BREAKING = {
    *_KINDS,
    *("html", "body", "main", "article", "section", "header", "aside", "div", "p", "blockquote"),
    *("ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "caption", "tr", "td", "th", "hr"),
    *("figure", "figcaption", "address", "details", "summary", "fieldset", "center"),
}
_LINE_BREAK = "\u2028"
_LINE_END = re.compile(rf"(?<=[.!?:;。！？：；])\s*{_LINE_BREAK}|{_LINE_BREAK}\s*{_LINE_BREAK}")
_PERMALINK = re.compile(r"\s*[¶§#]$")
_MARKER = re.compile(r"^(\[[ xX]\]|\[![A-Za-z]*\])\s*")  # task boxes and callouts: [x] [!NOTE]
_LINK_SHARE = 0.8


def html_blocks(html: str) -> list[Block]:
    """The visible text of a page or a fragment."""
    # Imported late: only reading needs the HTML library.
    from lxml import etree
    from lxml import html as lxml_html

    # Fed bytes, since lxml refuses a `str` that declares an encoding.
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    data = html.replace("\0", "").encode("utf-8", errors="replace")
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except etree.ParserError:  # nothing but comments
        return []
    title = root.findtext(".//title")
    etree.strip_elements(root, *_DROPPED, with_tail=False)
    for node in root.xpath(_HIDDEN):
        if node.getparent() is not None:
            node.drop_tree()
    label_rows(root)
    return _titled(_walk(_main(root)), tidy(title or ""))


def _main(root: "HtmlElement") -> "HtmlElement":
    """The page's one `main` part where it has one, so that menus around it are left out."""
    mains = [node for node in root.iter("main") if node.text_content().strip()]
    return mains[0] if len(mains) == 1 else root


def _titled(blocks: list[Block], title: str) -> list[Block]:
    """With the page's title as its heading, where the text has none of its own."""
    if not title or not blocks or any(block.kind == "heading" for block in blocks):
        return blocks
    return [Block(title, "heading"), *blocks]


def _walk(root: "HtmlElement") -> list[Block]:
    from lxml import etree

    collector = _Collector()
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            collector.open(node.tag, node)
        else:
            collector.close(node.tag, node)
            collector.add(node.tail if node is not root else None)
    collector.flush()
    return collector.blocks


class _Collector:
    """Gathers inline text until a block element opens or closes."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._kinds: list[BlockKind] = ["text"]
        self._links = 0
        self._pieces: list[str] = []
        self._linked = 0

    def open(self, tag: str, node: "HtmlElement") -> None:
        """An element starts: a block ends what came before it."""
        if tag in _BREAKING:
            self.flush()
        if tag in _KINDS:
            self._kinds.append(_KINDS[tag])
        self._links += tag == "a" and node.get("href") is not None
        if tag == "br":
            self._pieces.append(_LINE_BREAK)
        self.add(node.text)

    def close(self, tag: str, node: "HtmlElement") -> None:
        """An element ends: a block ends its own text."""
        if tag in _BREAKING:
            self.flush()
        if tag in _KINDS:
            self._kinds.pop()
        self._links -= tag == "a" and node.get("href") is not None

    def add(self, text: str | None) -> None:
        """Some inline text, remembering how much of it is link."""
        if text:
            self._pieces.append(text)
            self._linked += len("".join(text.split())) if self._links else 0

    def flush(self) -> None:
        """End the block, unless it is no more than a link to elsewhere."""
        text, linked, kind = "".join(self._pieces), self._linked, self._kinds[-1]
        self._pieces, self._linked = [], 0
        length = len("".join(text.split()))
        if not length or (kind != "heading" and linked >= _LINK_SHARE * length):
            return
        for line in _LINE_END.split(text):
            clean = _MARKER.sub("", tidy(line.replace(_LINE_BREAK, "\n")))
            clean = _PERMALINK.sub("", clean) if kind == "heading" else clean
            if clean:
                self.blocks.append(Block(clean, kind))
