"""The dataset that people review: found, made where it is missing, never changed.

Making it is left to Argilla's own client, which knows the order of its many requests.
"""

import json
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fc_distilabel.errors import InputError, RunError
from fc_distilabel.feedback.differences import MISSING, differences
from fc_distilabel.feedback.review.names import TRAJECTORY, VERDICT
from fc_distilabel.feedback.review.settings import review_settings
from fc_distilabel.feedback.server import Server
from fc_distilabel.types import LANGUAGES, Language

if TYPE_CHECKING:
    import argilla

WORKSPACE = "argilla"
"""Where datasets go when nobody says where: the workspace that `argilla serve` makes."""


class Dataset(NamedTuple):
    """A dataset on a server."""

    id: str
    name: str
    workspace: str
    questions: dict[str, str]
    """Id of each question, by name."""
    made: bool = False
    """Whether it was made just now."""


def find_dataset(server: Server, name: str, workspace: str = "") -> Dataset:
    """The review dataset of that name; raises `InputError` where there is none, or several."""
    found = [
        (told, place)
        for place, told in _datasets(server)
        if told["name"] == name and workspace in ("", place)
    ]
    if not found:
        known = ", ".join(sorted(f"{told['name']!r}" for _, told in _datasets(server)))
        where = f" in the workspace {workspace!r}" if workspace else ""
        raise InputError(
            f"no dataset is named {name!r}{where} at {server.url}; there are: {known or 'none'}"
        )
    if len(found) > 1:
        places = ", ".join(sorted(repr(place) for _, place in found))
        raise InputError(f"{name!r} is in the workspaces {places}: say which with --workspace")
    [(told, place)] = found
    dataset = _dataset(server, told, place)
    if VERDICT not in dataset.questions:
        raise InputError(f"{name!r} is no dataset for review: it has no question {VERDICT!r}")
    return dataset


def _datasets(server: Server) -> Iterator[tuple[str, dict[str, Any]]]:
    """The user's datasets, each with the name of its workspace."""
    places = {place["id"]: place["name"] for place in server.get("me/workspaces")["items"]}
    for told in server.get("me/datasets")["items"]:
        yield places.get(told["workspace_id"], told["workspace_id"]), told


def _dataset(server: Server, told: Mapping[str, Any], workspace: str) -> Dataset:
    questions = server.get(f"datasets/{told['id']}/questions")["items"]
    ids = {question["name"]: question["id"] for question in questions}
    return Dataset(told["id"], told["name"], workspace, ids)


def settle_dataset(
    server: Server, name: str, workspace: str, language: Language, votes: int = 1
) -> Dataset:
    """The dataset to push to, made with its workspace where it is missing.

    A record is done, and shown to nobody else, when `votes` people have submitted it.

    Raises `InputError` where one of that name has other settings, or the user may not make one;
    then nothing was changed.
    """
    _require_rights(server)
    place = workspace or WORKSPACE
    for where, told in _datasets(server):
        if (where, told["name"]) == (place, name):
            dataset = _dataset(server, told, place)
            if told["status"] == "ready":
                _require_ours(server, dataset, language)
                return dataset
            _remove_draft(server, dataset, language)
    return _made(server, name, place, review_settings(language, votes))


def _require_rights(server: Server) -> None:
    if server.user["role"] not in ("owner", "admin"):
        raise InputError(
            f"user {server.user['username']!r} has the role {server.user['role']!r} at {server.url}"
            ": to push, or to see all answers, takes an owner, or an admin of the workspace"
        )


def _require_ours(server: Server, dataset: Dataset, language: Language) -> None:
    found = list(_differences(server, dataset, language))
    if found:
        names = {told["name"] for where, told in _datasets(server) if where == dataset.workspace}
        free = next(
            n for i in range(2, len(names) + 3) if (n := f"{dataset.name}-{i}") not in names
        )
        raise InputError(
            f"the dataset {dataset.name!r} at {server.url} has other settings: {'; '.join(found)}. "
            f"It was left as it is; push to another one: --dataset {free}"
        )


def _differences(server: Server, dataset: Dataset, language: Language) -> Iterator[str]:
    paths = {
        "fields": f"datasets/{dataset.id}/fields",
        "questions": f"datasets/{dataset.id}/questions",
        "metadata": f"me/datasets/{dataset.id}/metadata-properties",
        "vectors": f"datasets/{dataset.id}/vectors-settings",
    }
    found = {part: server.get(path)["items"] for part, path in paths.items()}
    templates = [_template(review_settings(each)) for each in LANGUAGES]
    yield from differences(found, review_settings(language), templates)


def _template(settings: Mapping[str, Any]) -> str:
    fields = {field["name"]: field for field in settings["fields"]}
    return str(fields[TRAJECTORY]["settings"]["template"])


def _remove_draft(server: Server, dataset: Dataset, language: Language) -> None:
    """Take away what a push left that was killed while it made the dataset: it holds no record."""
    others = [d for d in _differences(server, dataset, language) if not d.endswith(MISSING)]
    if others:
        what = f"the dataset {dataset.name!r} at {server.url} is a draft that was never published"
        raise InputError(f"{what}, and not ours ({others[0]}): name another with --dataset")
    server.send("DELETE", f"datasets/{dataset.id}")


def _made(server: Server, name: str, workspace: str, told: Mapping[str, Any]) -> Dataset:
    import argilla

    places = {place["name"] for place in server.get("me/workspaces")["items"]}
    if workspace not in places:
        server.send("POST", "workspaces", json={"name": workspace})
    with _client(server) as client:
        settings = _settings(told)
        argilla.Dataset(name, workspace=workspace, settings=settings, client=client).create()
    return find_dataset(server, name, workspace)._replace(made=True)


def _settings(told: Mapping[str, Any]) -> "argilla.Settings":
    """The settings as the client reads them, which takes a file."""
    import argilla

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "settings.json")
        path.write_text(json.dumps(told))
        return argilla.Settings.from_json(path)


@contextmanager
def _client(server: Server) -> "Iterator[argilla.Argilla]":
    """Argilla's own client; what it raises becomes ours."""
    import argilla
    import httpx
    from argilla._exceptions._base import ArgillaError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            client = argilla.Argilla(api_url=server.url, api_key=server.key)
            yield client
            client.http_client.close()
        except ArgillaError as error:
            raise InputError(f"Argilla at {server.url} refused: {error}") from error
        except httpx.HTTPError as error:
            raise RunError(f"Argilla at {server.url} gives no answer: {error}") from error
