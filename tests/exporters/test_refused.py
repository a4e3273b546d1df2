"""What a format cannot hold is refused with its reason, and never written some other way."""

import json
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.errors import Dropped
from fc_distilabel.exporters import EXPORTERS

CASES = json.loads((Path(__file__).parents[1] / "cases" / "export_refused.json").read_text())
EACH = [
    pytest.param(case, form, id=f"{case['description']}: {form}")
    for case in CASES
    for form in case["formats"]
]


@pytest.mark.parametrize(("case", "form"), EACH)
def test_a_record_is_refused_with_its_reason(case: dict[str, Any], form: str) -> None:
    """The reason is one of few short phrases, so that the report can count by it."""
    name = form if case["data"] == "sft" else f"{form}.{case['data']}"
    with pytest.raises(Dropped) as dropped:
        EXPORTERS.get(name)(case["record"])
    assert dropped.value.reason == case["reason"]


def test_more_tools_than_openai_takes_are_refused() -> None:
    """The service refuses the whole file for one such row."""
    tools = [{"type": "function", "function": {"name": f"f{n}"}} for n in range(129)]
    messages = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    with pytest.raises(Dropped, match="more than OpenAI's 128 tools"):
        EXPORTERS.get("openai")({"messages": messages, "tools": tools})
