"""What the page is made of: parts with lines, pictures and tables."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """A row of a table; its first cell is its name."""

    cells: tuple[str, ...]
    own: bool = False
    """Whether it is the run's own, among others'."""


@dataclass(frozen=True)
class Table:
    """A table; of numbers, or of texts."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""
    numbers: bool = True


@dataclass(frozen=True)
class Picture:
    """A plot and its title."""

    svg: str
    title: str = ""


@dataclass
class Part:
    """One section."""

    key: str
    """Of its title."""
    hint: bool = True
    """Whether the first line only says what is shown."""
    half: bool = False
    """Whether two such parts stand side by side where there is room."""
    lines: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
