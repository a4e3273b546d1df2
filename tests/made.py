"""Documents for tests: sections of one passage each, about the one thing that `scripts` knows."""

from pathlib import Path

EN = "The {n} locker rental of Marlowe station is open to every traveller at {n} in the morning."
EN_MORE = "A locker rental can be paid by card, and the {mark} attendant helps until the evening."
ZH = "马洛车站{n}厅的储物柜租用服务每天清晨向所有旅客开放。"
ZH_MORE = "储物柜租用可以刷卡付费，服务人员一直值班到晚上，随时帮助旅客。"
NUMBERS = ("first second third fourth fifth sixth seventh eighth ninth tenth eleventh").split()
HALLS = "春江花月 秋水长天 松风竹影 云帆沧海 金石丝弦 梅兰雪霁 龙腾虎跃".split()


def english(folder: Path, sections: int, marks: dict[int, str] | None = None) -> Path:
    """A document of so many passages; `marks` puts a word of `scripts.MARKS` into some."""
    lines = ["# Lockers of Marlowe", ""]
    for index in range(sections):
        mark = (marks or {}).get(index, "friendly")
        lines += [f"## The {NUMBERS[index]} hall", ""]
        lines += [EN.format(n=NUMBERS[index]), EN_MORE.format(mark=mark), ""]
    return _write(folder / "lockers.md", lines)


def chinese(folder: Path, sections: int) -> Path:
    """The same in Chinese."""
    lines = ["# 马洛车站储物柜", ""]
    for index in range(sections):
        lines += [f"## {HALLS[index]}", "", ZH.format(n=HALLS[index]), ZH_MORE, ""]
    return _write(folder / "储物柜.md", lines)


def _write(path: Path, lines: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
