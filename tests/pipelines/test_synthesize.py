"""The pipeline as distilabel sees it: YAML, plain runs, batches that never leave rows stuck."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from runpy import run_path
from typing import Any

import pyarrow.parquet as pq
import pytest
from distilabel.pipeline import Pipeline

import made
from commands import ROOT, Command
from fc_distilabel.llms.chat_completions import ChatCompletionsLLM
from fc_distilabel.llms.scripted import ScriptedLLM
from fc_distilabel.pipelines.synthesize import build_pipeline, save
from fc_distilabel.runs.settings import RunSettings

YAML = ROOT / "pipelines" / "synthesize.yaml"


def test_the_yaml_is_the_script() -> None:
    """`pipelines/synthesize.yaml` builds the steps that `pipelines/synthesize.py` builds."""
    script = run_path(str(ROOT / "pipelines" / "synthesize.py"))
    assert Pipeline.from_yaml(str(YAML)).dump() == script["make_pipeline"]().dump()


def test_the_yaml_names_no_machine() -> None:
    """Paths in it are relative to where one stands."""
    assert "- examples/docs" in YAML.read_text(encoding="utf-8")
    assert str(Path.home()) not in YAML.read_text(encoding="utf-8")


def test_a_saved_pipeline_holds_no_secret(tmp_path: Path) -> None:
    """The key of an endpoint stays out of YAML, and the rest comes back as it was."""
    llm = ChatCompletionsLLM(model="m", base_url="http://127.0.0.1:9/v1", api_key="a-secret")
    pipeline = build_pipeline(RunSettings(paths=("x",), llm="openai:m"), llm)
    save(pipeline, tmp_path / "p.yaml")
    assert "a-secret" not in (tmp_path / "p.yaml").read_text(encoding="utf-8")
    assert Pipeline.from_yaml(str(tmp_path / "p.yaml")).dump() == pipeline.dump()


def test_each_step_has_a_model_of_its_own() -> None:
    """Steps are processes: they share settings, not clients."""
    pipeline = build_pipeline(RunSettings(paths=("x",)), ScriptedLLM(script="scripts:good"))
    steps = [pipeline.dag.get_step(name)["step"] for name in pipeline.dag]
    llms = [step.llm for step in steps if hasattr(step, "llm")]
    assert len(llms) == len({id(llm) for llm in llms}) == 3


@pytest.mark.parametrize(
    ("options", "batch"),
    [
        ({"llm": "local", "rows": 1000}, 1),
        ({"llm": "openai:m", "rows": 30}, 18),
        ({"llm": "openai:m", "rows": 1}, 2),
        ({"llm": "openai:m", "rows": 1000}, 64),
        ({"llm": "openai:m", "rows": 1000, "max_in_flight": 2}, 4),
    ],
)
def test_batches_fit_the_model(options: dict[str, Any], batch: int) -> None:
    """One passage at a time for a model that answers one request at a time; else a full window."""
    assert RunSettings(paths=("x",), **options).batch_size == batch


def test_plain_distilabel_runs_it(tmp_path: Path) -> None:
    """`distilabel pipeline run --config` works without a guard; every row comes out once."""
    made.english(tmp_path / "docs", 5, {1: "thistle"})
    settings = RunSettings(paths=("docs",), rows=500, llm="scripted:", max_in_flight=2)
    save(build_pipeline(settings, ScriptedLLM(script="scripts:good")), tmp_path / "p.yaml")
    environment = Command(()).variables() | {
        "DISTILABEL_CACHE_DIR": str(tmp_path / "cache"),
        "HF_HOME": str(tmp_path / "hf"),
        "HF_HUB_OFFLINE": "1",
        "PYTHONSAFEPATH": "",
    }
    program = [sys.executable, "-c", "from distilabel.cli.app import app; app()"]
    arguments = ["pipeline", "run", "--config", "p.yaml", "--ignore-cache"]
    done = subprocess.run(
        [*program, *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    files = list((tmp_path / "cache").rglob("run_sink/*.parquet"))
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    assert Counter(row["status"] for row in rows) == {"kept": 12, "dropped": 3}
    assert len({row["row_id"] for row in rows}) == 15
    assert all(json.loads(row["row"])["id"] == row["row_id"] for row in rows if row["row"])
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".db")]
