"""LLaMA-Factory's parser on the exported YAML: `config_llamafactory.py FOLDER DATA MODEL OUT`."""

import json
import os
import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path

import yaml

silent = types.ModuleType("torchaudio")  # as in with_llamafactory.py
silent.__spec__ = ModuleSpec("torchaudio", None)
sys.modules["torchaudio"] = silent

from llamafactory.data.parser import get_dataset_list  # noqa: E402
from llamafactory.hparams import get_train_args  # noqa: E402

folder, data, model, out = sys.argv[1:5]
os.chdir(folder)
config = yaml.safe_load(Path(f"{data}.yaml").read_text())
_, arguments, training, tuning, _ = get_train_args(
    {**config, "model_name_or_path": model, "use_cpu": True}
)
assert tuning.stage == data
files = {
    part: get_dataset_list(names, arguments.dataset_dir)[0].dataset_name
    for part, names in (("train", arguments.dataset), ("test", arguments.eval_dataset))
}
rows = {part: len(Path(name).read_bytes().splitlines()) for part, name in files.items()}
Path(out).write_text(json.dumps(rows))
