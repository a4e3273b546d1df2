"""The config files that a trainer needs beside the rows: written to be started as they are.

Each names the model, which is for the user to change, and the files by their names, so that a
command is run in the folder itself.
"""

import json
from collections.abc import Callable
from typing import NamedTuple

from fc_distilabel.exporters.units import Data
from fc_distilabel.exporters.writing import TEST, TRAIN
from fc_distilabel.types import Json

MODEL = "Qwen/Qwen2.5-1.5B-Instruct"


class Recipe(NamedTuple):
    """What to put beside the rows, and how to start."""

    files: dict[str, str]
    command: str


def recipe(trainer: str, data: Data, *, tested: bool) -> Recipe:
    """The config files for a trainer; none for one that nobody here knows."""
    make = _RECIPES.get(trainer)
    return make(data, tested) if make else Recipe({}, "")


def _trl(data: Data, tested: bool) -> Recipe:
    lines = [f"model_name_or_path: {MODEL}", "dataset_name: data"]
    lines += ["dataset_test_split: test", "eval_strategy: epoch"] if tested else []
    lines += ["assistant_only_loss: true"] if data == "sft" else []
    lines += [f"output_dir: out-{data}", "num_train_epochs: 1", "learning_rate: 1.0e-5"]
    return Recipe({f"{data}.yaml": _text(lines)}, f"trl {data} --config {data}.yaml")


def _openai(data: Data, tested: bool) -> Recipe:
    method = '{"type": "dpo"}' if data == "dpo" else '{"type": "supervised"}'
    test = f'tested = client.files.create(file=open("{TEST}", "rb"), purpose="fine-tune")'
    lines = [
        "from openai import OpenAI",
        "",
        "client = OpenAI()  # OPENAI_API_KEY",
        f'train = client.files.create(file=open("{TRAIN}", "rb"), purpose="fine-tune")',
        *([test] if tested else []),
        "job = client.fine_tuning.jobs.create(",
        '    model="gpt-4.1-mini-2025-04-14",',
        "    training_file=train.id,",
        *(["    validation_file=tested.id,"] if tested else []),
        f"    method={method},",
        ")",
        "print(job.id)",
    ]
    return Recipe({"finetune.py": _text(lines)}, "python finetune.py")


def _llamafactory(data: Data, tested: bool) -> Recipe:
    columns = {"messages": "conversations", "system": "system", "tools": "tools"}
    entry: dict[str, Json] = {"formatting": "sharegpt", "columns": columns}
    if data == "dpo":
        entry["ranking"] = True
        columns |= {"chosen": "chosen", "rejected": "rejected"}
    elif data == "kto":
        columns["kto_tag"] = "kto_tag"
    info = {f"fc_{data}": {"file_name": TRAIN, **entry}}
    if tested:
        info[f"fc_{data}_test"] = {"file_name": TEST, **entry}
    lines = [f"model_name_or_path: {MODEL}", f"stage: {data}", "do_train: true"]
    lines += ["finetuning_type: lora", "lora_target: all", *_preference(data)]
    lines += ["template: qwen", "dataset_dir: .", f"dataset: fc_{data}"]
    lines += [f"eval_dataset: fc_{data}_test", "eval_strategy: epoch"] if tested else []
    lines += ["cutoff_len: 8192", f"output_dir: out-{data}", "num_train_epochs: 1.0"]
    files = {
        "dataset_info.json": json.dumps(info, indent=2) + "\n",
        f"{data}.yaml": _text(lines),
    }
    return Recipe(files, f"llamafactory-cli train {data}.yaml")


def _preference(data: Data) -> list[str]:
    return ["pref_beta: 0.1"] if data != "sft" else []


def _swift(data: Data, tested: bool) -> Recipe:
    start = "swift sft" if data == "sft" else f"swift rlhf --rlhf_type {data}"
    lines = [f"{start} \\", f"  --model {MODEL} \\", f"  --dataset {TRAIN} \\"]
    # Without its own test file the trainer would take rows of the training file for one.
    lines += [f"  --val_dataset {TEST} \\"] if tested else ["  --split_dataset_ratio 0 \\"]
    lines += ["  --agent_template hermes \\", f"  --output_dir out-{data}"]
    return Recipe({"train.sh": _text(["#!/bin/sh", *lines])}, "sh train.sh")


def _axolotl(data: Data, tested: bool) -> Recipe:
    kinds = {
        "sft": ["type: chat_template", "field_messages: messages", "roles_to_train: [assistant]"],
        "dpo": ["type: chat_template.default", "split: train"],
        "kto": ["type: chatml.argilla_chat", "split: train"],
    }
    lines = [f"base_model: {MODEL}", "chat_template: tokenizer_default"]
    lines += [f"rl: {data}"] if data != "sft" else []
    lines += ["rl_beta: 0.1", "remove_unused_columns: false"] if data == "kto" else []
    for name, path in (("datasets", TRAIN), ("test_datasets", TEST)):
        if path == TRAIN or tested:
            lines += [f"{name}:", f"  - path: {path}", "    ds_type: json"]
            lines += [f"    {line}" for line in kinds[data]]
    lines += ["sequence_len: 8192", "micro_batch_size: 1", "gradient_accumulation_steps: 8"]
    lines += ["num_epochs: 1", "learning_rate: 1.0e-5", f"output_dir: out-{data}"]
    return Recipe({f"{data}.yaml": _text(lines)}, f"axolotl train {data}.yaml")


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


_RECIPES: dict[str, Callable[[Data, bool], Recipe]] = {
    "trl": _trl,
    "openai": _openai,
    "llamafactory": _llamafactory,
    "swift": _swift,
    "axolotl": _axolotl,
}
