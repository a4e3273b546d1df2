"""Set up the trainers that the tests here ask: `python tests/trainers/setup.py [NAME...]`.

Each has a virtual environment of its own, since no two of them agree on versions. They are put
under `.venv/trainers`, or where the variable FC_TRAINERS says: with PyTorch, some 1.5 GB each.
A line of a requirements file that begins with `--no-deps` is put in by itself, last.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
HOME = Path(os.environ.get("FC_TRAINERS") or HERE.parents[1] / ".venv" / "trainers")
TRAINERS = ("trl", "llamafactory", "swift", "axolotl", "openai")
TORCH = "torch==2.13.0"  # one build for all; a plain `torch` may bring gigabytes of CUDA
MADE = "made"


def python_of(name: str) -> Path:
    """The interpreter of a trainer's environment."""
    return HOME / name / "bin" / "python"


def is_set_up(name: str) -> bool:
    """Whether the environment is whole, and of these very requirements."""
    made = HOME / name / MADE
    return made.is_file() and made.read_text() == requirements(name)


def requirements(name: str) -> str:
    return (HERE / "requirements" / f"{name}.txt").read_text()


def set_up(name: str) -> None:
    """Make the environment anew."""
    lines = [line for line in requirements(name).splitlines() if line and line[0] != "#"]
    alone = [line.removeprefix("--no-deps ") for line in lines if line.startswith("--no-deps")]
    others = [line for line in lines if not line.startswith("--no-deps")]
    torch = [TORCH] if name != "openai" else []
    venv.create(HOME / name, clear=True, with_pip=True)
    if torch:
        pip(name, *torch)
    pip(name, *torch, *others)
    if alone:
        pip(name, "--no-deps", *alone)
    (HOME / name / MADE).write_text(requirements(name))


def pip(name: str, *words: str) -> None:
    command = [str(python_of(name)), "-m", "pip", "install", "--quiet", *words]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or TRAINERS:
        if wanted not in TRAINERS:
            sys.exit(f"no trainer is named {wanted!r}; known: {', '.join(TRAINERS)}")
        if is_set_up(wanted):
            print(f"{wanted} is set up")
        else:
            print(f"setting up {wanted} in {HOME / wanted}", flush=True)
            set_up(wanted)
