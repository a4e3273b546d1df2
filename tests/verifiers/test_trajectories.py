"""Whole conversations: what passes, and which rule each flaw breaks."""

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.types import Policy, Trajectory
from fc_distilabel.verifiers import VERIFIERS, verify

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/trajectories.json").read_text(encoding="utf-8"))
REAL = ROOT.parent / "shared/data/trajectories/trajectory_mutants.jsonl.gz"


def closed(**properties: Any) -> dict[str, Any]:
    """A closed object."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


STAY = {"city": "Rome", "nights": 2}
ADLER = {"hotel": "Adler", "total": 240}
SEARCH = {
    "name": "search_hotels",
    "description": "Find hotels.",
    "parameters": closed(
        city={"type": "string"},
        nights={"type": "integer", "maximum": 30},
        view={"enum": ["sea", "court"]},
    ),
    "returns": closed(hotel={"type": "string"}, total={"type": "number"}),
}
RATE = {"name": "rate_hotels", "description": "Rate.", "parameters": closed(), "returns": closed()}
MESSAGES = [
    {"role": "user", "content": "Find me a hotel in Rome for two nights."},
    {"role": "assistant", "tool_calls": [{"id": "c0", "name": "search_hotels", "arguments": STAY}]},
    {
        "role": "tool",
        "content": '{"hotel": "Adler", "total": 240}',
        "tool_call_id": "c0",
        "name": "search_hotels",
    },
    {"role": "assistant", "content": "Adler costs 240 for both nights."},
]


def trajectory(messages: list[Any], **blueprint: Any) -> Trajectory:
    """A conversation about hotels; keywords exchange parts of its blueprint."""
    scenario = {
        "id": "s",
        "passage_id": "p",
        "document": "d",
        "domain": "travel",
        "action": "look_up",
        "language": blueprint.pop("language", "en"),
        "user_goal": "A stay.",
        "evidence": [],
    }
    base = {
        "id": "b",
        "kind": "single",
        "scenario": scenario,
        "persona": {"role": "guest", "tone": "kind"},
        "tools": [SEARCH, RATE],
        "facts": [],
        "asked_calls": [{"id": "c0", "name": "search_hotels", "arguments": STAY}],
    }
    plan = base | blueprint
    plan.setdefault("results", [ADLER] * len(plan["asked_calls"]))
    return Trajectory.model_validate(
        {"tools": plan["tools"], "blueprint": plan, "messages": messages}
    )


def built(case: dict[str, Any]) -> Trajectory:
    """The sound conversation with a row's changes."""
    messages = copy.deepcopy(MESSAGES)[: case.get("cut")]
    if "call" in case:
        messages[1]["tool_calls"][0] |= case["call"]  # type: ignore[index]
    for index, part in case.get("patch", ()):
        messages[index] |= part
    for index, message in case.get("insert", ()):
        messages.insert(index, message)
    for index in case.get("remove", ()):
        del messages[index]
    gold = {"id": "c0", "name": "search_hotels", "arguments": STAY | case.get("gold", {})}
    return trajectory(
        messages + case.get("append", []),
        language=case.get("language", "en"),
        facts=case.get("facts", []),
        asked_calls=[gold],
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_each_flaw_breaks_its_rule(case: dict[str, Any]) -> None:
    """A flaw is reported by its rule and place, and by no other rule.

    What conversations of a kind have to be is tested with the kinds.
    """
    verdict = verify(built(case), [name for name in VERIFIERS.entries() if name != "kind"])
    found = [
        [v.rule, v.path] + ([v.severity] if v.severity == "warning" else [])
        for v in verdict.violations
    ]
    assert sorted(found) == sorted(case["expected"])
    assert verdict.valid == all("warning" in row for row in case["expected"])


def test_a_verdict_says_where_each_argument_comes_from() -> None:
    """Provenance covers every argument of every call."""
    origins = {p.path: (p.source, p.how) for p in verify(trajectory(MESSAGES)).provenance}
    assert origins == {
        "0/city": ("messages/0", "verbatim"),
        "0/nights": ("messages/0", "number"),
    }


def in_rounds(cities: list[str], gold: list[str], rounds: list[list[int]]) -> list[str]:
    """The rules on gold calls that such calls break."""

    def calls(names: list[str]) -> list[dict[str, Any]]:
        arguments = [{"city": name, "nights": 2} for name in names]
        return [
            {"id": f"c{i}", "name": "search_hotels", "arguments": a}
            for i, a in enumerate(arguments)
        ]

    messages = [{"role": "assistant", "tool_calls": calls(cities)}]
    exchanges = [{"rounds": rounds}]
    talk = trajectory(messages, asked_calls=calls(gold), exchanges=exchanges)
    return [v.rule for v in verify(talk, ["gold_calls"]).violations]


def test_calls_of_one_round_have_no_order() -> None:
    """The order counts between rounds, not within one; how often counts always."""
    assert in_rounds(["Rome", "Bern"], ["Bern", "Rome"], [[0, 1]]) == []
    assert in_rounds(["Rome", "Bern"], ["Bern", "Rome"], [[0], [1]]) == ["gold-order"]
    assert in_rounds(["Bern", "Rome"], ["Bern", "Rome"], [[0], [1]]) == []
    assert in_rounds(["Rome", "Rome"], ["Rome", "Bern"], [[0, 1]]) == ["gold-missing", "gold-extra"]
    in_part = ["Oslo", "Bern", "Rome"], ["Rome", "Bern", "Oslo"]
    assert in_rounds(*in_part, [[0], [1, 2]]) == ["gold-order"]
    assert in_rounds(*in_part, [[2, 1], [0]]) == []


def test_a_conversation_without_calls_passes_where_none_is_right() -> None:
    """An irrelevant request is answered in words."""
    messages = [
        {"role": "user", "content": "Sing!"},
        {"role": "assistant", "content": "I cannot sing, sorry."},
    ]
    assert verify(trajectory(messages, kind="irrelevant", asked_calls=[])).violations == ()


def test_an_empty_conversation_does_not_end_well() -> None:
    """Nothing said is nothing to train on."""
    assert not verify(trajectory([], asked_calls=[])).valid


def test_arguments_that_are_not_json_are_reported() -> None:
    """NaN and huge integers in a call are violations, never a crash."""
    for value in (float("nan"), 10**5000):
        messages = copy.deepcopy(MESSAGES)
        messages[1]["tool_calls"][0]["arguments"] = {"nights": value}  # type: ignore[index]
        assert "json" in {v.rule for v in verify(trajectory(messages)).violations}


def test_rules_run_in_one_order() -> None:
    """Two verdicts on the same conversation are equal, order included."""
    assert verify(built(CASES[3])) == verify(built(CASES[3]))
    assert list(VERIFIERS.entries())[:2] == ["arguments_valid", "arguments_grounded"]


def test_only_some_rules_may_be_asked() -> None:
    """A call by itself is judged by the rules on calls; provenance comes with grounding."""
    talk = trajectory([*MESSAGES[1:2]])
    assert verify(talk, ["arguments_valid"]).violations == ()
    assert verify(talk, ["arguments_valid"]).provenance == ()
    assert {v.rule for v in verify(talk, ["arguments_grounded"]).violations} == {"ungrounded"}


def test_rules_that_need_a_blueprint_only_warn_without_one() -> None:
    """Of a conversation of others, what nobody can be sure of makes no row invalid."""
    talk = trajectory([*MESSAGES[:3]])
    assert not verify(talk).valid
    others = verify(talk.model_copy(update={"blueprint": None}))
    assert others.valid
    assert [(v.rule, v.severity) for v in others.violations] == [("ending", "warning")]


def test_call_ids_follow_the_policy() -> None:
    """An id used in two turns is an error where ids are unique, a warning where they are local."""
    talk = trajectory(MESSAGES * 2, asked_calls=[{"name": "search_hotels", "arguments": STAY}] * 2)
    found = {}
    for policy in ("unique", "local"):
        judged = talk.model_copy(update={"policy": Policy(call_ids=policy)})
        found[policy] = [(v.rule, v.severity) for v in verify(judged, ["call_ids"]).violations]
    assert found == {"unique": [("call-id", "error")], "local": [("call-id", "warning")]}


def test_formats_follow_the_policy() -> None:
    """A date-time without a zone passes where formats are lenient."""
    tool = SEARCH | {"parameters": closed(at={"type": "string", "format": "date-time"})}
    made = {"name": "search_hotels", "arguments": {"at": "2026-03-03T15:30:00"}, "id": "c0"}
    messages = [MESSAGES[0], {"role": "assistant", "tool_calls": [made]}]
    talk = trajectory(messages, tools=[tool])
    lenient = talk.model_copy(update={"policy": Policy(formats="lenient")})
    rules = [[v.rule for v in verify(t, ["arguments_valid"]).violations] for t in (talk, lenient)]
    assert rules == [["format"], []]


STRUCTURE = {
    "control": set(),
    "result_id_unknown": {"missing-result", "orphan-result"},
    "result_missing": {"missing-result"},
    "result_duplicated": {"orphan-result"},
    "result_before_call": {"missing-result", "orphan-result"},
    "tool_not_offered": {"tool-not-offered"},
    "extra_argument": {"additionalProperties"},
    "call_id_reused": {"call-id"},
    "cut_after_call": {"missing-result", "ending"},
    "first_user_removed": {"opening"},
}


def test_real_conversations_are_told_from_broken_ones() -> None:
    """Every kind of flaw put into a real conversation is found by its rule; sound ones pass."""
    if not REAL.is_file():
        pytest.skip("real cases are not there: no ../shared/data/trajectories beside the project")
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, list(lines)[::3]):
            verdict = verify(real(row))
            if row["kind"] == "identifier_from_nowhere":
                assert row["now"] in [p.value for p in verdict.provenance if p.source is None]
                continue
            assert {v.rule for v in verdict.violations} >= STRUCTURE[row["kind"]], row["id"]
            assert verdict.valid == (row["kind"] == "control"), row["id"]


def real(row: dict[str, Any]) -> Trajectory:
    """A row as a trajectory that others made."""
    tools = [
        {key: tool["function"][key] for key in ("name", "description", "parameters")}
        for tool in row["tools"]
    ]
    keys = ("role", "content", "tool_calls", "tool_call_id", "name")
    messages = [{key: m[key] for key in keys if m.get(key)} for m in row["messages"]]
    return Trajectory.model_validate({"tools": tools, "messages": messages})
