"""TRL's own parser on the exported YAML: `config_trl.py FOLDER DATA MODEL OUT`."""

import json
import os
import sys
from pathlib import Path

from datasets import load_dataset
from trl import DPOConfig, KTOConfig, ModelConfig, ScriptArguments, SFTConfig, TrlParser

folder, data, _, out = sys.argv[1:5]
settings = {"sft": SFTConfig, "dpo": DPOConfig, "kto": KTOConfig}[data]
os.chdir(folder)
sys.argv = ["trl", "--config", f"{data}.yaml", "--use_cpu"]
script, *_ = TrlParser((ScriptArguments, settings, ModelConfig)).parse_args_and_config()
parts = load_dataset(script.dataset_name)
names = {"train": script.dataset_train_split, "test": script.dataset_test_split}
Path(out).write_text(json.dumps({part: len(parts[name]) for part, name in names.items()}))
