"""The options by which commands that ask a model name it, and the settings that they amount to."""

import argparse
from typing import TYPE_CHECKING

from fc_distilabel.cli.options import positive

if TYPE_CHECKING:
    from fc_distilabel.runs.settings import RunSettings
    from fc_distilabel.types import Json


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--llm",
        default="local",
        metavar="LLM",
        help="local, or openai:MODEL at an OpenAI-compatible endpoint (%(default)s)",
    )
    parser.add_argument("--model", default="", metavar="GGUF", help="another model for local")
    parser.add_argument(
        "--base-url", default="", metavar="URL", help="the endpoint; else OPENAI_BASE_URL"
    )
    parser.add_argument(
        "--max-in-flight",
        type=positive,
        default=32,
        metavar="N",
        help="requests under way at once to an endpoint (%(default)s)",
    )


def run_settings(values: "dict[str, Json]") -> "RunSettings":
    """The settings that options amount to.

    Raises `InputError` naming the first option that cannot be used.
    """
    from pydantic import ValidationError

    from fc_distilabel.errors import InputError
    from fc_distilabel.runs.settings import RunSettings

    try:
        return RunSettings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        option = "--" + str(first["loc"][0]).replace("_", "-")
        raise InputError(f"{option} is {first['input']!r}: {first['msg']}") from error
