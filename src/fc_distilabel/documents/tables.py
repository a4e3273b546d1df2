"""A table's rows as labelled lines: `Code: R01; Reason: Insufficient Funds`.

A row is read on its own later, so the header's names travel with its cells.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fc_distilabel.documents.blocks import tidy
from fc_distilabel.documents.language import count_han

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_SPAN = 20  # a hostile colspan="1000000000" must not become a billion cells
_MAX_HEADER_CELL = 30


def label_rows(root: "HtmlElement") -> None:
    """Replace the rows of every data table below `root` by `row` elements that hold lines."""
    for table in list(root.iter("table")):
        if not _is_data(table):
            continue
        lines = list(_lines(table))
        table.clear(keep_tail=True)
        for line in lines:
            row = table.makeelement("row")
            row.text = line
            table.append(row)


def _is_data(table: "HtmlElement") -> bool:
    """Not a layout table: two columns or more, and neither tables nor headings inside."""
    # Asked for with `next`: an element's own truth value is whether it has children.
    heading = next(table.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)
    if heading is not None or table.find(".//table") is not None:
        return False
    return any(len(row.findall("td")) + len(row.findall("th")) > 1 for row in table.iter("tr"))


def _lines(table: "HtmlElement") -> Iterator[str]:
    for node in table.iter("br", "p", "div", "li"):
        node.tail = "\n" + (node.tail or "")
    rows = list(table.iter("tr"))
    grid = _grid(rows)
    header = _has_header(rows, grid)
    labels = grid[0] if header else []
    for cells in grid[header:]:
        line = _line(labels, cells)
        if line:
            yield line


def _grid(rows: "Sequence[HtmlElement]") -> list[list[str]]:
    """Cells by row and column; a cell that spans rows or columns stands in each of its rows."""
    grid: list[list[str]] = []
    below: dict[int, tuple[str, int]] = {}  # column -> text that still spans so many rows
    for row in rows:
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _fill(cells, below)
            text, rowspan = tidy(cell.text_content()), _span(cell, "rowspan")
            for index in range(_span(cell, "colspan")):
                if rowspan > 1:
                    below[len(cells)] = (text, rowspan - 1)
                cells.append("" if index else text)
        _fill(cells, below)
        grid.append(cells)
    return grid


def _fill(cells: list[str], below: dict[int, tuple[str, int]]) -> None:
    """Append what cells of earlier rows span into this place."""
    while (column := len(cells)) in below:
        text, left = below.pop(column)
        cells.append(text)
        if left > 1:
            below[column] = (text, left - 1)
            if len(cells) > 10 * _MAX_SPAN:
                return


def _span(cell: "HtmlElement", name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(int(value), _MAX_SPAN)) if value.isascii() and value.isdigit() else 1


def _has_header(rows: "Sequence[HtmlElement]", grid: list[list[str]]) -> bool:
    """Whether the first row names the columns: marked so, all bold, or plainly a row of names."""
    first = rows[0]
    cells = list(first.iterchildren("td", "th"))
    if all(cell.tag == "th" for cell in cells):
        return True
    if len(rows) < 2 or any(cell.tag == "th" for row in rows for cell in row):
        return False
    bold = "".join(node.text_content() for node in first.iter("strong", "b"))
    if bold.split() == first.text_content().split():
        return True
    return len(rows) > 2 and len(grid[0]) > 2 and all(_is_name(cell) for cell in grid[0])


def _is_name(cell: str) -> bool:
    """A short word or two without a number: what a column is called."""
    return 0 < len(cell) <= _MAX_HEADER_CELL and not any(c.isdigit() or c in ".。" for c in cell)


def _line(labels: Sequence[str], cells: Sequence[str]) -> str:
    """The cells with their labels, punctuated in the row's own language."""
    chinese = count_han("".join([*labels, *cells])) > 0
    colon, semicolon = ("：", "；") if chinese else (": ", "; ")
    padded = [*labels, *[""] * (len(cells) - len(labels))]
    parts = [
        f"{label.rstrip(':：')}{colon}{cell}" if label and label != cell else cell
        for label, cell in zip(padded, cells, strict=False)
        if cell
    ]
    return semicolon.join([part.rstrip(".;。；") for part in parts[:-1]] + parts[-1:])
