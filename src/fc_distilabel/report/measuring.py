"""One pass over a run's rows: what is measured is counted, and the row is let go.

What grows with the rows is small: a request of each row up to a bound, and 20 rows of each kind.
Who is taken for a sample follows from the row's id, so the order of the rows changes nothing.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heappush, heappushpop
from typing import Generic, TypeVar

from fc_distilabel.apis.complexity import counted
from fc_distilabel.report.reading import right_calls
from fc_distilabel.report.texts import user_turns
from fc_distilabel.runs.coverage import used_features
from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.schemas.dialects import read_tools
from fc_distilabel.synthesis.seeds import derive_seed
from fc_distilabel.types import KINDS, Json, Tool, canonical_json, content_id

T = TypeVar("T")

REQUESTS = 5_000
"""Requests of a language that are kept to measure diversity."""
PAIRED = 300
"""Rows whose tools are measured for confusability."""
EACH = 20
"""Rows of a kind that are kept to be shown."""
LARGEST = 100_000
"""Bytes of a row that may be shown as a sample."""
KEYS = frozenset(
    "id kind language domain document user_goal evidence persona tools result_schemas "
    "messages gold_calls facts end_state decided_by wording candidates grounding violations "
    "judgement".split()
)
"""What a row has in this version."""
UNKNOWN = "?"
NAMES = 40
"""Kinds, languages and the like that are told apart: a file may hold any number of them."""
DOMAINS = 10_000


@dataclass
class Sample(Generic[T]):
    """So many of all that were seen, chosen by their ids and in the order of the choice."""

    purpose: str
    size: int
    seen: int = 0
    _held: list[tuple[int, str, T]] = field(default_factory=list)

    def add(self, id_: str, thing: T) -> None:
        """See one more."""
        self.seen += 1
        ranked = (-derive_seed(self.purpose, id_), f"{id_}/{self.seen}", thing)
        if len(self._held) < self.size:
            heappush(self._held, ranked)
        else:
            heappushpop(self._held, ranked)

    def all(self) -> list[T]:
        """Those that were chosen."""
        return [thing for _, _, thing in sorted(self._held, key=lambda held: (-held[0], held[1]))]


@dataclass
class Measures:
    """The counts."""

    rows: int = 0
    newer: int = 0
    unknown: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    turns: Counter[int] = field(default_factory=Counter)
    calls: Counter[int] = field(default_factory=Counter)
    by_code: Counter[str] = field(default_factory=Counter)
    completed: Counter[str] = field(default_factory=Counter)
    features: Counter[str] = field(default_factory=Counter)
    covered: Counter[tuple[str, str]] = field(default_factory=Counter)
    complexity: Counter[str] = field(default_factory=Counter)
    deepest: int = 0
    origins: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged: int = 0
    approved: int = 0
    disagreement: float = 0.0
    scores: Counter[tuple[str, int]] = field(default_factory=Counter)
    requests: dict[str, Sample[str]] = field(default_factory=dict)
    paired: Sample[tuple[Tool, tuple[Tool, ...]]] = field(
        default_factory=lambda: Sample("confusability", PAIRED)
    )
    samples: dict[str, Sample[dict[str, Json]]] = field(default_factory=dict)
    _tools: set[str] = field(default_factory=set)

    def add(self, row: dict[str, Json], size: int) -> None:
        """Count a row that reads like one (`reading.row_flaw`); `size` is that of its line."""
        self.rows += 1
        self._add_unknown(row, _text(row, "kind"))
        kind = _one_of(self.kinds, _text(row, "kind"))
        language = _one_of(self.languages, _text(row, "language"))
        self.kinds[kind] += 1
        self.languages[language] += 1
        self.domains[_one_of(self.domains, _text(row, "domain"), DOMAINS)] += 1
        self._add_talk(row, language)
        self._add_tools(row, kind)
        self._add_origins(row)
        self._add_judgement(row)
        if size <= LARGEST:
            kept = self.samples.setdefault(kind, Sample("sample", EACH))
            kept.add(row["id"], row)

    def _add_unknown(self, row: Mapping[str, Json], kind: str) -> None:
        strange = [key for key in row if key not in KEYS]
        strange += [] if kind in (*KINDS, UNKNOWN) else [f"kind {kind}"]
        self.newer += bool(strange)
        if len(self.unknown) < NAMES:
            self.unknown.update(name[:80] for name in strange)

    def _add_talk(self, row: Mapping[str, Json], language: str) -> None:
        said = user_turns(row["messages"])
        self.turns[len(said)] += 1
        self.calls[sum(len(_objects(m, "tool_calls")) for m in row["messages"])] += 1
        if said:
            kept = self.requests.setdefault(language, Sample("requests", REQUESTS))
            kept.add(row["id"], said[0])
        wording = row.get("wording")
        if isinstance(wording, dict):
            for author, counts in (("code", self.by_code), ("both", self.completed)):
                parts = [part[:40] for part, by in wording.items() if by == author]
                counts.update(_one_of(counts, part) for part in parts)

    def _add_tools(self, row: Mapping[str, Json], kind: str) -> None:
        tools: dict[str, Tool] = {}
        for told in row["tools"]:
            if (tool := _tool_of(told)) is not None:
                tools[tool.name] = tool
                self._add_complexity(tool)
        made = [
            c for c in right_calls(row) if isinstance(c.get("name"), str) and c["name"] in tools
        ]
        self._add_features(kind, made, tools)
        called = {call["name"] for call in made}
        others = tuple(tool for name, tool in tools.items() if name not in called)
        if made and others:
            self.paired.add(row["id"], (tools[made[0]["name"]], others))

    def _add_complexity(self, tool: Tool) -> None:
        identity = content_id(tool.name, tool.parameters)
        if identity in self._tools:
            return
        self._tools.add(identity)
        counts = counted(tool.parameters)
        self.deepest = max(self.deepest, counts.pop("max_depth"))
        self.complexity += counts

    def _add_features(
        self, kind: str, made: list[dict[str, Json]], tools: Mapping[str, Tool]
    ) -> None:
        used: set[str] = set()
        for call in made:
            arguments = call.get("arguments")
            if isinstance(arguments, dict) and refuse(arguments) is None:
                used.update(used_features(tools[call["name"]].parameters, arguments))
        self.features.update(used)
        self.covered.update((kind, feature) for feature in used)

    def _add_origins(self, row: Mapping[str, Json]) -> None:
        for value in _objects(row, "grounding"):
            carrier = _carrier(value.get("source"), row["messages"])
            origin = (carrier, str(value.get("how") or "")[:40])
            known = origin in self.origins or len(self.origins) < 10 * NAMES
            self.origins[origin if known else (carrier and UNKNOWN, UNKNOWN)] += 1

    def _add_judgement(self, row: Mapping[str, Json]) -> None:
        judgement = row.get("judgement")
        if not isinstance(judgement, dict):
            return
        self.judged += 1
        self.approved += judgement.get("approved") is True
        outvoted = judgement.get("disagreement")
        if isinstance(outvoted, int | float) and 0 <= outvoted <= 1:
            self.disagreement += outvoted
        for turn in _objects(judgement, "turns"):
            for name, score in _scores(turn):
                known = (name, score) in self.scores or len(self.scores) < NAMES
                self.scores[name if known else UNKNOWN, score] += 1


def in_order(kinds: Iterable[str]) -> list[str]:
    """Kinds in the order of `KINDS`; those that are not known come last."""
    places: dict[str, int] = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(kinds, key=lambda kind: (places.get(kind, len(places)), kind))


def _tool_of(told: Json) -> Tool | None:
    """The tool that a row offers; None where it is none."""
    if refuse(told) is not None:
        return None
    return _read_tool(canonical_json(told))


@lru_cache(maxsize=4_000)
def _read_tool(told: str) -> Tool | None:
    return next(iter(read_tools([json.loads(told)]).tools), None)


def _carrier(source: Json, messages: list[Json]) -> str:
    """Who carries a value: the role of a message, or `schema`; nothing where nobody does."""
    name, _, index = str(source or "").partition("/")
    if name != "messages":
        return name[:40]
    if not index.isdecimal() or int(index) >= len(messages):
        return UNKNOWN
    return str(messages[int(index)].get("role"))[:40]


def _scores(turn: Mapping[str, Json]) -> Iterator[tuple[str, int]]:
    scores = turn.get("scores")
    if isinstance(scores, dict):
        whole = ((name, score) for name, score in scores.items() if type(score) is int)
        yield from ((name[:40], score) for name, score in whole if 1 <= score <= 5)


def _one_of(names: Collection[str], name: str, most: int = NAMES) -> str:
    """The name, unless it is one too many."""
    return name if name in names or len(names) < most else UNKNOWN


def _text(row: Mapping[str, Json], key: str) -> str:
    value = row.get(key)
    return value[:120] if isinstance(value, str) and value else UNKNOWN


def _objects(row: Mapping[str, Json], key: str) -> list[dict[str, Json]]:
    values = row.get(key)
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []
