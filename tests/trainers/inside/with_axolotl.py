"""Axolotl's own prompt strategies on an exported folder, as its YAML names them.

Run in its environment: `with_axolotl.py FOLDER DATA MODEL OUT`.
"""

import importlib
import json
import sys
from pathlib import Path

import yaml
from axolotl.prompt_strategies.chat_template import load
from axolotl.utils.dict import DictDefault
from datasets import load_dataset
from transformers import AutoTokenizer

folder, data, model_folder, out = sys.argv[1:5]
tokenizer = AutoTokenizer.from_pretrained(model_folder)
config = DictDefault(yaml.safe_load((Path(folder) / f"{data}.yaml").read_text()))
config.sequence_len, config.train_on_inputs = 10**6, False
dataset = config.datasets[0]
path = Path(folder) / dataset.path
rows = load_dataset(dataset.ds_type, data_files=str(path), split="train", cache_dir=f"{out}.cache")


def text(ids):
    return tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)


def supervised():
    strategy = load(tokenizer, config, ds_cfg=dataset)
    for row in rows:
        encoded = strategy.tokenize_prompt(row)
        pairs = zip(encoded["input_ids"], encoded["labels"], strict=True)
        kept = [token for token, label in pairs if label != -100]
        yield {"text": text(encoded["input_ids"]), "trained": text(kept)}


def preferred():
    module, name = dataset.type.rsplit(".", 1)
    module = importlib.import_module(f"axolotl.prompt_strategies.{data}.{module}")
    made = getattr(module, name)(config)
    transform = made[0] if isinstance(made, tuple) else made
    words = {"tokenizer": tokenizer} if data == "dpo" else {}
    for row in rows:
        turned = transform(row, **words)
        kept = {key: turned[key] for key in ("chosen", "rejected", "completion") if key in turned}
        told = {"text": turned["prompt"], **kept}
        yield told | ({"label": row["label"]} if data == "kto" else {})


with Path(out).open("w", encoding="utf-8") as file:
    for told in supervised() if data == "sft" else preferred():
        file.write(json.dumps(told) + "\n")
