"""Counts as figures."""

from collections.abc import Mapping

from fc_distilabel.apis.complexity import PRESETS, measured
from fc_distilabel.report.figures import Covering, Judged, MakeUp, Origins, Tools
from fc_distilabel.report.measuring import UNKNOWN, Measures, in_order
from fc_distilabel.runs.coverage import ALL_FEATURES
from fc_distilabel.types import KINDS, Json

_DOMAINS = 12


def made_with(run: Mapping[str, Json]) -> dict[str, str]:
    """What the run says it was made with."""
    settings, versions = as_object(run, "settings"), as_object(run, "versions")
    told = {
        "model": settings.get("llm"),
        "seed": settings.get("seed"),
        "fc-distilabel": versions.get("fc-distilabel"),
    }
    return {name: str(value)[:120] for name, value in told.items() if value is not None}


def make_up(measures: Measures) -> MakeUp:
    """What the rows are."""
    return MakeUp(
        kinds={kind: measures.kinds[kind] for kind in in_order(measures.kinds)},
        languages=dict(sorted(measures.languages.items())),
        domains=dict(sorted(measures.domains.most_common(_DOMAINS), key=lambda d: (-d[1], d[0]))),
        domains_in_all=len(measures.domains),
        turns=dict(sorted(measures.turns.items())),
        calls=dict(sorted(measures.calls.items())),
        worded_by_code=dict(sorted(measures.by_code.items())),
        completed_by_code=dict(sorted(measures.completed.items())),
    )


def tools(measures: Measures, run: Mapping[str, Json]) -> Tools | None:
    """How complex the tools are beside what was asked for; None where there are none."""
    if not measures.complexity["tools"]:
        return None
    preset = as_object(run, "settings").get("preset")
    asked = preset if isinstance(preset, int) and preset in PRESETS else 0
    return Tools(
        measured=measured(measures.complexity, measures.deepest),
        target=PRESETS.get(asked),
        preset=asked,
    )


def coverage(measures: Measures) -> Covering:
    """Rows by kind and feature."""
    found = [feature for feature in ALL_FEATURES if measures.features[feature]]
    kinds = [kind for kind in KINDS if any(measures.covered[kind, f] for f in found)]
    return Covering(
        features={feature: measures.features[feature] for feature in ALL_FEATURES},
        kinds={kind: {f: measures.covered[kind, f] for f in found} for kind in kinds},
    )


def origins(measures: Measures) -> Origins:
    """Values that nobody carries, or that no message can be named for, are ungrounded."""
    nobody = sum(count for (carrier, _), count in measures.origins.items() if not carrier)
    carriers: dict[str, dict[str, int]] = {}
    for (carrier, how), count in sorted(measures.origins.items(), key=lambda o: (-o[1], o[0])):
        if carrier:
            carriers.setdefault(carrier, {})[how or UNKNOWN] = count
    return Origins(values=measures.origins.total(), carriers=carriers, ungrounded=nobody)


def judged(measures: Measures) -> Judged:
    """What the judge scored."""
    scores: dict[str, dict[int, int]] = {}
    for (criterion, score), count in sorted(measures.scores.items()):
        scores.setdefault(criterion, {})[score] = count
    return Judged(
        rows=measures.judged,
        approved=measures.approved,
        disagreement=round(measures.disagreement / max(1, measures.judged), 4),
        scores=scores,
    )


def as_object(value: Mapping[str, Json], key: str) -> dict[str, Json]:
    """The object at a key; an empty one where there is none."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}
