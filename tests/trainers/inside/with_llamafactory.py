"""LLaMA-Factory's own loader, converter, template and processor on an exported folder.

Run in its environment: `with_llamafactory.py FOLDER DATA MODEL OUT`. All goes through its
`get_dataset`, with the `dataset_info.json` and the YAML that were exported.
"""

import json
import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path

import yaml
from transformers import AutoTokenizer, Seq2SeqTrainingArguments

# Its audio library has no build for a CPU, and is imported whether or not there is sound.
silent = types.ModuleType("torchaudio")
silent.__spec__ = ModuleSpec("torchaudio", None)
sys.modules["torchaudio"] = silent

from llamafactory.data.loader import get_dataset  # noqa: E402
from llamafactory.data.template import TEMPLATES, get_template_and_fix_tokenizer  # noqa: E402
from llamafactory.hparams import DataArguments, ModelArguments  # noqa: E402

folder, data, model_folder, out = sys.argv[1:5]
names = sys.argv[5:] or [None]
config = yaml.safe_load((Path(folder) / f"{data}.yaml").read_text())
stage = {"sft": "sft", "dpo": "rm", "kto": "kto"}[config["stage"]]


def loaded(template_name):
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    arguments = DataArguments(
        template=template_name or config["template"],
        dataset=config["dataset"],
        dataset_dir=folder,
        cutoff_len=10**6,
        overwrite_cache=True,
    )
    arguments.dataset = [config["dataset"]]
    template = get_template_and_fix_tokenizer(tokenizer, arguments)
    training = Seq2SeqTrainingArguments(output_dir=f"{out}.trainer", use_cpu=True, report_to=[])
    model = ModelArguments(model_name_or_path=model_folder, cache_dir=f"{out}.cache")
    found = get_dataset(template, model, arguments, training, stage, tokenizer)
    return tokenizer, found["train_dataset"]


def seen(row, tokenizer):
    def text(ids):
        return tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)

    def answer(prefix):
        ids, labels = row[f"{prefix}input_ids"], row[f"{prefix}labels"]
        kept = [token for token, label in zip(ids, labels, strict=True) if label != -100]
        return text(kept), text(ids[: len(ids) - len(kept)])

    if data == "sft":
        return {"text": text(row["input_ids"]), "trained": answer("")[0]}
    if data == "dpo":
        chosen, prompt = answer("chosen_")
        return {"text": prompt, "chosen": chosen, "rejected": answer("rejected_")[0]}
    completion, prompt = answer("")
    return {"text": prompt, "completion": completion, "label": row["kto_tags"]}


if names == ["all"]:
    made = {}
    for name in sorted(TEMPLATES):
        try:
            made[name] = len(loaded(name)[1])
        except Exception as error:  # noqa: BLE001 - which templates fail is asked
            made[name] = repr(error)[:300]
    Path(out).write_text(json.dumps(made))
else:
    tokenizer, rows = loaded(names[0])
    with Path(out).open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(seen(row, tokenizer)) + "\n")
