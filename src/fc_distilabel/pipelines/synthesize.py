"""Documents or APIs in, verified function-calling rows out: what `synthesize` runs."""

from pathlib import Path
from typing import Any

from distilabel.models.llms import LLM
from distilabel.pipeline import Pipeline

from fc_distilabel.runs.guidance import rubric_of
from fc_distilabel.runs.mix import parse_kinds
from fc_distilabel.runs.settings import RunSettings
from fc_distilabel.steps import (
    ApiEvolver,
    ApiSynthesizer,
    BlueprintPlanner,
    DocumentPassages,
    OwnToolsets,
    PersonaDialogue,
    RunSink,
    ScenarioMiner,
    SchemaValidator,
    SemanticJudge,
)
from fc_distilabel.types import Json

NAME = "fc-distilabel-synthesize"


def build_pipeline(
    settings: RunSettings,
    llm: LLM,
    store: str = "",
    cache_dir: str | Path | None = None,
    assistant: LLM | None = None,
    judge: LLM | None = None,
) -> Pipeline:
    """The pipeline of a run.

    Args:
        settings: What is wanted.
        llm: The model; each step that asks a model gets a copy of its own.
        store: Path of the run's database. Without one, completions and rows are kept nowhere
            but in distilabel's own result.
        cache_dir: Where distilabel writes; its own default otherwise.
        assistant: Who plays the assistant, where it is another model.
        judge: Who scores the turns; without one, nobody does.
    """
    # Full batches all the way: distilabel holds back what does not fill one (see `FILLER`).
    batch = settings.batch_size
    rows = batch * settings.per_passage
    asks: dict[str, Any] = {
        "seed": settings.seed,
        "max_in_flight": settings.max_in_flight,
        "store": store,
    }
    with Pipeline(name=NAME, cache_dir=cache_dir) as pipeline:
        toolsets = _toolsets(settings, llm, asks)
        planner = BlueprintPlanner(
            name="blueprint_planner",
            # Tools that cannot carry a kind carry a related one, of those that were asked for.
            kinds=[kind for kind, share in parse_kinds(settings.kinds).items() if share],
            seed=settings.seed,
            # Tools of the user's may resemble one another; what is asked of them must not.
            new_tools=not settings.tools,
            feedback=settings.feedback,
            input_batch_size=batch,
        )
        user = _copy(llm)
        dialogue = PersonaDialogue(
            name="persona_dialogue",
            llm=user,
            assistant_llm=_copy(assistant) if assistant else user,
            candidates=settings.candidates,
            feedback=settings.feedback,
            input_batch_size=rows,
            **asks,
        )
        validator = SchemaValidator(name="schema_validator", input_batch_size=rows)
        verdicts = toolsets >> planner >> dialogue >> validator
        if judge is not None:
            verdicts = verdicts >> SemanticJudge(
                name="semantic_judge",
                llm=_copy(judge),
                min_score=settings.min_score,
                rubric=rubric_of(settings.feedback),
                input_batch_size=rows,
                **asks,
            )
        verdicts >> RunSink(name="run_sink", store=store, input_batch_size=rows)
    return pipeline


def _toolsets(settings: RunSettings, llm: LLM, asks: dict[str, Any]) -> Any:
    """The steps from documents, or from a user's own tools, to toolsets; the last one of them."""
    batch = settings.batch_size
    passages = DocumentPassages(
        name="document_passages",
        paths=[settings.tools] if settings.tools else list(settings.paths),
        own_apis=bool(settings.tools),
        language=settings.language,
        rows=settings.rows,
        kinds=settings.kinds,
        per_passage=settings.per_passage,
        seed=settings.seed,
        store=asks["store"],
        batch_size=batch,
    )
    if settings.tools:
        return passages >> OwnToolsets(
            name="own_toolsets",
            llm=_copy(llm),
            tools=settings.tools,
            language=settings.language,
            input_batch_size=batch,
            **asks,
        )
    miner = ScenarioMiner(name="scenario_miner", llm=_copy(llm), input_batch_size=batch, **asks)
    synthesizer = ApiSynthesizer(
        name="api_synthesizer", llm=_copy(llm), input_batch_size=batch, **asks
    )
    toolsets = passages >> miner >> synthesizer
    if settings.preset:
        return toolsets >> ApiEvolver(
            name="api_evolver",
            preset=settings.preset,
            seed=settings.seed,
            input_batch_size=batch,
        )
    return toolsets


def save(pipeline: Pipeline, path: str | Path) -> None:
    """Write the pipeline as YAML for `distilabel pipeline run --config`; secrets are left out."""
    pipeline.save(path, format="yaml", dump=_without_notes(pipeline.dump()))


def _without_notes(value: Json) -> Json:
    """The dump less its descriptions of parameters, which nobody reads back."""
    if isinstance(value, list):
        return [_without_notes(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {k: _without_notes(v) for k, v in value.items() if k != "runtime_parameters_info"}


def _copy(llm: LLM) -> LLM:
    copied: LLM = llm.model_copy(deep=True)
    return copied
