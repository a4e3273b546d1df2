"""One contender of the engine's benchmark in a process of its own, bound to a core.

    python engine_child.py ours|bare|distilabel CORE

Reads jobs as lines of JSON, and answers each with a line. It stays between jobs, so that contenders
can take turns without starting anew.
"""

import json
import os
import resource
import sys
from importlib import import_module

from engine_load import Load


def main(contender: str, core: int) -> None:
    """Answer jobs until the input ends."""
    # What libraries print must not stand between the answers.
    answers, sys.stdout = os.fdopen(os.dup(1), "w"), sys.stderr
    run = import_module(f"engine_{contender}").run
    if core >= 0:
        os.sched_setaffinity(0, {core})
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        result = run(Load(**job.pop("load")), **job)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result["peak MB"] = peak / (1024 if sys.platform != "darwin" else 1024**2)
        print(json.dumps(result), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
