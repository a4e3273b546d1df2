"""The distilabel steps: thin adapters, JSON column -> noun -> pure function -> JSON column.

Nouns cross columns as JSON strings, never null, in fixed columns. A row that is dropped stays in
the table with its `drop`; later steps pass it through, so nothing vanishes between two steps.
"""

from fc_distilabel.steps.api_evolver import ApiEvolver
from fc_distilabel.steps.api_synthesizer import ApiSynthesizer
from fc_distilabel.steps.blueprint_planner import BlueprintPlanner
from fc_distilabel.steps.call_repairer import CallRepairer
from fc_distilabel.steps.document_passages import DocumentPassages
from fc_distilabel.steps.from_argilla import FromArgilla
from fc_distilabel.steps.own_toolsets import OwnToolsets
from fc_distilabel.steps.persona_dialogue import PersonaDialogue
from fc_distilabel.steps.run_sink import RunSink
from fc_distilabel.steps.scenario_miner import ScenarioMiner
from fc_distilabel.steps.schema_validator import SchemaValidator
from fc_distilabel.steps.semantic_judge import SemanticJudge
from fc_distilabel.steps.similar_tools import SimilarTools
from fc_distilabel.steps.to_argilla import ToArgilla

__all__ = [
    "ApiEvolver",
    "ApiSynthesizer",
    "BlueprintPlanner",
    "CallRepairer",
    "DocumentPassages",
    "FromArgilla",
    "OwnToolsets",
    "PersonaDialogue",
    "RunSink",
    "ScenarioMiner",
    "SchemaValidator",
    "SemanticJudge",
    "SimilarTools",
    "ToArgilla",
]
