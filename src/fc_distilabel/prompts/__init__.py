"""Prompts as Jinja files, one per message and language; an undefined variable is an error.

Layout: `prompts/<language>/<name>.jinja`. A run records `prompt_hashes()`, so a row can be traced
to the very words that were asked.
"""

import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from fc_distilabel.types import Json, Language


@cache
def _environment() -> Environment:
    # Prompts are plain text for a model: HTML escaping would corrupt the values in them.
    return Environment(
        loader=PackageLoader("fc_distilabel", "prompts"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, language: Language, **variables: Json) -> str:
    """The text of prompt `name` in `language`.

    Raises `jinja2.UndefinedError` for a variable that the prompt needs and did not get.
    """
    return _environment().get_template(f"{language}/{name}.jinja").render(**variables).strip()


def prompt_hashes() -> dict[str, str]:
    """`{"en/scenario": sha256 prefix, ...}` of every prompt file."""
    hashes = {}
    for language in ("en", "zh"):
        for entry in sorted((files(__name__) / language).iterdir(), key=lambda e: e.name):
            name = f"{language}/{entry.name.removesuffix('.jinja')}"
            hashes[name] = hashlib.sha256(entry.read_bytes()).hexdigest()[:16]
    return hashes
