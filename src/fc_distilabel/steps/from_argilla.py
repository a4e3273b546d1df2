"""Generator step: what people answered -> rows, pairs and labelled turns to train on."""

from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import GeneratorStep
from pydantic import Field, SecretStr

from fc_distilabel.errors import InputError
from fc_distilabel.feedback.datasets import find_dataset
from fc_distilabel.feedback.gathering import gather
from fc_distilabel.feedback.harvest import Counting, Gleaned
from fc_distilabel.feedback.server import open_server, url_of
from fc_distilabel.feedback.votes import POLICIES, Reviewed
from fc_distilabel.runs.failures import reporting
from fc_distilabel.runs.rows import row_line
from fc_distilabel.steps.columns import Row
from fc_distilabel.steps.to_argilla import key_from_environment
from fc_distilabel.types import canonical_json

if TYPE_CHECKING:
    from distilabel.typing import GeneratorStepOutput, StepColumns


class FromArgilla(GeneratorStep):
    """Hand out what people answered, a row a record, in the order of the rows' ids.

    Invalid corrections go back to the dataset as suggestions, as with `fc-distilabel argilla pull`.

    Attributes:
        dataset: name of the dataset.
        workspace: name of its workspace; empty where the dataset's name is enough.
        policy: `majority` or `strict`.
        min_votes: how many votes it takes to decide.
        url: address of the server. Defaults to the environment variable `ARGILLA_API_URL`.
        api_key: the key to authenticate with, never saved. Defaults to the environment variable
            `ARGILLA_API_KEY`.

    Runtime parameters:
        - `dataset`: name of the dataset.
        - `workspace`: name of its workspace.
        - `policy`: `majority` or `strict`.
        - `min_votes`: how many votes it takes to decide.
        - `url`: address of the server.
        - `api_key`: the key to authenticate with.

    Output columns:
        - row_id (`str`): identity of the row.
        - outcome (`str`): `approved`, `corrected`, `rejected`, `undecided`, `returned`, `waiting`
            or `discarded`.
        - row (`str`): the approved or corrected full row as JSON, or empty.
        - pairs (`str`): preference pairs, as a JSON list.
        - labelled (`str`): single turns with a label, as a JSON list.

    Categories:
        - load
    """

    dataset: RuntimeParameter[str] = Field(default="rows", description="Name of the dataset.")
    workspace: RuntimeParameter[str] = Field(default="", description="Name of its workspace.")
    policy: RuntimeParameter[str] = Field(default="majority", description="`majority`, `strict`.")
    min_votes: RuntimeParameter[int] = Field(default=1, description="Votes it takes to decide.")
    url: RuntimeParameter[str] | None = Field(
        default_factory=url_of, description="Address of the server."
    )
    api_key: RuntimeParameter[SecretStr] | None = Field(
        default_factory=key_from_environment, description="The key to authenticate with."
    )

    @property
    def outputs(self) -> "StepColumns":
        """What each record came to."""
        return ["row_id", "outcome", "row", "pairs", "labelled"]

    def process(self, offset: int = 0) -> "GeneratorStepOutput":
        """Read all answers, then hand them out in batches."""
        with reporting(str(self.name)):
            rows = [_row(*pair) for pair in self._gathered()]
        size = self.batch_size or 1
        for start in range(offset, max(len(rows), 1), size):
            yield rows[start : start + size], start + size >= len(rows)

    def _gathered(self) -> tuple[tuple[Reviewed, Gleaned], ...]:
        policy = next((known for known in POLICIES if known == self.policy), None)
        if policy is None:
            raise InputError(f"policy is {self.policy!r}, but must be majority or strict")
        key = self.api_key.get_secret_value() if self.api_key else ""
        with open_server(self.url or "", key) as server:
            dataset = find_dataset(server, self.dataset or "", self.workspace or "")
            counting = Counting(policy, self.min_votes or 1)
            return gather(server, dataset, None, counting).pulled.gleaned


def _row(reviewed: Reviewed, gleaned: Gleaned) -> Row:
    return {
        "row_id": reviewed.row["id"],
        "outcome": gleaned.outcome,
        "row": row_line(gleaned.row) if gleaned.row else "",
        "pairs": canonical_json(gleaned.pairs),
        "labelled": canonical_json(gleaned.examples),
    }
