"""Which passages tools are made of first."""

from pathlib import Path

from fc_distilabel.runs.document_tools import in_turn
from fc_distilabel.runs.plan import make_plan

POOR = "The halls of Marlowe are old, high and quiet, and the light there is pleasant all day long."
RICH = (
    "A hall can be booked or cancelled until the evening before, and the fee depends on its size."
)
MORE = "Visitors like the view over the harbour, which many painters of the town have praised."


def test_what_speaks_of_services_comes_first(tmp_path: Path) -> None:
    """Documents take turns, and each begins with what people can have done."""
    for name in ("north", "south"):
        sections = [("Look", POOR), ("Use", RICH)]
        told = f"{MORE} This is the {name} wing of the house, where guests are always welcome."
        text = "\n".join(f"## {title}\n\n{said} {told}\n" for title, said in sections)
        (tmp_path / f"{name}.md").write_text(f"# The {name}\n\n{text}", encoding="utf-8")
    ordered = in_turn(make_plan([str(tmp_path)], "auto", "", 1, 7))
    assert [passage.document for passage in ordered] == ["north.md", "south.md"] * 2
    assert [RICH in passage.sentences for passage in ordered] == [True] * 2 + [False] * 2


def test_no_passage_is_lost(tmp_path: Path) -> None:
    """The order has every passage once, thin ones too, and both languages."""
    (tmp_path / "en.md").write_text(f"# Halls\n\n{RICH} {MORE}\n\n## Thin\n\nShort.\n")
    chinese = "会议厅可以在前一天晚上之前预订或取消，费用取决于面积大小，详情可到前台咨询办理。"
    (tmp_path / "zh.md").write_text(f"# 会议厅\n\n{chinese}\n", encoding="utf-8")
    plan = make_plan([str(tmp_path)], "auto", "", 1, 7)
    ordered = in_turn(plan)
    assert len({passage.id for passage in ordered}) == len(ordered) == sum(plan.sizes.values())
    assert {passage.language for passage in ordered} == {"en", "zh"}
