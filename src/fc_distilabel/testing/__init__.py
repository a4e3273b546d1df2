"""Fakes for tests, public so that plugins and pipelines can be tested with them too.

`FakeEndpoint` is a real HTTP server on loopback: what is tested against it is the whole client,
sockets included. `FakeEndpointProcess` is the same one in a process of its own, for measurements.
`Behaviour` says how either answers. `ScriptedLLM` is a distilabel LLM whose replies come from a
function.
"""

from typing import TYPE_CHECKING, Any

from fc_distilabel.testing.behaviour import Behaviour, Fault
from fc_distilabel.testing.counters import Counters
from fc_distilabel.testing.endpoint import FakeEndpoint
from fc_distilabel.testing.examples import example_of
from fc_distilabel.testing.process import FakeEndpointProcess

if TYPE_CHECKING:
    from fc_distilabel.llms.scripted import ScriptedLLM

__all__ = [
    "Behaviour",
    "Counters",
    "FakeEndpoint",
    "FakeEndpointProcess",
    "Fault",
    "ScriptedLLM",
    "example_of",
]


def __getattr__(name: str) -> Any:
    """Import `ScriptedLLM`, and distilabel with it, only for those who ask."""
    if name == "ScriptedLLM":
        from fc_distilabel.llms.scripted import ScriptedLLM

        return ScriptedLLM
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
