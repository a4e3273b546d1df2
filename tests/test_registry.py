"""Finding functions by name, ours and other packages'."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fc_distilabel.errors import FcDistilabelError, InputError
from fc_distilabel.registry import Registry

Function = Callable[[], str]


def declare(folder: Path, entries: str, **modules: str) -> None:
    """Write an installed distribution that declares entry points, and its modules."""
    info = folder / "plug-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plug\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[fc.test]\n{entries}\n")
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed place for packages."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def registry() -> Registry[Function]:
    """A registry with one function of ours."""
    made: Registry[Function] = Registry("rule", "fc.test")
    made.register("ours")(lambda: "ours")
    return made


def test_functions_are_found_by_name() -> None:
    """A decorated function is returned as it is and found again."""
    made = registry()

    @made.register("second")
    def second() -> str:
        return "second"

    assert made.get("second") is second
    assert list(made.entries()) == ["ours", "second"]


def test_a_name_is_given_once() -> None:
    """Two functions of one name are an error at registration."""
    made = registry()
    with pytest.raises(FcDistilabelError, match="two rules are named 'ours'"):
        made.register("ours")(lambda: "again")


def test_an_unknown_name_is_told_the_known_ones() -> None:
    """A typing error is answered with the choice."""
    with pytest.raises(InputError, match="no rule is named 'our'; known: ours"):
        registry().get("our")


def test_other_packages_join_by_entry_point(folder: Path) -> None:
    """Other packages' functions come after ours, by name, and are imported on first use only."""
    text = "def b(): return 'b'\ndef a(): return 'a'\n"
    declare(folder, "b = plug_good:b\na = plug_good:a", plug_good=text)
    made = registry()
    assert "plug_good" not in sys.modules
    assert list(made.entries()) == ["ours", "a", "b"]
    assert made.get("b")() == "b"


@pytest.mark.parametrize(
    ("entry", "text", "what"),
    [
        ("x = plug_missing:f", None, "ModuleNotFoundError"),
        ("x = plug_empty:f", "", "AttributeError"),
        ("x = plug_typo:f", "def f(:", "SyntaxError"),
        ("x = plug_raises:f", "raise RuntimeError('boom')", "boom"),
        ("x = plug_number:f", "f = 3", "is int, but must be callable"),
        ("ours = plug_twin:f", "def f(): pass", "two rules are named 'ours'"),
    ],
)
def test_a_broken_entry_point_is_named(
    folder: Path, entry: str, text: str | None, what: str
) -> None:
    """Whose function cannot be loaded, and why, stands in the error; asking again repeats it."""
    module = entry.split("= ")[1].split(":")[0]
    declare(folder, entry, **({} if text is None else {module: text}))
    made = registry()
    for _ in range(2):
        with pytest.raises(FcDistilabelError, match=what) as caught:
            made.entries()
        assert entry.split(" ")[0] in str(caught.value)
