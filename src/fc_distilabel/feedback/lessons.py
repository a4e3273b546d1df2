"""What the answers of people ask of the next run: examples, emphasis, what to avoid, a rubric.

The lessons are data (`runs.guidance`), drawn from decided records alone: where people did not agree
nothing is learnt.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sklearn.metrics import cohen_kappa_score

from fc_distilabel.feedback.harvest import Gleaned, agreed_classes
from fc_distilabel.feedback.judged import lowest_score
from fc_distilabel.feedback.turns import Row
from fc_distilabel.feedback.votes import Agreeing, Reviewed
from fc_distilabel.runs.guidance import MOST, Avoided, Guidance
from fc_distilabel.synthesis.data import MessageExample
from fc_distilabel.synthesis.judging import Rubrics, shipped_rubrics
from fc_distilabel.types import LANGUAGES, Kind, Language, Persona, Tool

DECIDED = ("approved", "corrected", "rejected")
EXERCISED_BY: dict[str, tuple[Kind, ...]] = {
    "wrong function": ("multiple", "missing_function"),
    "wrong value": ("parallel", "multi_turn", "change_of_mind"),
    "wrong type": ("invalid_value",),
    "missing required": ("missing_parameter",),
    "missing optional": ("parallel", "multi_turn"),
    "unexpected argument": ("missing_parameter", "invalid_value"),
    "wrong number of calls": ("parallel", "dependent"),
    "unneeded call": ("irrelevant", "missing_function", "missing_parameter"),
    "missing call": ("dependent", "multi_turn", "tool_error"),
}
"""Which kinds of dialogue a mistake is made in; mistakes of wording are made in all."""
SCENARIO_FAULTS = frozenset({"wrong tools", "other"})
"""Reasons to reject a row that lie in what was planned; so does a rejection without a reason."""
LEAST_LABELS = 10
"""Decided records of a language below which its judge is not calibrated."""
_NOTES: dict[Language, tuple[str, str, str]] = {
    "en": ("want: ", "; {}: {}", " and "),
    "zh": ("想办：", "；{}：{}", "和"),
}
"""How the prompt notes down the wish, a value, and several values of one label."""


class Learnt(NamedTuple):
    """A decided record, and what people agree is wrong with it."""

    row: Row
    outcome: str
    classes: frozenset[str]


def decided(gleaned: Sequence[tuple[Reviewed, Gleaned]], policy: Agreeing) -> list[Learnt]:
    """The records that people have decided, in their order."""
    return [
        Learnt(reviewed.row, one.outcome, frozenset(agreed_classes(reviewed.votes, policy)))
        for reviewed, one in gleaned
        if one.outcome in DECIDED
    ]


def guidance(records: Sequence[Learnt]) -> Guidance:
    """What the next run takes in."""
    return Guidance(
        decided=len(records),
        examples=_examples(records),
        emphasis=_emphasis(records),
        avoid=tuple(_avoided(records)),
    )


def calibrated(records: Sequence[Learnt]) -> Rubrics | None:
    """The rubrics with the pass mark that agrees best with people; None without enough labels.

    Agreement is Cohen's kappa between "people approved" and "no score is below the mark". Of
    equally good marks the one nearest to the shipped one is taken.
    """
    rubrics, changed = dict(shipped_rubrics()), False
    for language in LANGUAGES:
        labels = _labels(records, language)
        if len(labels) >= LEAST_LABELS and len({approved for _, approved in labels}) > 1:
            mark = _best_mark(labels, rubrics[language].pass_mark)
            rubrics[language] = rubrics[language].model_copy(update={"pass_mark": mark})
            changed = True
    return rubrics if changed else None


def _examples(records: Sequence[Learnt]) -> dict[Language, dict[str, tuple[MessageExample, ...]]]:
    found: dict[Language, dict[str, tuple[MessageExample, ...]]] = {}
    for row in (each.row for each in records if each.outcome == "approved"):
        example = _example(row)
        if example is not None:
            forms = found.setdefault(row["language"], {})
            forms[_form(row)] = (*forms.get(_form(row), ()), example)
    return found


def _example(row: Row) -> MessageExample | None:
    """The opening message that a model worded; None where code did, or where JSON would garble."""
    opening = next(m["content"] for m in row["messages"] if m["role"] == "user")
    facts = [f for f in row.get("facts", ()) if f["turn"] == 0 and f["told_by"] == "user"]
    if row.get("wording", {}).get("user") != "model" or not facts:
        return None
    if any(sign in opening for sign in '"\\\n'):
        return None
    lead, item, joined = _NOTES[row["language"]]
    by_label: dict[str, list[str]] = {}
    for fact in facts:
        said = by_label.setdefault(fact["label"], [])
        said += [fact["said"]] if fact["said"] not in said else []
    notes = (item.format(label, joined.join(said)) for label, said in by_label.items())
    goal = row["user_goal"].rstrip(".。?？")
    return MessageExample(notes=f"{lead}{goal}{''.join(notes)}", message=opening)


def _form(row: Row) -> str:
    """Which form of opening it is, as `synthesis.user_turn` tells them apart."""
    if row["kind"] == "parallel":
        return "parallel"
    return Persona.model_validate(row["persona"]).manner


def _emphasis(records: Sequence[Learnt]) -> dict[Kind, float]:
    """Twice a kind's share of the mistakes comes on top of what it has."""
    counted: Counter[Kind] = Counter()
    for each in records:
        if each.outcome != "approved":
            kinds = (kind for name in each.classes for kind in EXERCISED_BY.get(name, ()))
            counted.update(set(kinds))
    return {
        kind: min(MOST, round(1 + (MOST - 1) * count / len(records), 3))
        for kind, count in sorted(counted.items())
    }


def _avoided(records: Sequence[Learnt]) -> Iterator[Avoided]:
    for row, outcome, classes in records:
        if outcome == "rejected" and (not classes or classes & SCENARIO_FAULTS):
            yield Avoided(
                row=row["id"],
                language=row["language"],
                goal=row["user_goal"],
                tool=_called(row) if "wrong tools" in classes else None,
            )


def _called(row: Row) -> Tool | None:
    """The tool that the row calls first; None where it calls none."""
    names = [call["name"] for call in row["gold_calls"][:1]]
    functions = (tool["function"] for tool in row["tools"])
    return next(
        (
            Tool(
                name=each["name"],
                description=each.get("description", ""),
                parameters=each["parameters"],
            )
            for each in functions
            if each["name"] in names
        ),
        None,
    )


def _labels(records: Sequence[Learnt], language: Language) -> list[tuple[int, bool]]:
    """The judge's lowest score, and whether people approved."""
    return [
        (lowest, each.outcome == "approved")
        for each in records
        if each.row["language"] == language and (lowest := lowest_score(each.row)) is not None
    ]


def _best_mark(labels: Sequence[tuple[int, bool]], usual: int) -> int:
    people = [approved for _, approved in labels]

    def rank(mark: int) -> tuple[float, int]:
        judge = [lowest >= mark for lowest, _ in labels]
        return float(cohen_kappa_score(judge, people)), -abs(mark - usual)

    return max(range(1, 6), key=rank)
