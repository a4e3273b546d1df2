"""What people's feedback asks of the next run.

`fc-distilabel argilla pull` writes it into its folder, `synthesize --feedback` reads it there: rows
that people approved serve as examples, mistakes that they found raise the share of the kinds of
dialogue that exercise them, what they rejected is not planned again, and the judge passes what they
passed.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from fc_distilabel.errors import InputError
from fc_distilabel.runs.mix import parse_kinds
from fc_distilabel.runs.settings import RunSettings
from fc_distilabel.synthesis.data import MessageExample
from fc_distilabel.types import Kind, Language, Noun, Tool, content_id

GUIDANCE = "guidance.json"
RUBRIC = "rubric.json"
"""The judge's rubric as human labels have calibrated it, where there were enough of them."""
MOST = 3.0
"""How many times its share a kind may be raised to."""


class Avoided(Noun):
    """A scenario and its tool that people rejected."""

    row: str
    language: Language
    goal: str
    tool: Tool | None = None
    """None where the tool is the user's own, or was not at fault."""


class Guidance(Noun):
    """What the answers of people come to."""

    decided: int = Field(ge=0)
    """Records that people decided."""
    examples: dict[Language, dict[str, tuple[MessageExample, ...]]] = Field(default_factory=dict)
    """Opening messages that people approved, by the form of message that they are."""
    emphasis: dict[Kind, Annotated[float, Field(ge=1, le=MOST)]] = Field(default_factory=dict)
    """What the share of a kind is multiplied by; 1 for those left out."""
    avoid: tuple[Avoided, ...] = ()

    def of_form(self, language: Language, form: str) -> tuple[MessageExample, ...]:
        """The approved messages of a form."""
        return self.examples.get(language, {}).get(form, ())


NO_GUIDANCE = Guidance(decided=0)


def read_guidance(folder: str | Path) -> Guidance:
    """The guidance in a folder that a pull wrote; none where no folder is named.

    Raises:
        InputError: there is none, or it has another form.
    """
    if not folder:
        return NO_GUIDANCE
    path = Path(folder) / GUIDANCE
    try:
        return Guidance.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"--feedback {str(folder)!r}: cannot read {GUIDANCE} ({error.strerror}); give the "
            "folder that `fc-distilabel argilla pull` wrote"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(map(str, first["loc"])) or "its root"
        raise InputError(f"{str(path)!r} at {place}: {first['msg']}") from error


def rubric_of(folder: str) -> str:
    """Path of the calibrated rubric in a folder that a pull wrote, or ``."""
    path = Path(folder) / RUBRIC
    return str(path) if folder and path.is_file() else ""


def guided(settings: RunSettings) -> RunSettings:
    """The settings with the shares of the kinds as the feedback raises them."""
    emphasis = read_guidance(settings.feedback).emphasis
    if not emphasis:
        return settings
    shares = {k: s * emphasis.get(k, 1) for k, s in parse_kinds(settings.kinds).items()}
    total = sum(shares.values())
    kinds = ",".join(f"{kind}={share / total:.4f}" for kind, share in shares.items())
    return settings.model_copy(update={"kinds": kinds})


def feedback_id(folder: str) -> str:
    """An identity of all that a folder's feedback decides, or ``."""
    if not folder:
        return ""
    rubric = Path(rubric_of(folder)).read_text(encoding="utf-8") if rubric_of(folder) else ""
    return content_id(read_guidance(folder).model_dump(mode="json"), rubric)
