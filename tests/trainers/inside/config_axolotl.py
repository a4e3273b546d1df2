"""Axolotl's own schema on the exported YAML: `config_axolotl.py FOLDER DATA MODEL OUT`."""

import json
import os
import sys
from pathlib import Path

import yaml
from axolotl.utils.schemas.config import AxolotlInputConfig

folder, data, _, out = sys.argv[1:5]
os.chdir(folder)
config = AxolotlInputConfig(**yaml.safe_load(Path(f"{data}.yaml").read_text()))
assert data == "sft" or config.rl.value == data
files = {"train": config.datasets[0].path, "test": config.test_datasets[0].path}
rows = {part: len(Path(name).read_bytes().splitlines()) for part, name in files.items()}
Path(out).write_text(json.dumps(rows))
