"""Where an embedded server is, how other processes find it, and how many threads it gets.

A run starts one server and names it in the environment, so that its step processes attach to it.
"""

import os
from dataclasses import dataclass, field

from fc_distilabel.errors import InputError

URL_VARIABLE = "FC_DISTILABEL_EMBEDDED_URL"
KEY_VARIABLE = "FC_DISTILABEL_SERVER_KEY"
IDENTITY_VARIABLE = "FC_DISTILABEL_EMBEDDED_IDENTITY"
THREADS_VARIABLE = "FC_DISTILABEL_THREADS"


@dataclass(frozen=True)
class ServerAddress:
    """How to reach a running embedded server, and what answers there."""

    base_url: str
    api_key: str = field(repr=False)
    identity: str

    def environment(self) -> dict[str, str]:
        """The variables by which other processes find this server."""
        return {
            URL_VARIABLE: self.base_url,
            KEY_VARIABLE: self.api_key,
            IDENTITY_VARIABLE: self.identity,
        }


def shared_server() -> ServerAddress | None:
    """The server that the environment names, if it names one.

    Raises:
        InputError: only some of the three variables are set.
    """
    names = (URL_VARIABLE, KEY_VARIABLE, IDENTITY_VARIABLE)
    values = [os.environ.get(name, "") for name in names]
    if not values[0]:
        return None
    if missing := [name for name, value in zip(names, values, strict=True) if not value]:
        raise InputError(f"{URL_VARIABLE} is set but {', '.join(missing)} is not: set all or none")
    return ServerAddress(*values)


def default_threads() -> int:
    """`FC_DISTILABEL_THREADS`, else all cores but one where there are more than two.

    Raises:
        InputError: the variable is not a positive integer.
    """
    if text := os.environ.get(THREADS_VARIABLE):
        if not text.isdecimal() or int(text) < 1:
            raise InputError(f"{THREADS_VARIABLE} is {text!r}: a positive integer is needed")
        return int(text)
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    # One thread on a busy core stalls all others at every layer: leave the machine a core.
    return cores if cores <= 2 else cores - 1
