"""`fc-distilabel argilla serve`: a whole Argilla on this machine."""

import argparse
import shlex
import signal
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.cli.options import INTERRUPTED

if TYPE_CHECKING:
    from fc_distilabel.cli.options import Subparsers

DESCRIPTION = """\
Run Argilla's server and web pages, with a database, a search engine and a worker, in one process on
this machine (127.0.0.1), until Ctrl-C. The owner's name, password and API key are made at the first
start and kept in DIR/credentials.json. Exit status: 0 stopped by SIGTERM; 1 it broke; 2 what was
given cannot be used; 130 stopped by Ctrl-C."""
INSTALL = 'pip install "fc-distilabel[server]"'
NEEDED = ("argilla_server", "asyncpg", "fakeredis")


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser("serve", help="run a server", description=DESCRIPTION)
    parser.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        help="database, credentials and log (a folder of the user's data)",
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=6900,
        metavar="N",
        help="on 127.0.0.1; 0 for any (%(default)s)",
    )
    parser.add_argument(
        "--postgres",
        default="",
        metavar="URL",
        help="a database in the place of SQLite: postgresql://user:password@host/name",
    )
    parser.add_argument(
        "--redis", default="", metavar="URL", help="a Redis in the place of our own queue"
    )
    parser.add_argument(
        "--new-credentials",
        action="store_true",
        help="give the owner another password and API key; the old ones stop working",
    )
    parser.add_argument(
        "--background",
        action="store_true",
        help="return when it is ready; `argilla stop` ends it. One that runs on DIR is taken",
    )
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    if not text.strip().isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535, or 0 for any")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from fc_distilabel.errors import InputError

    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise InputError(f"a server needs {', '.join(missing)}: {INSTALL}")
    return _run_behind(options) if options.background else _run_here(options)


def _run_behind(options: argparse.Namespace) -> int:
    """Have a process of its own serve, and say what it said."""
    from fc_distilabel.argilla_server.background import running, start
    from fc_distilabel.argilla_server.home import default_home
    from fc_distilabel.errors import InputError

    home = options.home or default_home()
    if options.new_credentials and (found := running(home)):
        raise InputError(f"{found.url} runs on {str(home)!r}: `argilla stop` it first")
    words = ["--port", str(options.port)]
    words += ["--postgres", options.postgres] if options.postgres else []
    words += ["--redis", options.redis] if options.redis else []
    words += ["--new-credentials"] if options.new_credentials else []
    server, said = start(home, words)
    print(said.rstrip() or f"Argilla runs at {server.url} already", flush=True)
    named = f" --home {shlex.quote(str(options.home))}" if options.home else ""
    print(f"It goes on in the background; `fc-distilabel argilla stop{named}` ends it.")
    return 0


def _run_here(options: argparse.Namespace) -> int:
    from fc_distilabel.argilla_server.stopping import Stopped, stop_on_signals

    with stop_on_signals() as stop, suppress(Stopped):
        from fc_distilabel.argilla_server.home import default_home
        from fc_distilabel.argilla_server.serving import Settings, serve

        settings = Settings(
            options.home or default_home(),
            options.port,
            options.postgres,
            options.redis,
            options.new_credentials,
        )
        serve(settings, stop, lambda line: print(line, flush=True))
    print("stopped", file=sys.stderr)
    return INTERRUPTED if stop.number == signal.SIGINT else 0
