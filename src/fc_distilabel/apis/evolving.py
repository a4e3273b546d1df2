"""Draft -> draft of the complexity that is due: mutations applied until the account is even.

Shape comes first, as it decides how many parameters and leaves there are to have shares of; then
types, since bounds need numbers; then facets; and at last what may be left out.
"""

import random
from collections.abc import Callable

from fc_distilabel.apis import mutations_rules, mutations_shape, mutations_types
from fc_distilabel.apis.complexity import TYPES, counted, depth_of
from fc_distilabel.apis.drafts import MUTATIONS, Draft, Material, Site, places
from fc_distilabel.apis.ledger import Ledger
from fc_distilabel.apis.mutations_types import is_plain, natural_type

__all__ = ["MUTATIONS", "evolve", "mutated", "repeated"]

THEMES = (mutations_types, mutations_shape, mutations_rules)
"""The modules of mutations; importing them is what fills `MUTATIONS`."""
_TYPES = {
    "integers": "retype_integer",
    "numbers": "retype_number",
    "booleans": "retype_boolean",
}
_FACETS = {
    "enum": "enum",
    "pattern": "pattern",
    "format": "format",
    "bounded": "bounds",
    "optional": "relax",
    "default": "default",
    "union": "union",
    "nullable": "nullable",
    "dependent": "dependent",
}
"""Shares of parameters, each with the mutation that adds to it, in the order of work."""


_RANKS: dict[str, Callable[[Material], int]] = {
    "array": lambda material: int(material.kind not in ("choice", "text", "city")),
    "require": lambda material: int(material.is_extra),
    "relax": lambda material: int(not material.is_extra),
    "default": lambda material: int(not material.is_extra),
    "retype_integer": lambda material: int(natural_type(material.kind) != "integer"),
    "retype_number": lambda material: int(natural_type(material.kind) != "number"),
}
"""Where a mutation is tried first: what says how a request is handled may well be left out."""


def evolve(draft: Draft, ledger: Ledger, random_: random.Random) -> Draft:
    """The draft with what the run owes; the caller adds the finished tool to the ledger."""
    wanted = ledger.parameters_due(random_)
    depth = ledger.depth_due(wanted)
    containers = depth - 1 if depth < 4 else depth - 2
    draft = _grown(draft, max(1, wanted - containers), random_)
    draft = _shaped(draft, ledger, depth, random_)
    draft = _grown(draft, wanted, random_)
    draft = _typed(draft, ledger, random_)
    for share, name in _FACETS.items():
        draft = repeated(draft, name, ledger.owed(share, draft.tool), random_)
    return repeated(draft, "require", -ledger.owed("optional", draft.tool), random_)


def mutated(
    draft: Draft,
    name: str,
    random_: random.Random,
    fits: Callable[[Draft], bool] = lambda draft: True,
) -> Draft | None:
    """The draft with one mutation at a place drawn by chance; None where it fits nowhere."""
    found = [(place, each) for place, each in places(draft) if each in draft.materials]
    random_.shuffle(found)
    if name in _RANKS:
        found.sort(key=lambda one: _RANKS[name](draft.materials[one[1]]))
    for place, parameter in found:
        changed = MUTATIONS[name].at(Site(draft, place, parameter, random_))
        if changed is not None and fits(changed):
            return changed
    return None


def repeated(
    draft: Draft,
    name: str,
    times: int,
    random_: random.Random,
    fits: Callable[[Draft], bool] = lambda draft: True,
) -> Draft:
    """The draft with a mutation applied so many times, or as often as it fits."""
    for _ in range(times):
        changed = mutated(draft, name, random_, fits)
        if changed is None:
            break
        draft = changed
    return draft


def _typed(draft: Draft, ledger: Ledger, random_: random.Random) -> Draft:
    """Each string that tells a number or a yes gets that type, and codes as far as more is due."""
    for share, name in _TYPES.items():
        if getattr(ledger.target, share) > 0:
            natural = _untyped(draft, TYPES[share])
            draft = repeated(draft, name, max(natural, ledger.owed(share, draft.tool)), random_)
    return draft


def _untyped(draft: Draft, wanted: str) -> int:
    """How many strings there are that tell a value of that type."""
    sites = (Site(draft, place, name, random.Random()) for place, name in places(draft))
    strings = [s for s in sites if s.name in draft.materials and is_plain(s.schema, "string")]
    return sum(natural_type(site.material.kind) == wanted for site in strings)


def _grown(draft: Draft, wanted: int, random_: random.Random) -> Draft:
    lacking = wanted - counted(draft.tool.parameters)["parameters"]
    return repeated(draft, "add_optional", lacking, random_)


def _shaped(draft: Draft, ledger: Ledger, depth: int, random_: random.Random) -> Draft:
    """Arrays as they are due, then objects until the tool is as deep as it shall be."""
    if depth < 2:
        return draft

    def shallow(changed: Draft) -> bool:
        return depth_of(changed.tool.parameters) <= depth

    for share in ("array_of_objects", "array"):
        draft = repeated(draft, share, ledger.owed(share, draft.tool), random_, shallow)
    while (reached := depth_of(draft.tool.parameters)) < depth:
        deeper = _deeper(draft, reached, depth, random_)
        if deeper is None:
            break
        draft = deeper
    return draft


def _deeper(draft: Draft, reached: int, depth: int, random_: random.Random) -> Draft | None:
    """One level more: by a group of several parameters, of one, or by an array."""

    def fits(changed: Draft) -> bool:
        return reached < depth_of(changed.tool.parameters) <= depth

    def fits_well(changed: Draft) -> bool:
        return "," in changed.lineage[-1].detail and fits(changed)

    return (
        mutated(draft, "nest", random_, fits_well)
        or mutated(draft, "nest", random_, fits)
        or mutated(draft, "array", random_, fits)
    )
