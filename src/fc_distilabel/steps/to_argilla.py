"""Step: full rows -> records that people review, each once."""

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import Step, StepInput
from pydantic import Field, PrivateAttr, SecretStr

from fc_distilabel.errors import InputError
from fc_distilabel.feedback.datasets import Dataset, settle_dataset
from fc_distilabel.feedback.push import push_rows
from fc_distilabel.feedback.records import record_id
from fc_distilabel.feedback.server import Server, key_of, open_server, url_of
from fc_distilabel.runs.failures import reporting
from fc_distilabel.steps.columns import Row
from fc_distilabel.types import LANGUAGES

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput


def key_from_environment() -> SecretStr | None:
    """The key of the environment, which no dump of a pipeline shows."""
    return SecretStr(key) if (key := key_of()) else None


class ToArgilla(Step):
    """Push rows to an Argilla for review; a row that is there already is left as it is.

    The dataset is made where it is missing. A row that the server does not take keeps an empty
    `record_id`, and `not_pushed` says why.

    Attributes:
        dataset: name of the dataset.
        workspace: name of its workspace; empty for `argilla`.
        language: `en` or `zh`, of the questions where the dataset is made.
        votes: how many people answer each row, where the dataset is made.
        url: address of the server. Defaults to the environment variable `ARGILLA_API_URL`.
        api_key: the key to authenticate with, never saved. Defaults to the environment variable
            `ARGILLA_API_KEY`.
        model: who wrote the rows, to filter by.
        vectors: whether rows can be found by what they are about.

    Runtime parameters:
        - `dataset`: name of the dataset.
        - `workspace`: name of its workspace.
        - `language`: `en` or `zh`.
        - `votes`: how many people answer each row.
        - `url`: address of the server.
        - `api_key`: the key to authenticate with.
        - `model`: who wrote the rows.
        - `vectors`: whether rows can be found by what they are about.

    Input columns:
        - row (`str`): a full row as JSON, empty where it was dropped.

    Output columns:
        - record_id (`str`): id of the record, empty where there is none.
        - not_pushed (`str`): why there is none, or empty.

    Categories:
        - save
    """

    dataset: RuntimeParameter[str] = Field(default="rows", description="Name of the dataset.")
    workspace: RuntimeParameter[str] = Field(default="", description="Name of its workspace.")
    language: RuntimeParameter[str] = Field(default="en", description="`en` or `zh`.")
    votes: RuntimeParameter[int] = Field(default=1, description="People who answer each row.")
    url: RuntimeParameter[str] | None = Field(
        default_factory=url_of, description="Address of the server."
    )
    api_key: RuntimeParameter[SecretStr] | None = Field(
        default_factory=key_from_environment, description="The key to authenticate with."
    )
    model: RuntimeParameter[str] = Field(default="", description="Who wrote the rows.")
    vectors: RuntimeParameter[bool] = Field(
        default=True, description="Whether rows can be found by what they are about."
    )

    _stack: ExitStack | None = PrivateAttr(None)
    _server: Server | None = PrivateAttr(None)
    _target: Dataset | None = PrivateAttr(None)

    @property
    def inputs(self) -> "StepColumns":
        """The full row."""
        return ["row"]

    @property
    def outputs(self) -> "StepColumns":
        """The record's id, or why there is none."""
        return ["record_id", "not_pushed"]

    def load(self) -> None:
        """Open the server, and settle the dataset; raises `InputError` where that cannot be."""
        super().load()
        with reporting(str(self.name)):
            language = next((known for known in LANGUAGES if known == self.language), None)
            if language is None:
                raise InputError(f"language is {self.language!r}, but must be en or zh")
            self._stack = ExitStack()
            key = self.api_key.get_secret_value() if self.api_key else ""
            self._server = self._stack.enter_context(open_server(self.url or "", key))
            names = (self.dataset or "", self.workspace or "")
            self._target = settle_dataset(self._server, *names, language, self.votes or 1)

    def unload(self) -> None:
        """Let go of the server."""
        super().unload()
        if self._stack is not None:
            self._stack.close()
        self._stack, self._server, self._target = None, None, None

    def process(self, inputs: StepInput) -> "StepOutput":  # type: ignore[override]
        """Push the rows of a batch."""
        with reporting(str(self.name)):
            rows = self._pushed(inputs)
        yield rows

    def _pushed(self, inputs: list[Row]) -> list[Row]:
        assert self._server is not None and self._target is not None, "load() comes first"
        rows = [json.loads(row["row"]) if row["row"] else None for row in inputs]
        pushed = push_rows(
            *(self._server, self._target, [row for row in rows if row is not None]),
            *(self.model or "", bool(self.vectors)),
        )
        why = {left.row: left.why for left in pushed.left_out}
        return [given | _told(row, why) for given, row in zip(inputs, rows, strict=True)]


def _told(row: Row | None, why: dict[str, str]) -> Row:
    if row is None:
        return {"record_id": "", "not_pushed": ""}
    reason = why.get(str(row.get("id")), "")
    return {"record_id": "" if reason else record_id(row), "not_pushed": reason}
