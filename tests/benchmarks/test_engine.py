"""The engine's benchmark runs; what it measures is for people to look at."""

import json
import subprocess
import sys
from pathlib import Path


def test_the_benchmark_runs(tmp_path: Path) -> None:
    """Small, it still loses nothing under faults and drops what is refused, and that alone."""
    script, out = Path(__file__).with_name("engine.py"), tmp_path / "sub/results.json"
    command = [sys.executable, str(script), "--quick", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "ours / bare" in done.stdout
    results = json.loads(out.read_text())
    counted = {aim["what"]: aim["met"] for aim in results["aims"] if aim["sign"] == "=="}
    counted |= {aim["what"]: aim["met"] for aim in results["aims"] if "under faults" in aim["what"]}
    assert len(counted) == 5 and all(counted.values()), counted
