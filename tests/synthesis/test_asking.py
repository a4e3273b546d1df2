"""Asking a model: what is accepted, what is asked again, and what it costs."""

import pytest

from fc_distilabel.errors import Dropped, EndpointError
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.asking import TRIES, first_complaint
from fc_distilabel.synthesis.chat import Completion
from fc_distilabel.synthesis.wording import text_field
from talk import Scripted, asker, drop_of, run

SCHEMA = closed_object({"answer": text_field(40)})
GOOD = {"answer": "a blue door"}


def ask(line, check=lambda reply: "", **options):
    return line.json("refusal", SCHEMA, check, max_tokens=50, message="Which door?", **options)


def test_an_acceptable_reply_is_taken_at_once():
    """A reply that parses, follows the schema and passes the check costs one request."""
    model = Scripted(answer=[GOOD])
    assert run(ask(asker(model))) == GOOD
    [request] = model.requests
    assert request.response_schema == SCHEMA and request.max_tokens == 50
    assert request.stage == "dialogue"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("no JSON at all", "reply is not JSON"),
        ('{"answer": "a blue door"', "reply is not JSON"),
        ("", "reply is not JSON"),
        ('{"answer": "a", "answer": "b"}', "reply is not JSON"),
        ({"answer": 5}, "reply breaks its schema"),
        ({"answer": "a", "more": "b"}, "reply breaks its schema"),
        ([GOOD], "reply breaks its schema"),
        ({"answer": "a red door"}, "reply refused"),
        (
            Completion(text='{"answer": "a blue door"}', finish_reason="length"),
            "reply was cut at its token limit",
        ),
    ],
)
def test_nothing_is_repaired(bad, reason):
    """A reply with any flaw is asked for again, and in the end the row is dropped by its reason."""
    model = Scripted(answer=[bad])

    def check(reply):
        return "" if reply == GOOD else "not the blue one"

    assert drop_of(ask(asker(model), check)).reason == reason
    assert len(model.requests) == TRIES
    again = Scripted(answer=[bad, GOOD])
    assert run(ask(asker(again), check)) == GOOD
    assert len(again.requests) == 2


def test_the_complaint_goes_back_with_the_refused_reply():
    """The next try says what was written and what was wrong with it; the first says nothing."""
    model = Scripted(answer=[{"answer": "a red door"}, "scrawl", GOOD])
    run(ask(asker(model), lambda reply: "" if reply == GOOD else "paint it blue"))
    first, second, third = model.asked("answer")
    assert "Which door?" in first and "paint it blue" not in first
    assert second.startswith(first) and third.startswith(first)
    assert "a red door" in second and "paint it blue" in second
    assert "scrawl" in third and "paint it blue" not in third


def test_a_long_refused_reply_is_not_quoted_whole():
    """A reply that rambled does not make the next prompt ramble."""
    model = Scripted(answer=["x" * 100_000, GOOD])
    run(ask(asker(model)))
    first, second = model.asked("answer")
    assert len(second) < len(first) + 2000


def test_the_last_complaint_is_what_the_row_is_dropped_with():
    """A drop tells what was wrong last, after exactly as many tries as were allowed."""
    model = Scripted(answer=["scrawl", {"answer": "a red door"}])
    dropped = drop_of(ask(asker(model), lambda reply: "paint it blue", tries=2))
    assert (dropped.reason, dropped.detail) == ("reply refused", "paint it blue")
    assert len(model.requests) == 2


def test_a_check_may_drop_by_itself():
    """A check that raises `Dropped` refuses the reply just so, in its own words."""
    model = Scripted(answer=[GOOD])

    def check(reply):
        raise Dropped("no hinges", "the door has none")

    assert drop_of(ask(asker(model), check)).reason == "no hinges"
    assert "the door has none" in model.asked("answer")[1]


def test_failed_tries_cost_too():
    """The meter counts every request, the refused ones included."""
    line = asker(Scripted(answer=["scrawl", {"answer": 5}, GOOD]))
    run(ask(line))
    usage = line.usage
    assert (usage.stage, usage.calls) == ("dialogue", 3)
    assert (usage.prompt_tokens, usage.completion_tokens, usage.seconds) == (30, 15, 1.5)


def test_a_dropped_row_keeps_its_bill():
    """What a dropped row cost is counted like any other."""
    line = asker(Scripted(answer=["scrawl"]))
    drop_of(ask(line))
    assert line.usage.calls == TRIES


def test_every_try_and_draw_has_a_seed_of_its_own():
    """Tries, draws, rows and prompts differ in their seeds; the same one is the same again."""

    def seeds(row, draw):
        model = Scripted(answer=["scrawl"])
        drop_of(ask(asker(model, row=row), draw=draw))
        return [request.seed for request in model.requests]

    found = [*seeds(0, 0), *seeds(0, 1), *seeds(1, 0), *seeds(0, "named")]
    assert len(set(found)) == len(found) == 4 * TRIES
    assert seeds(0, 0) == found[:TRIES]


def test_a_refused_reply_is_not_asked_for_as_coldly_again():
    """The temperature rises per try, so that the same reply does not come again."""
    model = Scripted(answer=["scrawl"])
    drop_of(ask(asker(model), temperature=0.0))
    heats = [request.temperature for request in model.requests]
    assert heats == sorted(set(heats)) and heats[0] == 0.0


def test_a_dead_endpoint_is_no_drop():
    """What the model's own errors say is for the run to judge: they pass through."""

    def fail(request):
        raise EndpointError("down")

    with pytest.raises(EndpointError, match="down"):
        run(ask(asker(Scripted(answer=fail))))


def test_the_first_complaint_counts():
    """One complaint at a time goes back: the first that there is."""
    assert first_complaint(["", "one", "two"]) == "one"
    assert first_complaint(["", ""]) == ""
