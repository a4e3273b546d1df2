"""Names to functions: how verifiers and exporters are found, ours and those of other packages.

Ours register by decorator. Others are declared as entry points, loaded on first use and only once,
so importing this package never imports a stranger's.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeAlias, TypeVar

from fc_distilabel.errors import FcDistilabelError, InputError
from fc_distilabel.types import Json, Trajectory, Violation

F = TypeVar("F", bound=Callable[..., object])

# What importing a broken module raises; an interrupt or a lack of memory is nobody's broken module.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


class Registry(Generic[F]):
    """Functions of one kind by name; ours in the order of registration, then others' by name."""

    def __init__(self, kind: str, group: str) -> None:
        """Name the kind, for messages, and the entry point group of other packages' functions."""
        self._kind = kind
        self._group = group
        self._entries: dict[str, F] = {}
        self._loaded = False

    def register(self, name: str) -> Callable[[F], F]:
        """Decorate a function to be found under `name`."""

        def keep(function: F) -> F:
            self._add(self._entries, name, function)
            return function

        return keep

    def get(self, name: str) -> F:
        """The function of that name."""
        entries = self.entries()
        if name not in entries:
            allowed = ", ".join(sorted(entries)) or "none is known"
            raise InputError(f"no {self._kind} is named {name!r}; known: {allowed}")
        return entries[name]

    def entries(self) -> dict[str, F]:
        """All functions by name, including other packages'."""
        if not self._loaded:
            merged = dict(self._entries)
            for entry in sorted(entry_points(group=self._group), key=lambda e: (e.name, e.value)):
                self._add(merged, entry.name, self._load(entry))
            self._entries, self._loaded = merged, True
        return dict(self._entries)

    def _add(self, entries: dict[str, F], name: str, function: F) -> None:
        if name in entries:
            raise FcDistilabelError(f"two {self._kind}s are named {name!r}; names must differ")
        entries[name] = function

    def _load(self, entry: EntryPoint) -> F:
        place = f"{self._kind} {entry.name!r} (entry point {entry.value!r} of {self._group})"
        try:
            function: F = entry.load()
        except _BROKEN as error:
            raise FcDistilabelError(f"{place} cannot be loaded: {error!r}") from error
        if not callable(function):
            raise FcDistilabelError(f"{place} is {type(function).__name__}, but must be callable")
        return function


Verifier: TypeAlias = Callable[[Trajectory], Iterable[Violation]]
"""Yields what is wrong with a trajectory."""

VERIFIERS: Registry[Verifier] = Registry("verifier", "fc_distilabel.verifiers")
verifier = VERIFIERS.register

Exporter: TypeAlias = Callable[[dict[str, Json]], dict[str, Json]]
"""Turns a full row into what one trainer reads."""

EXPORTERS: Registry[Exporter] = Registry("exporter", "fc_distilabel.exporters")
exporter = EXPORTERS.register
