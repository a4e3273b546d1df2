"""What a report says, as nouns: `report.json` is one `Report`, and the page shows the same."""

from pydantic import Field

from fc_distilabel.apis.complexity import Complexity, Measured
from fc_distilabel.report.contamination import Hit
from fc_distilabel.report.diversity import Diversity
from fc_distilabel.types import Json, Noun


class Flaw(Noun):
    """Something of the run that could not be measured, and where it stands."""

    place: str
    why: str


class Problems(Noun):
    """What could not be read, and what this version does not know."""

    unread: int = 0
    """Lines that are no rows."""
    flaws: tuple[Flaw, ...] = ()
    """The first of them, and files that are missing or damaged."""
    newer: int = 0
    """Rows with keys or kinds that this version does not know."""
    unknown: tuple[str, ...] = ()
    """Those keys and kinds."""


class Stage(Noun):
    """One stage of the run."""

    stage: str
    made: int
    kept: int
    reasons: dict[str, int]
    tokens: int
    calls: int


class Yield(Noun):
    """What became of the attempted rows, and what it cost."""

    attempted: int = 0
    kept: int = 0
    surplus: int = 0
    pairs: int = 0
    """Preference pairs."""
    mistakes: dict[str, int] = Field(default_factory=dict)
    """Preference pairs by what is wrong with the rejected turn."""
    stages: tuple[Stage, ...] = ()
    tokens: int = 0
    requests: int = 0
    """Requests to models."""
    wall_seconds: float = 0.0


class MakeUp(Noun):
    """What the rows are."""

    kinds: dict[str, int] = Field(default_factory=dict)
    languages: dict[str, int] = Field(default_factory=dict)
    domains: dict[str, int] = Field(default_factory=dict)
    """The most frequent ones."""
    domains_in_all: int = 0
    turns: dict[int, int] = Field(default_factory=dict)
    """Rows by the number of the user's turns."""
    calls: dict[int, int] = Field(default_factory=dict)
    """Rows by the number of calls."""
    worded_by_code: dict[str, int] = Field(default_factory=dict)
    """Rows whose `user` or `answer` code had to word."""
    completed_by_code: dict[str, int] = Field(default_factory=dict)
    """Rows in which code added a value that the model's words left out."""

    @property
    def call_nothing(self) -> int:
        """Rows without a call."""
        return self.calls.get(0, 0)


class Tools(Noun):
    """How complex the tools are that rows offer, each tool once."""

    measured: Measured
    target: Complexity | None = None
    """What was asked for; None where nothing was."""
    preset: int = 0


class Covering(Noun):
    """Rows by kind and by what their calls make use of."""

    features: dict[str, int] = Field(default_factory=dict)
    kinds: dict[str, dict[str, int]] = Field(default_factory=dict)


class Spoken(Noun):
    """How much the requests of one language differ."""

    language: str
    requests: int
    figures: Diversity | None
    """None where they are too few."""


class Published(Noun):
    """A published set, measured by the same code at the same size."""

    name: str
    figures: Diversity


class Variety(Noun):
    """Diversity of the run, beside that of published sets."""

    languages: tuple[Spoken, ...] = ()
    published: tuple[Published, ...] = ()


class Origins(Noun):
    """How the values of arguments are borne out: by which message, and in what way."""

    values: int = 0
    carriers: dict[str, dict[str, int]] = Field(default_factory=dict)
    """Who carries the value (`user`, `system`, `tool`, `schema`) -> how -> values."""
    ungrounded: int = 0


class Likeness(Noun):
    """How easily an offered tool is taken for the one that is called."""

    rows: int = 0
    """Rows that were measured: a sample where there are many."""
    of: int = 0
    """Rows that call a tool and offer another."""
    mean: float = 0.0
    shares: tuple[int, ...] = ()
    """Rows by their most confusable tool, in ten steps from 0 to 1."""


class Judged(Noun):
    """What the judge scored."""

    rows: int = 0
    approved: int = 0
    disagreement: float = 0.0
    """Mean share of judges that were outvoted."""
    scores: dict[str, dict[int, int]] = Field(default_factory=dict)
    """Turns by criterion and score."""


class Found(Noun):
    """What was found of the benchmarks that the user named."""

    benchmarks: dict[str, int] = Field(default_factory=dict)
    """Questions by benchmark."""
    unread: int = 0
    rows: int = 0
    """Rows that say again what a benchmark asks."""
    rules: dict[str, int] = Field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    """The first of them."""


class Report(Noun):
    """All that is said of a run."""

    name: str
    rows: int
    ending: str = ""
    language: str = "en"
    """That of the page."""
    made_with: dict[str, str] = Field(default_factory=dict)
    problems: Problems = Problems()
    outcome: Yield = Yield()
    make_up: MakeUp = MakeUp()
    tools: Tools | None = None
    coverage: Covering = Covering()
    variety: Variety = Variety()
    origins: Origins = Origins()
    likeness: Likeness = Likeness()
    judged: Judged = Judged()
    agreement: dict[str, Json] = Field(default_factory=dict)
    """`agreement.json` of a pull, as it is."""
    contamination: Found | None = None
    """None where no benchmark was named."""
    clean: str = ""
    """Folder of the rows without the contaminated, where it was asked for."""
    samples: tuple[str, ...] = ()
    """Ids of the rows that the page shows."""
