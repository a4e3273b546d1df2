"""Diversity of a run's requests beside that of published sets, at one size.

`published.json` holds what `tests/benchmarks/diversity.py` measured of the sets themselves by the
code next door; of their data nothing is kept.
"""

import json
from collections.abc import Mapping
from importlib.resources import files

from fc_distilabel.report.diversity import Diversity, diversity, size_for
from fc_distilabel.report.figures import Published, Spoken, Variety
from fc_distilabel.report.measuring import Sample

PUBLISHED = "published.json"
PUBLISHED_IN = "en"
"""The language of the published sets: figures of another are not held against them."""


def variety(requests: Mapping[str, Sample[str]]) -> Variety:
    """The figures of each language, and of the published sets at the size of the English ones."""
    languages = [_spoken(name, kept) for name, kept in sorted(requests.items())]
    english = next((s.figures for s in languages if s.language == PUBLISHED_IN), None)
    return Variety(languages=tuple(languages), published=published_at(english.n) if english else ())


def published_at(n: int) -> tuple[Published, ...]:
    """The published sets that were measured at a size."""
    sets = json.loads((files("fc_distilabel.report") / PUBLISHED).read_text("utf-8"))["sets"]
    return tuple(
        Published(name=each["name"], figures=Diversity(**figures))
        for each in sets
        for figures in each["figures"]
        if figures["n"] == n
    )


def _spoken(language: str, kept: Sample[str]) -> Spoken:
    n = size_for(kept.seen)
    figures = diversity(kept.all(), n) if n else None
    return Spoken(language=language, requests=kept.seen, figures=figures)
