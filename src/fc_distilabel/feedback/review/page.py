"""The files that show a conversation in a browser: for Argilla's field, and for any other page.

Argilla takes one text of HTML for a field. It is put together from the files in `argilla_config`,
with a policy that lets the frame run this very script and load nothing.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from fc_distilabel.types import Language

_PARTS = ("labels.js", "text.js", "values.js", "tools.js", "view.js")


@cache
def config_text(name: str) -> str:
    """A file of `argilla_config`, from the source tree or from the wheel."""
    return (files("fc_distilabel.feedback") / "config").joinpath(name).read_text(encoding="utf-8")


def view_style() -> str:
    """The style sheet; all its names begin with `fct`."""
    return config_text("trajectory/view.css")


def view_script() -> str:
    """The script, which makes one global function: `fcTrajectory(element, view, language)`."""
    parts = "\n".join(config_text(f"trajectory/{name}") for name in _PARTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def field_template(language: Language) -> str:
    """The template of Argilla's custom field, with labels in the language of the dataset."""
    script = view_script() + config_text("trajectory/frame.js")
    digest = base64.b64encode(hashlib.sha256(f"\n{script}".encode()).digest()).decode()
    page = config_text("trajectory/template.html")
    for name, text in {
        "LANGUAGE": language,
        "SCRIPT_HASH": digest,
        "STYLE": view_style(),
        "SCRIPT": script,
    }.items():
        page = page.replace(f"@{name}@", text)
    return page
