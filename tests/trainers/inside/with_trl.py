"""TRL's own trainers on an exported folder: what they read, what they train on, one real step.

Run in TRL's environment: `with_trl.py FOLDER DATA MODEL OUT`. A line of OUT is a row as the trainer
has it after tokenizing, decoded; the last line is the loss of one optimisation step.
"""

import json
import sys
from pathlib import Path

from datasets import load_dataset
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

folder, data, model_folder, out = sys.argv[1:5]
tokenizer = AutoTokenizer.from_pretrained(model_folder)
AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(model_folder)).save_pretrained(
    f"{out}.model"
)
model = AutoModelForCausalLM.from_pretrained(f"{out}.model")  # a reference model needs a place
rows = load_dataset(folder, split="train")  # by the card's own `configs`
kind, settings, extra = {
    "sft": (SFTTrainer, SFTConfig, {"assistant_only_loss": True}),
    "dpo": (DPOTrainer, DPOConfig, {}),
    "kto": (KTOTrainer, KTOConfig, {}),
}[data]
arguments = settings(
    output_dir=f"{out}.trainer",
    max_length=None,
    max_steps=1,
    per_device_train_batch_size=2,
    save_strategy="no",
    report_to=[],
    use_cpu=True,
    bf16=False,
    gradient_checkpointing=False,
    disable_tqdm=True,
    **extra,
)
trainer = kind(model=model, args=arguments, train_dataset=rows, processing_class=tokenizer)


def text(ids):
    return tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)


def seen(row):
    if data == "sft":
        ids, mask = row["input_ids"], row.get("assistant_masks")
        if mask is None:
            mask = [label != -100 for label in row["labels"]]
        trained = [token for token, keep in zip(ids, mask, strict=True) if keep]
        return {"text": text(ids), "trained": text(trained)}
    sides = ("chosen", "rejected") if data == "dpo" else ("completion",)
    told = {"text": text(row["prompt_ids"])} | {side: text(row[f"{side}_ids"]) for side in sides}
    return told | ({"label": row["label"]} if data == "kto" else {})


with Path(out).open("w", encoding="utf-8") as file:
    for row in trainer.train_dataset:
        file.write(json.dumps(seen(row)) + "\n")
    loss = trainer.train().training_loss
    file.write(json.dumps({"loss": loss}) + "\n")
