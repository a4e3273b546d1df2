"""ms-swift's own loader and template on an exported folder.

Run in its environment: `with_swift.py FOLDER DATA MODEL OUT`. `strict` makes a row that it would
leave out with a warning an error.
"""

import json
import os
import sys
from pathlib import Path

folder, data, model_folder, out = sys.argv[1:5]
os.environ["MODELSCOPE_CACHE"] = f"{out}.cache"  # read when it is imported

from swift.dataset import load_dataset  # noqa: E402
from swift.model import get_processor  # noqa: E402
from swift.template import get_template  # noqa: E402

processor = get_processor(model_folder, model_type="qwen2")
template = get_template(
    processor,
    template_type="qwen2_5",
    agent_template="hermes",
    loss_scale="default" if data == "sft" else "last_round",
)
template.set_mode({"sft": "train", "dpo": "rlhf", "kto": "kto"}[data])
rows, _ = load_dataset([str(Path(folder) / "data" / "train.jsonl")], strict=True, num_proc=1)
tokenizer = template.tokenizer


def text(ids):
    return tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)


def answer(encoded, prefix):
    ids, labels = encoded[f"{prefix}input_ids"], encoded[f"{prefix}labels"]
    kept = [token for token, label in zip(ids, labels, strict=True) if label != -100]
    return text(kept), text(ids[: len(ids) - len(kept)])


def seen(row):
    encoded = template.encode({key: value for key, value in row.items() if value is not None})
    if data == "sft":
        return {"text": text(encoded["input_ids"]), "trained": answer(encoded, "")[0]}
    chosen, prompt = answer(encoded, "chosen_")
    if data == "dpo":
        return {"text": prompt, "chosen": chosen, "rejected": answer(encoded, "rejected_")[0]}
    return {"text": prompt, "completion": chosen, "label": encoded["label"]}


with Path(out).open("w", encoding="utf-8") as file:
    for row in rows:
        file.write(json.dumps(seen(row)) + "\n")
