"""Rules on whole conversations, where the blueprint says what each turn is to do."""

from fc_distilabel.types import Trajectory
from fc_distilabel.verifiers import verify
from hotel_talks import hotel_talk


def reworded(name: str, at: int, text: str, language: str = "en") -> Trajectory:
    """A conversation of `hotel_talks` with other words in one message."""
    row = hotel_talk(name, language).model_dump()
    row["messages"][at]["content"] = text
    return Trajectory.model_validate(row)


def rules(talk: Trajectory, verifier: str) -> list[str]:
    """The rules of one verifier that a conversation breaks."""
    return [violation.rule for violation in verify(talk, [verifier]).violations]


def test_who_refuses_a_value_may_say_what_the_tool_allows() -> None:
    """A bound of the tool's schema is no invention where it is told; another number is one."""
    bound = "Sorry, 45 nights are not possible, at most 30. How many?"
    assert rules(reworded("invalid_value", 2, bound), "answers_supported") == []
    invented = bound.replace("30", "35")
    assert rules(reworded("invalid_value", 2, invented), "answers_supported") == ["unsupported"]
    question = "For how many nights, from 1 to 30?"
    assert rules(reworded("missing_parameter", 2, question), "answers_supported") == []


def test_who_tells_results_may_not_fall_back_on_the_schema() -> None:
    """What a schema says is no outcome of a call; nor is it known without a blueprint."""
    told = "Adler, 240 euros, up to 30 nights."
    assert rules(reworded("single", 4, told), "answers_supported") == ["unsupported"]
    refusal = hotel_talk("invalid_value", "en").model_copy(update={"blueprint": None})
    assert rules(refusal, "answers_supported") == ["unsupported"]


def test_a_reply_of_nothing_but_values_has_no_language() -> None:
    """A terse user answers with a code; words of another language are still told."""
    assert rules(reworded("missing_parameter", 3, "3", "zh"), "language") == []
    assert rules(reworded("missing_parameter", 3, "3!", "zh"), "language") == []
    assert rules(reworded("missing_parameter", 3, "3 nights", "zh"), "language") == ["language"]
    assert rules(reworded("irrelevant", 1, "注销GM-774", "zh"), "language") == []
    assert rules(reworded("irrelevant", 2, "GM-774", "zh"), "language") == ["language"]


def test_a_chinese_user_may_mix_in_english_words() -> None:
    """As long as most of the message is Chinese, in every turn."""
    mixed = "OK，那就book一下，住3晚，thanks啦。"
    assert rules(reworded("missing_parameter", 3, mixed, "zh"), "language") == []
    english = "OK then book it for 3 晚, thanks."
    assert rules(reworded("missing_parameter", 3, english, "zh"), "language") == ["language"]


def told_in_other_words(told_by: str, path: str, words: str) -> list[str]:
    """What grounding says of two calls whose view was told once, in words that no rule knows."""
    row = hotel_talk("invalid_value:choice", "en").model_dump()
    call = row["blueprint"]["asked_calls"][0]
    again = call | {"id": "call_1", "arguments": call["arguments"] | {"city": "Bern"}}
    fact = {"path": path, "label": "View", "value": "sea", "said": words, "told_by": told_by}
    row["blueprint"] |= {"asked_calls": [call, again], "facts": [fact]}
    said = {"system": "Guests want it cheap.", "user": "Rome and Bern, please."}
    said[told_by] += " Facing the ocean."
    row["messages"] = [
        {"role": "system", "content": said["system"]},
        {"role": "user", "content": said["user"]},
        {"role": "assistant", "tool_calls": [call, again]},
    ]
    return rules(Trajectory.model_validate(row), "arguments_grounded")


def test_a_listed_value_in_other_words_holds_for_later_calls_of_the_tool() -> None:
    """It is said once, by the user or the system, whichever the blueprint names."""
    for speaker in ("user", "system"):
        assert told_in_other_words(speaker, "0/view", "facing the ocean") == []
        assert told_in_other_words(speaker, "0/view", "up high") == ["guessed", "guessed"]
        assert told_in_other_words(speaker, "0/city", "facing the ocean") == ["guessed", "guessed"]
        assert told_in_other_words(speaker, "1/view", "facing the ocean") == []
