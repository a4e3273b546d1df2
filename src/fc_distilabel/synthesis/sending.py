"""The last word before a request goes out: set by whoever wraps a model, asked for by the model.

A request may wait long for its place in flight, and a budget may be spent meanwhile. So a model
that lets requests wait asks once more when their turn has come.
"""

from collections.abc import Callable
from contextvars import ContextVar

_objection: ContextVar[Callable[[], None] | None] = ContextVar("objection", default=None)


def object_by(objection: Callable[[], None]) -> None:
    """Have this called before each request that the running task sends; it raises to refuse."""
    _objection.set(objection)


def require_leave() -> None:
    """Raise what the running task's request is refused with, if it is."""
    if objection := _objection.get():
        objection()
