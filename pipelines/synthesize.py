"""What `fc-distilabel synthesize` runs, as a script of plain distilabel: a place to start from.

    python pipelines/synthesize.py                                   # run it, here
    python pipelines/synthesize.py --save pipelines/synthesize.yaml  # write it as a configuration
    distilabel pipeline run --config pipelines/synthesize.yaml --ignore-cache

Plain distilabel keeps nothing of a run that stops, tells nobody when rows are missing, and without
--ignore-cache gives back old rows for changed documents. The command runs the same steps under
guard.
"""

import os
import sys

from distilabel.pipeline import Pipeline

from fc_distilabel.llms.embedded import EmbeddedLLM
from fc_distilabel.llms.embedded_server import EmbeddedServer
from fc_distilabel.pipelines.synthesize import build_pipeline, save
from fc_distilabel.runs.settings import RunSettings

SETTINGS = RunSettings(paths=("examples/docs",), rows=6)


def make_pipeline() -> Pipeline:
    """The pipeline, with the embedded model; put any distilabel LLM in its place."""
    return build_pipeline(SETTINGS, EmbeddedLLM())


def main(arguments: list[str]) -> None:
    """Run the pipeline, or save it."""
    if arguments[:1] == ["--save"]:
        save(make_pipeline(), arguments[1])
        return
    with EmbeddedServer() as server:  # one copy of the weights for all steps
        os.environ.update(server.environment())
        distiset = make_pipeline().run(use_cache=False)
    for row in distiset["default"]["train"]:
        print(row["row"] or f"dropped: {row['reason']}")


if __name__ == "__main__":
    main(sys.argv[1:])
