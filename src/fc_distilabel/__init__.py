"""Function-calling training data from documents: a distilabel plugin.

Importing this package imports nothing else: not distilabel, not pydantic. The parts are imported
from where they live (`from fc_distilabel.steps import ScenarioMiner`); the steps can also be had
from here, and cost their import only then.
"""

from typing import Any

__version__ = "0.1.0"

_STEPS = (
    "ApiEvolver",
    "ApiSynthesizer",
    "BlueprintPlanner",
    "CallRepairer",
    "DocumentPassages",
    "OwnToolsets",
    "PersonaDialogue",
    "RunSink",
    "ScenarioMiner",
    "SchemaValidator",
    "SimilarTools",
)

__all__ = ["__version__", *_STEPS]


def __getattr__(name: str) -> Any:
    """Import the steps, and distilabel with them, only for those who ask."""
    if name in _STEPS:
        from fc_distilabel import steps

        return getattr(steps, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
