"""What the trajectory field shows of a row, computed here so that the script only draws.

A view is data: who says what, the calls as trees with the source of every value and the violations
at it, scores at the turn they are for. It is bounded in size and crosses Argilla as one inert text.
"""

import json
from collections.abc import Iterator, Mapping

from fc_distilabel.feedback.review.calls import (
    Row,
    call_view,
    flaw_view,
    is_placed,
    message_of,
    said_words,
)
from fc_distilabel.feedback.review.candidates import Compare, Turn, call_alike, compare_view
from fc_distilabel.feedback.review.inert import packed
from fc_distilabel.feedback.review.room import Room
from fc_distilabel.feedback.review.tools import marks, tool_view
from fc_distilabel.feedback.review.values import Node, shortened, tree
from fc_distilabel.types import Json

__all__ = ["Compare", "Turn", "review_view"]

_HEAD = ("kind", "domain", "document", "id")
_PERSONA = ("role", "tone", "knowledge", "verbosity", "habit", "patience")


def review_view(row: Row, compare: Compare | None = None) -> dict[str, Json]:
    """The value of the field `trajectory` for a full row: `{"language", "view"}`.

    `view` is JSON as a text, which `fcTrajectory` of the template reads.
    """
    return {"language": row["language"], "view": packed(_view(row, compare, Room()))}


def _view(row: Row, compare: Compare | None, room: Room) -> Node:
    until = compare["at"] if compare else len(row["messages"])
    marked = compare is None or call_alike(compare)
    everywhere = [v for v in row.get("violations") or () if not is_placed(v["path"], row)]
    view: Node = {
        "language": row["language"],
        "head": _head(row, room),
        "messages": [*_messages(row, said_words(row, until), room)],
        "flaws": [flaw_view(violation, room) for violation in everywhere],
        "tools": [
            tool_view(row, tool, room) | (marks(row, tool, room) if marked else {})
            for tool in row.get("tools") or ()
        ],
    }
    return view | ({"compare": compare_view(row, compare, room)} if compare else {})


def _head(row: Row, room: Room) -> Node:
    persona, wording = row.get("persona") or {}, row.get("wording") or {}
    return {
        "goal": room.text(row.get("user_goal") or ""),
        "facts": {key: room.text(str(row[key])) for key in _HEAD if row.get(key)},
        "persona": {key: room.text(str(persona[key])) for key in _PERSONA if persona.get(key)},
        "wording": {who: wording[who] for who in ("user", "answer") if who in wording},
        "evidence": [room.text(one["text"]) for one in row.get("evidence") or ()],
        "judge": _judge(row["judgement"], room) if row.get("judgement") else None,
    }


def _judge(judgement: Mapping[str, Json], room: Room) -> Node:
    return {
        "name": room.text(judgement["judge"]),
        "approved": judgement["approved"],
        "disagreement": f"{judgement['disagreement']:.0%}" if judgement.get("members") else "",
    }


def _messages(row: Row, said: Mapping[int, list[Node]], room: Room) -> Iterator[Node]:
    turns = (row.get("judgement") or {}).get("turns") or ()
    judged = {turn["at"]: turn for turn in turns}
    number = 0
    for at, message in enumerate(row["messages"]):
        view: Node = {"at": at, "role": message["role"], **_content(message, room)}
        calls = message.get("tool_calls") or ()
        if calls:
            view["calls"] = [
                call_view(row, n, call["function"], room) for n, call in enumerate(calls, number)
            ]
            number += len(calls)
        flaws = [v for v in row.get("violations") or () if message_of(v["path"]) == at]
        if flaws:
            view["flaws"] = [flaw_view(violation, room) for violation in flaws]
        if at in said:
            view["said"] = said[at]
        if at in judged:
            view |= {"scores": judged[at]["scores"], "reason": room.text(judged[at]["reason"])}
        yield view


def _content(message: Mapping[str, Json], room: Room) -> Node:
    """What is said; a tool's result is read as JSON where it is, and may tell of an error."""
    content = message.get("content") or ""
    if message["role"] != "tool":
        return {"content": room.text(content)} if content else {}
    view: Node = {"name": shortened(message.get("name") or "")}
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return view | {"content": room.text(content)}
    if isinstance(value, dict) and value.get("error"):
        view["failed"] = True
    return view | {"result": tree("", value, (), room)}
