"""The exception tree: one type per boundary, each with its exit status on the command line.

Two kinds of trouble are told apart. A `FcDistilabelError` is somebody's to mend (a wrong path, a
dead endpoint, a broken run). A `Dropped` is data: the model's answer was no use after a bounded
number of tries, so the row is dropped with its stage and reason, and the run goes on.
"""


class FcDistilabelError(Exception):
    """Root of all errors raised on purpose by this package."""

    exit_status = 1


class InputError(FcDistilabelError):
    """What the user gave cannot be used: an option, a path, a file. Nothing was done."""

    exit_status = 2


class DocumentError(InputError):
    """A document cannot be read as text: missing, empty, binary, too large, without text."""


class ModelFileError(InputError):
    """The weights of the embedded model are missing, incomplete or not the file they should be."""


class SchemaError(InputError):
    """A JSON Schema is not usable: invalid, too deep, or reaching outside itself with `$ref`."""


class EndpointError(FcDistilabelError):
    """A model endpoint did not answer a request, after the retries it was due."""


class EndpointUnusableError(EndpointError):
    """No request to this endpoint can succeed: refused connection, wrong key, unknown model."""

    exit_status = 2


class BudgetSpentError(EndpointUnusableError):
    """The run may send no further request: what it was allowed to spend is spent."""

    exit_status = 1


class RunError(FcDistilabelError):
    """A run did not finish: a worker died, nothing moved, or rows are missing at the end."""


class Dropped(Exception):  # noqa: N818 - not an error: an outcome that unwinds one row's stage
    """A row's stage ended without a usable answer; carried as data from here on.

    `reason` is a short stable phrase that the funnel counts by; `detail` says what was seen.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
