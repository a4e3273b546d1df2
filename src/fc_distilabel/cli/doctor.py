"""`fc-distilabel doctor`: what is installed, reachable and missing, each problem with what to do.

It asks nobody but the endpoint and the Argilla that the user's own environment names, and shows no
key, password or token.
"""

import argparse
import json
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from fc_distilabel.cli.options import Subparsers

DESCRIPTION = """\
Say what is installed, reachable and missing, and what to do about it. Exit status: 0 `synthesize`
can run with one of its models; 1 it cannot."""
State: TypeAlias = Literal["ok", "missing", "problem"]
"""`missing` is something that one may do without."""
SHOWN = (
    *("distilabel", "argilla", "openai", "pydantic", "jsonschema-rs", "wordllama"),
    *("matplotlib", "scikit-learn"),
)
EXTRAS = {"local": ("xllamacpp",), "server": ("argilla-server", "asyncpg", "fakeredis")}
SECONDS = 5.0
LEAST_FREE = 1 << 30
"""Bytes of disk below which a run may not end."""
_MARKS = {"ok": "ok", "missing": "-", "problem": "!!"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    said: str
    todo: str = ""
    """What to do about it."""


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "doctor", help="say what is installed and reachable", description=DESCRIPTION
    )
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="the home of `argilla serve` (the user's own)"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    needed = [_python(), _packages(), _disk()]
    local, endpoint = [_extra("local"), _weights()], _endpoint()
    people = [_extra("server"), _argilla(), _home(options.home)]
    found = [*needed, *local, endpoint, *people]
    can_ask = all(one.state == "ok" for one in local) or endpoint.state == "ok"
    works = can_ask and all(one.state == "ok" for one in needed)
    if options.json:
        print(json.dumps({"works": works, "findings": [asdict(f) for f in found]}, indent=2))
    else:
        _show(found, works, can_ask)
    return 0 if works else 1


def _show(found: list[Finding], works: bool, can_ask: bool) -> None:
    width = max(len(finding.what) for finding in found)
    for finding in found:
        print(f"{_MARKS[finding.state]:>2}  {finding.what:<{width}}  {finding.said}")
        if finding.todo:
            print(f"{'':{width + 6}}-> {finding.todo}")
    if not can_ask:
        print("\nNo model can be asked: install the local one, or name an endpoint.")
    print("\nsynthesize can run" if works else "\nsynthesize cannot run")


def _python() -> Finding:
    from fc_distilabel import __version__

    said = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("Python", "ok", f"{said}, fc-distilabel {__version__}")


def _packages() -> Finding:
    """The packages that everything needs."""
    broken = dict(_broken())
    versions = {name: _version(name) for name in SHOWN}
    broken |= {name: "not installed" for name, found in versions.items() if not found}
    if broken:
        said = ", ".join(f"{name} ({why})" for name, why in broken.items())
        return Finding("packages", "problem", said, 'pip install "fc-distilabel"')
    return Finding("packages", "ok", ", ".join(f"{n} {v}" for n, v in versions.items()))


def _broken() -> Iterator[tuple[str, str]]:
    """Requirements of this package that are not met, and how; none of a source tree by itself."""
    from packaging.requirements import Requirement

    try:
        wanted = requires("fc-distilabel") or []
    except PackageNotFoundError:
        return
    for requirement in map(Requirement, wanted):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        found = _version(requirement.name)
        if not found:
            yield requirement.name, "not installed"
        elif not requirement.specifier.contains(found, prereleases=True):
            yield requirement.name, f"{found}, but {requirement.specifier} is needed"


def _extra(name: str) -> Finding:
    versions = {package: _version(package) for package in EXTRAS[name]}
    missing = [package for package, found in versions.items() if not found]
    if missing:
        said = f"not installed: {', '.join(missing)}"
        return Finding(f"extra {name}", "missing", said, f'pip install "fc-distilabel[{name}]"')
    return Finding(f"extra {name}", "ok", ", ".join(f"{n} {v}" for n, v in versions.items()))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _weights() -> Finding:
    """The weights of the embedded model; nothing is unpacked to look at them."""
    from fc_distilabel.errors import ModelFileError
    from fc_distilabel.llms.fingerprints import cache_dir
    from fc_distilabel.llms.model_files import INSTALL, MODEL_VARIABLE, QWEN, ROOM_LEFT, find_model

    if os.environ.get(MODEL_VARIABLE):
        try:
            return Finding("model weights", "ok", f"{find_model()} ({MODEL_VARIABLE})")
        except ModelFileError as error:
            return Finding("model weights", "problem", str(error), f"mend {MODEL_VARIABLE}")
    path = cache_dir() / QWEN.filename
    if path.is_file() and path.stat().st_size == QWEN.size:
        return Finding("model weights", "ok", str(path))
    missing = [part for part in QWEN.slices if not _version(part.distribution)]
    if missing:
        said = f"{len(missing)} of {len(QWEN.slices)} packages with them are not installed"
        todo = f"{INSTALL}, or name a GGUF file of your own by {MODEL_VARIABLE}"
        return Finding("model weights", "missing", said, todo)
    if _free(path) < QWEN.size + ROOM_LEFT:
        needed = f"{(QWEN.size + ROOM_LEFT) >> 20:,} MiB"
        said = f"installed, but {path.parent} has no room to unpack them ({needed})"
        return Finding("model weights", "problem", said, "make room there")
    return Finding("model weights", "ok", f"installed; unpacked into {path.parent} when first used")


def _endpoint() -> Finding:
    """The endpoint that OPENAI_BASE_URL names."""
    url = os.environ.get("OPENAI_BASE_URL", "")
    if not url:
        todo = "set OPENAI_BASE_URL and OPENAI_API_KEY for --llm openai:MODEL"
        return Finding("endpoint", "missing", "OPENAI_BASE_URL is not set", todo)
    key = os.environ.get("OPENAI_API_KEY") or "none"
    headers = {"Authorization": f"Bearer {key}"}
    status, said = _asked(f"{url.rstrip('/')}/models", headers)
    if status in (401, 403):
        return Finding("endpoint", "problem", said, "OPENAI_API_KEY is not the right one there")
    # Not every server lists its models; one that says so answers all the same.
    if status in (200, 404, 405, 501):
        return Finding("endpoint", "ok", said)
    return Finding("endpoint", "problem", said, "see to OPENAI_BASE_URL: is the server up?")


def _argilla() -> Finding:
    """The Argilla that ARGILLA_API_URL names."""
    url = os.environ.get("ARGILLA_API_URL", "").rstrip("/")
    if not url:
        todo = "fc-distilabel argilla serve, or set ARGILLA_API_URL and ARGILLA_API_KEY"
        return Finding("Argilla", "missing", "ARGILLA_API_URL is not set", todo)
    status, said = _asked(f"{url}/api/v1/version", {})
    if status != 200:
        return Finding("Argilla", "problem", said, "see to ARGILLA_API_URL: is the server up?")
    key = os.environ.get("ARGILLA_API_KEY", "")
    status, said = _asked(f"{url}/api/v1/me", {"X-Argilla-Api-Key": key})
    if status != 200:
        return Finding("Argilla", "problem", said, "ARGILLA_API_KEY is not the right one there")
    return Finding("Argilla", "ok", said)


def _asked(url: str, headers: dict[str, str]) -> tuple[int, str]:
    """The status of an answer, 0 for none, and what to say of it: without user, password, query."""
    import httpx

    from fc_distilabel.llms.client import without_credentials

    try:
        shown = without_credentials(url)
        status = httpx.get(url, headers=headers, timeout=SECONDS).status_code
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        # Messages of these may hold the URL with its password, or the key.
        return 0, f"{type(error).__name__} at the address that was named"
    return status, f"{shown} answers {status}"


def _home(named: Path | None) -> Finding:
    """The folder that `argilla serve` keeps its data in."""
    from fc_distilabel.argilla_server.home import default_home

    home = (named or default_home()).expanduser()
    there = _existing(home)
    if not os.access(there, os.W_OK) or not there.is_dir():
        state: State = "problem" if named else "missing"
        return Finding("Argilla's home", state, f"{there} cannot be written", "name another --home")
    said = f"{home}{'' if home.exists() else ' (made when first used)'}"
    return Finding("Argilla's home", "ok", said)


def _disk() -> Finding:
    """Room for a run in the present folder."""
    here = Path.cwd()
    free = _free(here)
    said = f"{free / (1 << 30):.1f} GiB free in {here}"
    if free < LEAST_FREE:
        return Finding("disk", "problem", said, f"make room: {LEAST_FREE >> 30} GiB at least")
    return Finding("disk", "ok", said)


def _free(path: Path) -> int:
    return shutil.disk_usage(_existing(path)).free


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    return next(each for each in (path, *path.absolute().parents) if each.exists())
