"""The fake endpoint as a program: `python -m fc_distilabel.testing --latency 0.2 --fault 429=0.05`.

It prints its base URL, and runs until it is interrupted.
"""

import argparse
import os
import signal
import sys
from contextlib import suppress
from pkgutil import resolve_name
from typing import Any

from fc_distilabel.errors import InputError
from fc_distilabel.testing.behaviour import Behaviour
from fc_distilabel.testing.endpoint import FakeEndpoint, Reply


def main() -> None:
    """Serve until interrupted."""
    parser = _parser()
    given = parser.parse_args()
    try:
        behaviour, reply = _behaviour(given), _reply(given.reply)
    except InputError as error:
        parser.error(str(error))
    if given.core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {given.core})
    with FakeEndpoint(reply, behaviour=behaviour, port=given.port, keep=False) as endpoint:
        print(endpoint.base_url, flush=True)
        with suppress(KeyboardInterrupt):
            if given.until_input_ends:
                sys.stdin.read()
            else:
                signal.pause()


def _behaviour(given: argparse.Namespace) -> Behaviour:
    return Behaviour(
        latency=given.latency,
        sigma=given.sigma,
        shares=_shares(given.fault),
        refuse=given.refuse,
        retry_after=given.retry_after,
        tool_calls=given.tool_calls,
        seed=given.seed,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m fc_distilabel.testing", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0, help="port to listen on; 0 for any (default)")
    add("--reply", default="", metavar="MODULE:FUNCTION", help="makes the text for a body")
    add("--latency", type=float, default=0.0, help="mean seconds that an answer takes")
    add("--sigma", type=float, default=0.0, help="spread of log-normal latencies; 0: constant")
    add("--fault", action="append", default=[], metavar="KIND=SHARE", help="inject a fault")
    add("--refuse", default="", metavar="TEXT", help="answer 400 where a body has this text")
    add("--retry-after", default="", help="the Retry-After header of a 429 or 500")
    add("--tool-calls", action="store_true", help="call a tool where a request has some")
    add("--seed", type=int, default=0)
    add("--core", type=int, help="bind to this core, where the system can")
    add("--until-input-ends", action="store_true", help="end with standard input")
    return parser


def _reply(name: str) -> Reply | None:
    if not name:
        return None
    try:
        function: Reply = resolve_name(name)
    except (ValueError, ImportError, AttributeError) as error:
        raise InputError(f"--reply {name}: {error}") from error
    return function


def _shares(texts: list[str]) -> dict[Any, float]:
    """`429=0.05` and the like; the names are checked by `Behaviour`."""
    pairs = [text.partition("=") for text in texts]
    try:
        return {name: float(share) for name, _, share in pairs}
    except ValueError:
        raise InputError(f"--fault {texts}: KIND=SHARE is needed, as in 429=0.05") from None


if __name__ == "__main__":
    main()
