"""ms-swift's own parser on the exported command line: `config_swift.py FOLDER DATA MODEL OUT`."""

import json
import os
import shlex
import sys
from pathlib import Path

folder, data, model, out = sys.argv[1:5]
os.environ["MODELSCOPE_CACHE"] = f"{out}.cache"  # read when it is imported

from swift.arguments import RLHFArguments, SftArguments  # noqa: E402
from swift.utils import parse_args  # noqa: E402

os.chdir(folder)
command = Path("train.sh").read_text().removeprefix("#!/bin/sh\n").replace("\\\n", "")
program, kind, *words = shlex.split(command)
assert (program, kind) == ("swift", "sft" if data == "sft" else "rlhf")
words[words.index("--model") + 1] = model
words += ["--model_type", "qwen2", "--template", "qwen2_5", "--output_dir", f"{out}.made"]
arguments, unknown = parse_args(SftArguments if data == "sft" else RLHFArguments, words)
assert not unknown
assert data == "sft" or arguments.rlhf_type == data
files = {"train": arguments.dataset, "test": arguments.val_dataset}
rows = {part: len(Path(name).read_bytes().splitlines()) for part, [name] in files.items()}
Path(out).write_text(json.dumps(rows))
