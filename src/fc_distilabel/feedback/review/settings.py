"""The settings of a review dataset, as Argilla's `Settings.from_json` reads them.

They stand in `argilla_config/settings.LANGUAGE.json`, where the field's template and the guidelines
are named by their files; here these are put in.
"""

import json
from typing import Any

from fc_distilabel.feedback.review.names import TRAJECTORY
from fc_distilabel.feedback.review.page import config_text, field_template
from fc_distilabel.types import Language


def review_settings(language: Language, min_submitted: int = 1) -> dict[str, Any]:
    """The whole settings; a record is done when `min_submitted` people have submitted it."""
    settings: dict[str, Any] = json.loads(config_text(f"settings.{language}.json"))
    settings["guidelines"] = config_text(settings["guidelines"])
    settings["distribution"]["min_submitted"] = min_submitted
    for field in settings["fields"]:
        if field["name"] == TRAJECTORY:
            field["settings"]["template"] = field_template(language)
    return settings
