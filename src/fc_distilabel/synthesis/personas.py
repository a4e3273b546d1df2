"""Who speaks: personas composed of a role, a tone and how the person talks.

Dimensions are drawn one by one and mostly plain, so that rows differ in many ways and none is odd
in all of them. What does not go together is never drawn: mixing in English words is a habit of
Chinese offices, and who knows a subject well does not speak of it in vague words.
"""

import random
from collections.abc import Mapping

from fc_distilabel.prompts import render
from fc_distilabel.synthesis.data import office_roles, personas
from fc_distilabel.types import Language, Persona

KNOWLEDGE = {"novice": 0.25, "informed": 0.6, "expert": 0.15}
VERBOSITY = {"terse": 0.2, "plain": 0.65, "rambling": 0.15}
PATIENCE = {"patient": 0.85, "impatient": 0.15}
VAGUE_SHARE = 0.12
CODE_SWITCHING_SHARE = 0.25
"""How many of those who work in Chinese offices mix in English words."""


def draw_persona(language: Language, random_: random.Random) -> Persona:
    """One of many people, the same for the same state of `random_`."""
    someone = random_.choice(personas(language))
    knowledge = _drawn(KNOWLEDGE, random_)
    habit = "plain"
    if language == "zh" and someone.role in office_roles(language):
        habit = "code_switching" if random_.random() < CODE_SWITCHING_SHARE else habit
    if habit == "plain" and knowledge != "expert":
        habit = "vague" if random_.random() < VAGUE_SHARE else habit
    return Persona.model_validate(
        {
            "role": someone.role,
            "tone": someone.tone,
            "knowledge": knowledge,
            "verbosity": _drawn(VERBOSITY, random_),
            "habit": habit,
            "patience": _drawn(PATIENCE, random_),
        }
    )


def describe(persona: Persona, language: Language) -> str:
    """The persona in one phrase, for a prompt: what is plain in it goes without saying."""
    return render("persona", language, persona=persona)


def _drawn(weights: Mapping[str, float], random_: random.Random) -> str:
    return random_.choices(list(weights), [*weights.values()])[0]
