"""Preference pairs: what was wrong beside what was right, after the same messages."""

from fc_distilabel.runs.preferences import preference_pairs

CALL = {"id": "call_0", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}}
ROW = {
    "id": "r",
    "kind": "single",
    "language": "en",
    "tools": [],
    "messages": [
        {"role": "user", "content": "do it with 1"},
        {"role": "assistant", "content": "", "tool_calls": [CALL]},
        {"role": "tool", "content": "{}", "tool_call_id": "call_0", "name": "f"},
        {"role": "assistant", "content": "Done."},
    ],
}


def candidate(**changes):
    plain = {"at": 1, "text": "t", "calls": [], "right": False, "error_class": None}
    return plain | {"violations": []} | changes


def pairs(*candidates):
    return list(preference_pairs(ROW | {"candidates": list(candidates)}))


def test_a_wrong_call_stands_against_the_right_one():
    """Prompt, chosen and rejected are messages as in the row; the class says why."""
    wrong = {"name": "f", "arguments": {"a": 2}, "id": ""}
    [pair] = pairs(candidate(calls=[wrong], error_class="wrong value"))
    assert pair["prompt"] == ROW["messages"][:1]
    assert pair["chosen"] == [ROW["messages"][1]]
    assert pair["rejected"][0]["tool_calls"][0]["function"] == {"name": "f", "arguments": {"a": 2}}
    assert pair["error_class"] == "wrong value"


def test_a_refused_answer_stands_against_the_one_taken():
    """Words are rejected as words, with what is wrong with them."""
    flaw = {"rule": "answer", "path": "messages/3", "message": "invents 79", "value": None}
    [pair] = pairs(candidate(at=3, text="Done: 79.", violations=[flaw]))
    assert pair["rejected"] == [{"role": "assistant", "content": "Done: 79."}]
    assert (pair["error_class"], pair["reason"]) == ("answer", "invents 79")
    assert len(pair["prompt"]) == 3


def test_what_is_right_or_empty_makes_no_pair():
    """Candidates that would do as well, and replies that say nothing, are no rejected half."""
    assert not pairs(candidate(right=True), candidate(text="[]", error_class="missing call"))
