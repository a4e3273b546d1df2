"""Markdown, HTML, reStructuredText and plain text become the same kinds of blocks."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from fc_distilabel.documents import Block, read_blocks

Write: TypeAlias = Callable[[str, str | bytes], Path]

H, T, I, R = "heading", "text", "item", "row"  # noqa: E741 - the four kinds, for short tables
Kinds = list[tuple[str, str]]


def blocks(path: Path) -> Kinds:
    """A file's blocks as (kind, text)."""
    return [(block.kind, block.text) for block in read_blocks(path)]


MARKDOWN: list[tuple[str, str, Kinds]] = [
    ("prose", "One\ntwo.\n\n# Head #\n\n* item", [(T, "One two."), (H, "Head"), (I, "item")]),
    ("a link keeps its text", "See [the guide](http://a.b 'x') now.", [(T, "See the guide now.")]),
    ("inline code is text", "Use `get_x` or ``a`b``.", [(T, "Use get_x or a`b.")]),
    (
        "fenced code is left out",
        "A b.\n\n```py\nx = 1\n```\n~~~\ny\n~~~\nC.",
        [(T, "A b."), (T, "C.")],
    ),
    ("pictures are left out", "A ![alt](x.png) b.", [(T, "A b.")]),
    ("comments are left out", "A.\n\n<!-- no\n\nno -->\n\nB.", [(T, "A."), (T, "B.")]),
    (
        "front matter gives the title",
        '---\nlayout: x\ntitle: "A: b"\n---\nC.',
        [(H, "A: b"), (T, "C.")],
    ),
    ("a rule is no front matter", "---\n\nA.\n\n---\n\nB.", [(T, "A."), (T, "B.")]),
    ("Liquid tags", 'Go [on]({% page "/a/" %}) now{% x %}. {{ b }}', [(T, "Go on now.")]),
    ("attribute lists", 'A [b](c){:target="\\_blank"} d.', [(T, "A b d.")]),
    (
        "a link to elsewhere is no text",
        "- [A whole item](#a)\n- [b](#b) and what it is",
        [(I, "b and what it is")],
    ),
    (
        "nested items",
        "1. One\n   - Two\n     more\n2. Three",
        [(I, "One"), (I, "Two more"), (I, "Three")],
    ),
    (
        "callouts and task boxes",
        "> [!NOTE]\n> Mind it.\n\n- [x] Done it",
        [(T, "Mind it."), (I, "Done it")],
    ),
    (
        "admonitions",
        '!!! note "Mind"\n    The fee is kept.\n\n    And more.',
        [(T, "The fee is kept."), (T, "And more.")],
    ),
    (
        "HTML inside",
        "<details><summary>More</summary>\n\nIn it.\n\n</details>",
        [(T, "More"), (T, "In it.")],
    ),
    (
        "wrapped Chinese has no spaces",
        "费用不予\n退还 **“全部”**的。",
        [(T, "费用不予退还 “全部”的。")],
    ),
    (
        "table rows carry their labels",
        "| Code | Reason | |\n|--|--|--|\n| `R01` | No funds. | a |\n| R02 | | b |",
        [(R, "Code: R01; Reason: No funds; a"), (R, "Code: R02; b")],
    ),
    ("Chinese rows in Chinese", "|原料|用量|\n|-|-|\n|鸡蛋|1 个|", [(R, "原料：鸡蛋；用量：1 个")]),
    ("a question and its answer", "**How?**  \nLike this.", [(T, "How?"), (T, "Like this.")]),
]


@pytest.mark.parametrize(
    ("content", "expected"), [c[1:] for c in MARKDOWN], ids=[c[0] for c in MARKDOWN]
)
def test_markdown(write: Write, content: str, expected: Kinds) -> None:
    """Prose, headings, items and rows stay; markup, code and link targets go."""
    assert blocks(write("a.md", content)) == expected


HTML: list[tuple[str, str, Kinds]] = [
    (
        "visible text only",
        "<style>x</style><p>A<script>x</script> b</p><nav>n</nav><footer>f</footer>",
        [(T, "A b")],
    ),
    (
        "hidden text",
        "<p>A</p><p hidden>B</p><p style='color: red; display : none'>C</p>D",
        [(T, "A"), (T, "D")],
    ),
    (
        "unclosed tags",
        "<p>One<p>Two<ul><li>Three<li>Four",
        [(T, "One"), (T, "Two"), (I, "Three"), (I, "Four")],
    ),
    (
        "inline tags do not part words",
        "<p>re<b>fun</b>d &amp; <a href=x>fee</a></p>",
        [(T, "refund & fee")],
    ),
    ("comments do not part text", "<p>A <!-- x -->b</p>", [(T, "A b")]),
    (
        "only the main part",
        "<header>Top</header><main><h1>A</h1><p>B</p></main><div>side</div>",
        [(H, "A"), (T, "B")],
    ),
    ("the title where no heading is", "<title>Fees</title><p>B</p>", [(H, "Fees"), (T, "B")]),
    (
        "a permalink",
        "<h2>Fees<a class=headerlink href=#f>¶</a></h2><p>B</p>",
        [(H, "Fees"), (T, "B")],
    ),
    ("a declared encoding", "<?xml version='1.0' encoding='latin-1'?><p>费用</p>", [(T, "费用")]),
    (
        "a cell that spans rows",
        "<table><tr><th>Plan<th>Fee<tr><td rowspan=2>Basic<td>$5<tr><td>$50</table>",
        [(R, "Plan: Basic; Fee: $5"), (R, "Plan: Basic; Fee: $50")],
    ),
    (
        "a bold first row is the header",
        "<table><tr><td><b>Name</b><td><b>Limit</b><tr><td>Cash<br>card<td>300</table>",
        [(R, "Name: Cash card; Limit: 300")],
    ),
    (
        "two plain columns have none",
        "<table><tr><td>Name<td>Bo<tr><td>Age<td>7</table>",
        [(R, "Name; Bo"), (R, "Age; 7")],
    ),
    (
        "a layout table is no table",
        "<table><tr><td><h2>A</h2><p>B</p></table>",
        [(H, "A"), (T, "B")],
    ),
]


@pytest.mark.parametrize(("content", "expected"), [c[1:] for c in HTML], ids=[c[0] for c in HTML])
def test_html(write: Write, content: str, expected: Kinds) -> None:
    """What a reader of the page sees, block by block."""
    assert blocks(write("a.html", content)) == expected


RST = """Fees
====

See :ref:`the guide <x>` and ``code`` and `here <http://a.b>`_.

.. note:: The fee is kept.

.. code-block:: python

   x = 1

.. automodule:: a.b

.. include:: /etc/hostname

- one
- two

====  ========
Code  Reason
====  ========
R01   No funds
====  ========
"""


def test_rst(write: Write) -> None:
    """Roles become words; code, unknown directives and included files stay out."""
    assert blocks(write("a.rst", RST)) == [
        (H, "Fees"),
        (T, "See the guide and code and here."),
        (T, "Note"),
        (T, "The fee is kept."),
        (I, "one"),
        (I, "two"),
        (R, "Code: R01; Reason: No funds"),
    ]


TEXT = """ACME Returns Manual

1.1 Overview
Fees may be applied by the bank as a result of returned files, by writ-
ten authorization or by the well-
known rule. They are kept by the bank in each and
every case.
The next paragraph starts here, without a blank line.
- Call the airline.
* Then amend it
1. First step
"""


def test_text(write: Write) -> None:
    """Wrapped lines are joined, broken words healed, list items and headings told apart."""
    assert blocks(write("a.txt", TEXT)) == [
        (H, "ACME Returns Manual"),
        (H, "1.1 Overview"),
        (
            T,
            "Fees may be applied by the bank as a result of returned files, by written "
            "authorization or by the well-known rule. They are kept by the bank in each and every "
            "case.",
        ),
        (T, "The next paragraph starts here, without a blank line."),
        (I, "Call the airline."),
        (I, "Then amend it"),
        (I, "First step"),
    ]


def test_chinese_text(write: Write) -> None:
    """Indented paragraphs, articles and numbered clauses each begin a block."""
    text = (
        "公积金管理规定\n第一章 总则\n　　第一条 本规定由管理委员会负责解释并监督有关单位切实\n"
        "执行。\n第二条 委员会是决策机构。\n（一）购买住房的；\n（二）出境定居的。"
    )
    assert blocks(write("a.txt", text)) == [
        (H, "公积金管理规定"),
        (H, "第一章 总则"),
        (T, "第一条 本规定由管理委员会负责解释并监督有关单位切实执行。"),
        (T, "第二条 委员会是决策机构。"),
        (T, "（一）购买住房的；"),
        (T, "（二）出境定居的。"),
    ]


def test_lines_that_nobody_wrapped_are_paragraphs(write: Write) -> None:
    """Where lines are far longer than a page is wide, each is its own."""
    line = "The fee is kept by the bank and " * 10 + "so on"
    assert [block.text for block in read_blocks(write("a.txt", f"{line}\n{line}"))] == [line, line]


def test_invisible_characters_are_dropped(write: Write) -> None:
    """Soft hyphens, zero-width spaces and control characters never reach a sentence."""
    path = write("a.txt", "The re\u00adfund\u200b is\u00a0kept.")
    assert read_blocks(path) == [Block("The refund is kept.")]
