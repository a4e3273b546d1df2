"""Draw the picture of the loop that the READMEs show, in both languages: `python docs/loop.py`.

Boxes stand on a grid; an arrow goes from one to the next, and the two that go back are what makes
it a loop: violations to the model that made them, and people's answers to the next run.
"""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

FOLDER = Path(__file__).parent / "pictures"
WIDTH, HEIGHT = 1.7, 0.62
ACROSS, DOWN = 2.15, 1.35
INK, PAPER = "#1f2937", "#ffffff"
BY_CODE, BY_MODEL, BY_PEOPLE = "#dbeafe", "#fef3c7", "#dcfce7"


class Box(NamedTuple):
    """One stage: where it stands, who does it, and what it is called."""

    column: int
    row: int
    colour: str
    en: str
    zh: str

    @property
    def middle(self) -> tuple[float, float]:
        """The point in its middle."""
        return self.column * ACROSS, -self.row * DOWN


BOXES = (
    Box(0, 0, PAPER, "your documents\nor your APIs", "你的文档\n或你的 API"),
    Box(1, 0, BY_MODEL, "scenarios", "场景"),
    Box(2, 0, BY_MODEL, "tools, and\nlook-alikes", "工具与\n相似工具"),
    Box(3, 0, BY_CODE, "blueprints:\nverified gold calls", "蓝图：\n经验证的标准调用"),
    Box(3, 1, BY_MODEL, "dialogue: persona,\nassistant, tools", "对话：用户、\n助手、模拟工具"),
    Box(2, 1, BY_CODE, "verdict:\nevery violation", "裁决：\n逐条违规"),
    Box(1, 1, BY_PEOPLE, "review\nin Argilla", "在 Argilla\n中评审"),
    Box(0, 1, BY_CODE, "SFT, DPO, KTO\nfor your trainer", "SFT、DPO、KTO\n训练文件"),
)
LEGEND = (
    (BY_MODEL, "a model words it, code checks it", "模型措辞，代码检查"),
    (BY_CODE, "code decides", "代码决定"),
    (BY_PEOPLE, "people decide", "人来决定"),
)
REPAIR = {"en": "violations go back", "zh": "违规退回修正"}
FEEDBACK = {
    "en": "what people approve, correct and reject shapes the next run",
    "zh": "人们通过、修正与拒绝的内容影响下一次运行",
}
FONTS = {"en": "DejaVu Sans", "zh": "Noto Sans CJK JP"}
"""The second is in Debian's fonts-noto-cjk."""


def draw(language: str) -> Path:
    """Draw the picture in one language; returns where it is."""
    settings = {"svg.fonttype": "path", "svg.hashsalt": "loop", "font.family": FONTS[language]}
    with mpl.rc_context(settings):
        figure, axes = plt.subplots(figsize=(9.2, 4.1))
        axes.set_axis_off()
        axes.set_xlim(-1.1, 3 * ACROSS + 1.4)
        axes.set_ylim(-DOWN - 1.95, 0.5)
        for box in BOXES:
            _box(axes, box, language)
        for one, other in pairwise(BOXES):
            _arrow(axes, one.middle, other.middle)
        _back(axes, language)
        _legend(axes, language)
        path = FOLDER / f"loop.{language}.svg"
        figure.savefig(path, bbox_inches="tight", facecolor=PAPER, metadata={"Date": None})
        plt.close(figure)
    return path


def _box(axes: Axes, box: Box, language: str) -> None:
    x, y = box.middle
    corner = (x - WIDTH / 2, y - HEIGHT / 2)
    style = "round,pad=0.02,rounding_size=0.12"
    axes.add_patch(FancyBboxPatch(corner, WIDTH, HEIGHT, boxstyle=style, fc=box.colour, ec=INK))
    text = box.en if language == "en" else box.zh
    axes.text(x, y, text, ha="center", va="center", color=INK, fontsize=10)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    along = start[1] == end[1]
    side = (1 if end[0] > start[0] else -1) * (WIDTH / 2 + 0.03)
    down = HEIGHT / 2 + 0.03
    one = (start[0] + side, start[1]) if along else (start[0], start[1] - down)
    other = (end[0] - side, end[1]) if along else (end[0], end[1] + down)
    axes.add_patch(FancyArrowPatch(one, other, arrowstyle="-|>", mutation_scale=14, color=INK))


def _back(axes: Axes, language: str) -> None:
    """The two arrows that go back."""
    dialogue, verdict, review, blueprint = (BOXES[i].middle for i in (4, 5, 6, 3))
    edge = HEIGHT / 2 + 0.03
    _curve(axes, (verdict[0], verdict[1] - edge), (dialogue[0], dialogue[1] - edge), 0.35)
    middle = (verdict[0] + dialogue[0]) / 2
    axes.text(middle, verdict[1] - 0.92, REPAIR[language], ha="center", color=INK, fontsize=9)
    right = blueprint[0] + WIDTH / 2 + 0.03
    low = review[1] - 1.12
    corners = [(review[0], review[1] - edge), (review[0], low), (right + 0.25, low)]
    corners += [(right + 0.25, blueprint[1])]
    axes.plot(*zip(*corners, strict=True), color=INK, lw=1.2, ls=(0, (4, 3)))
    _arrow_to(axes, corners[-1], (right, blueprint[1]))
    axes.text(
        (review[0] + right) / 2, low - 0.22, FEEDBACK[language], ha="center", color=INK, fontsize=9
    )


def _curve(axes: Axes, start: tuple[float, float], end: tuple[float, float], bend: float) -> None:
    style = f"arc3,rad={bend}"
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle=style,
            arrowstyle="-|>",
            mutation_scale=14,
            color=INK,
            ls="--",
        )
    )


def _arrow_to(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=14, color=INK))


def _legend(axes: Axes, language: str) -> None:
    for column, (colour, en, zh) in enumerate(LEGEND):
        x, y = -0.85 + column * 3.1, -DOWN - 1.85
        axes.add_patch(
            FancyBboxPatch((x, y), 0.16, 0.1, boxstyle="round,pad=0.02", fc=colour, ec=INK)
        )
        axes.text(
            x + 0.3, y + 0.05, en if language == "en" else zh, va="center", color=INK, fontsize=9
        )


if __name__ == "__main__":
    for each in ("en", "zh"):
        print(draw(each))
