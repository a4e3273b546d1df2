"""Preference pairs out of a run's rows: what an assistant model did, and what was right there.

A wrong choice or a refused answer stands in its row as a candidate, at the place of the message
that is right. Both go on after the same messages, so they are a pair for preference training, with
the mistake's class as the reason.
"""

from collections.abc import Iterator, Mapping

from fc_distilabel.types import Json

NOTHING = "[]"
"""How a model without native tool calls says that it calls nothing: no words to prefer against."""


def preference_pairs(row: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    """The pairs of one full row: `{"id", "prompt", "chosen", "rejected", "tools", ...}`.

    `prompt`, `chosen` and `rejected` are lists of messages as in the row; `error_class` says what
    is wrong with the rejected calls, `reason` what is wrong in words.
    """
    wrong = [c for c in row.get("candidates", ()) if not c["right"] and c["text"] != NOTHING]
    for number, candidate in enumerate(wrong):
        at = candidate["at"]
        yield {
            "id": f"{row['id']}-{number}",
            "row": row["id"],
            "kind": row["kind"],
            "language": row["language"],
            "tools": row["tools"],
            "prompt": row["messages"][:at],
            "chosen": [row["messages"][at]],
            "rejected": [candidate_message(candidate)],
            "error_class": candidate["error_class"] or "answer",
            "reason": "; ".join(v["message"] for v in candidate["violations"]),
        }


def candidate_message(candidate: Mapping[str, Json]) -> dict[str, Json]:
    """A candidate of a full row as a message; text that was not read as calls stays text."""
    if not candidate["calls"]:
        return {"role": "assistant", "content": candidate["text"]}
    calls = [
        {
            "id": call["id"] or f"call_{number}",
            "type": "function",
            "function": {"name": call["name"], "arguments": call["arguments"]},
        }
        for number, call in enumerate(candidate["calls"])
    ]
    return {"role": "assistant", "content": candidate.get("words", ""), "tool_calls": calls}
