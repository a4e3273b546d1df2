"""Which Argilla, as whom, and what of it: options that push, pull and watch share."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.cli.options import positive

if TYPE_CHECKING:
    from fc_distilabel.feedback.harvest import Counting
    from fc_distilabel.feedback.server import Server


def add_connection(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which server, and as whom."""
    parser.add_argument(
        "--url",
        default="",
        metavar="URL",
        help="the server (ARGILLA_API_URL, or that of `argilla serve`)",
    )
    parser.add_argument(
        "--api-key", default="", metavar="KEY", help="of the user (ARGILLA_API_KEY is safer)"
    )
    parser.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        help="that of `argilla serve`: its address and owner's key (the user's own, if one runs)",
    )
    parser.add_argument("--workspace", default="", metavar="NAME", help="where the dataset is")


def add_counting(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which dataset, how votes are counted, and where files go."""
    parser.add_argument("--dataset", required=True, metavar="NAME", help="the dataset's name")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="the folder of the files"
    )
    parser.add_argument(
        "--policy",
        choices=("majority", "strict"),
        default="majority",
        help="more than half of the votes decide, or all of them (%(default)s)",
    )
    parser.add_argument(
        "--min-votes", type=positive, default=1, metavar="N", help="to decide (%(default)s)"
    )


def counting_of(options: argparse.Namespace) -> "Counting":
    """How votes are counted."""
    from fc_distilabel.feedback.harvest import Counting

    return Counting(options.policy, options.min_votes)


@contextmanager
def connected(options: argparse.Namespace) -> "Iterator[Server]":
    """The server; what its version asks to be said is said."""
    from fc_distilabel.argilla_server.background import running
    from fc_distilabel.feedback.server import open_server, url_of

    home = _home(options)
    found = running(home) if home else None
    url = found.url if found and not options.url else url_of(options.url)
    with open_server(url, _key(options, home)) as server:
        if server.warning:
            print(f"note: {server.warning}", file=sys.stderr)
        yield server


def _home(options: argparse.Namespace) -> Path | None:
    """The home of the server that is meant: the named one, or the user's own where one runs there.

    Who names a server or a key, here or in the environment, means that one.
    """
    from fc_distilabel.argilla_server.background import running
    from fc_distilabel.argilla_server.home import default_home

    if options.home:
        return Path(options.home)
    named = options.url or options.api_key
    told = os.environ.get("ARGILLA_API_URL") or os.environ.get("ARGILLA_API_KEY")
    return None if named or told or not running(default_home()) else default_home()


def _key(options: argparse.Namespace, home: Path | None) -> str:
    if options.api_key or not home:
        from fc_distilabel.feedback.server import key_of

        return key_of(options.api_key)
    from fc_distilabel.argilla_server.home import Home, kept_credentials
    from fc_distilabel.errors import InputError

    credentials = kept_credentials(Home(home))
    if credentials is None:
        raise InputError(f"{str(home)!r} has no credentials.json: no server was started there")
    return credentials.api_key


def made(folder: Path) -> Path:
    """A folder to write into; raises `InputError` where there can be none."""
    from fc_distilabel.errors import InputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {str(folder)!r}: {error.strerror}") from error
    return folder
