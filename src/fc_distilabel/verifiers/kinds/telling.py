"""What tools gave back, and whether the assistant's words tell it."""

import re
from collections.abc import Iterable, Iterator

from fc_distilabel.calls.parse import parse_json
from fc_distilabel.errors import Dropped
from fc_distilabel.types import Json, Message, Provenance, ToolCall, canonical_json
from fc_distilabel.verifiers.exchanges import Held
from fc_distilabel.verifiers.grounding import ground_call
from fc_distilabel.verifiers.kinds.talk import Talk
from fc_distilabel.verifiers.leaves import Leaf, leaves

_NONE = re.compile(r"\b(?:no|none|nothing|zero)\b|没有|无|零", re.IGNORECASE)
"""How a result of 0 may be told."""


def result_of(message: Message) -> Json:
    """A tool's message as JSON; None where it is none."""
    try:
        return parse_json(message.content)
    except Dropped:
        return None


def is_failure(message: Message) -> bool:
    """Whether a tool's message says that its call failed."""
    result = result_of(message)
    failed = isinstance(result, dict) and (result.get("status") == "error" or result.get("error"))
    return bool(failed)


def values_in(messages: Iterable[Message]) -> frozenset[str]:
    """The values inside results, each as canonical JSON."""
    found = (leaves(Leaf("", result_of(m), {}, False, ""), {}) for m in messages)
    return frozenset(canonical_json(leaf.value) for inner in found for leaf in inner)


def tells(talk: Talk, held: Held, text: str) -> bool:
    """Whether words hold a value of a turn's results; a failure and a bare yes tell nothing."""
    found = [o for o in _origins(talk, held, text) if _is_telling(o)]
    none = _NONE.search(text) and any(origin.value == 0 for origin in found)
    return bool(not found or none or any(origin.source == "messages/0" for origin in found))


def _origins(talk: Talk, held: Held, text: str) -> Iterator[Provenance]:
    """For each value of the turn's results, whether the words carry it."""
    returns = {tool.name: tool.returns for tool in talk.trajectory.tools}
    said = [Message(role="user", content=text)]
    for round_ in held.rounds:
        names = {call.id: call.name for call in round_.calls}
        for _, message in round_.results:
            if not is_failure(message):
                schema = returns.get(names.get(message.tool_call_id, ""), {})
                whole = ToolCall(name="", arguments={"it": result_of(message)})
                yield from ground_call(0, whole, {"properties": {"it": schema}}, said)


def _is_telling(origin: Provenance) -> bool:
    plain = isinstance(origin.value, bool) or origin.value in ("", None)
    return not plain and not origin.path.endswith("/status")
