"""What became of the rows, in numbers."""

from fc_distilabel.runs.funnel import make_funnel
from fc_distilabel.types import Usage
from outcomes import kept, lost


def test_every_row_ends_in_one_place() -> None:
    """What a stage passes on is what the next one gets; the last one's kept rows are the run's."""
    outcomes = [
        *(lost(0, a, stage="scenario", reason="no request") for a in range(3)),
        lost(1, 0, stage="toolset"),
        lost(1, 1, "zh", stage="validation"),
        *(kept(2, a, "zh") for a in range(4)),
    ]
    funnel = make_funnel(outcomes)
    made = [(stage.made, stage.kept) for stage in funnel.stages]
    assert made == [(9, 6), (6, 5), (5, 5), (5, 5), (5, 4)]
    assert funnel.stages[0].reasons == {"no request": 3}
    assert (funnel.total.attempted, funnel.total.kept) == (9, 4)
    assert funnel.languages["en"].share == 0
    assert funnel.languages["zh"].share == 0.8


def test_cost_is_counted_by_stage() -> None:
    """Calls, tokens and seconds of all rows, dropped ones included."""
    usage = Usage(stage="toolset", calls=2, prompt_tokens=10, completion_tokens=5, seconds=1.5)
    dropped = lost(1).model_copy(update={"usage": (usage,)})
    funnel = make_funnel([kept(0, usage=usage), dropped])
    stage = funnel.stages[1]
    assert (stage.calls, stage.prompt_tokens, stage.completion_tokens) == (4, 20, 10)
    assert stage.seconds == 3.0
    assert funnel.calls == 4 and funnel.tokens == 30


def test_reasons_come_by_frequency() -> None:
    """The first reason is the one to look at."""
    reasons = ["b", "a", "c", "c"]
    funnel = make_funnel([lost(i, reason=reason) for i, reason in enumerate(reasons)])
    assert list(funnel.stages[3].reasons) == ["c", "a", "b"]


def test_a_run_of_nothing() -> None:
    """No outcome, no share, no error."""
    funnel = make_funnel([])
    assert funnel.total.share == 0 and funnel.languages == {}
    assert funnel.to_report()["total"]["share"] == 0
    assert funnel.coverage.rows == 0 and "coverage" not in funnel.to_report()
