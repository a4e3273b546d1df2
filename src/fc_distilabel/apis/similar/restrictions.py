"""Sorts that do the same job with a restriction: one capability fewer, one region, one vendor.

The needed tool is not restricted so (or otherwise), and the request is of a kind that the
restriction leaves out; a tool for Africa is wrong for a stay in Boston.
"""

import re
from collections.abc import Iterator

from fc_distilabel.apis.naming import singular, words_of, written_like
from fc_distilabel.apis.similar.edits import (
    Parameter,
    added,
    exchanged,
    grouped,
    parameters_of,
    retold,
    without,
)
from fc_distilabel.apis.similar.needed import Needed
from fc_distilabel.apis.similar.nouns import Decider, SimilarTool
from fc_distilabel.apis.similar.registry import label_of, restricted, similar, some, sort
from fc_distilabel.apis.similar.tables import Place, Vendor
from fc_distilabel.apis.stock import ANYWHERE
from fc_distilabel.schemas.walk import Schema

MOST = 4
"""Look-alikes of one sort and manner that are tried."""
SUFFIXES = ("basic", "lite", "quick", "simple")
LOOKED_UP = frozenset(("maps", "reviews"))
"""Vendors with whom one finds things out, and does nothing else."""
_LEAST_WORD = 3


@sort("fewer")
def fewer(needed: Needed) -> Iterator[SimilarTool]:
    """A parameter is gone, or else a field of the result, and the description says so."""
    parameters = _droppable(needed, needed.tool.parameters)
    # What every request must give decides every request.
    for parameter in some(needed, [p for p in parameters if p.required] or parameters, MOST):
        yield from _less_taken(needed, parameter)
    told = () if parameters or needed.kind == "cancel" else needed.tool.returns
    for field in some(needed, _droppable(needed, told) if told else (), MOST):
        yield from _less_told(needed, field)


def _less_taken(needed: Needed, parameter: Parameter) -> Iterator[SimilarTool]:
    """The look-alikes that lack a parameter."""
    left = without(needed.tool.parameters, parameter.path)
    if left is None:
        return
    label = label_of(needed, parameter)
    decider = Decider(about="parameter", path=f"parameters/{parameter.path}")
    decided = needed.table.say("by_parameter", label=label), decider
    clause = needed.table.say("fewer_parameter", label=label)
    suffix = needed.random.choice(SUFFIXES)
    gist = None if _is_mentioned(needed, parameter) else ""
    yield from restricted(needed, "fewer", clause, suffix, decided, left, gist)


def _less_told(needed: Needed, field: Parameter) -> Iterator[SimilarTool]:
    """The look-alikes whose result lacks a field."""
    left = without(needed.tool.returns, field.path)
    if left is None:
        return
    label = label_of(needed, field)
    decider = Decider(about="result", path=f"returns/{field.path}")
    decided = needed.table.say("by_result", label=label), decider
    clause = needed.table.say("fewer_result", label=label)
    suffix = needed.random.choice(SUFFIXES)
    gist = None if _is_mentioned(needed, field) else ""
    same = needed.tool.parameters
    for made in restricted(needed, "fewer", clause, suffix, decided, same, gist):
        yield made.model_copy(update={"tool": made.tool.model_copy(update={"returns": left})})


def _droppable(needed: Needed, schema: Schema) -> list[Parameter]:
    """What the same job can do without: not what says which record is meant.

    What is about the handling alone tells no two tools apart.
    """
    identity = set(needed.lexicon.identity.split())
    envelope = set(needed.lexicon.envelope.split())
    return [
        parameter
        for parameter in {p.path: p for p in parameters_of(schema, alternatives=True)}.values()
        if not identity & set(words_of(parameter.name)[-1:])
        and not envelope & set(parameter.path.split("/"))
        and parameter.name not in ANYWHERE
    ]


def _is_mentioned(needed: Needed, parameter: Parameter) -> bool:
    """Whether the description speaks of the parameter; then it cannot be taken over without it."""
    gist = needed.gist.lower()
    subject = {singular(word) for word in needed.subject}
    own = [
        w for w in words_of(parameter.name) if len(w) > _LEAST_WORD and singular(w) not in subject
    ]
    label = parameter.label.lower()
    told = {singular(word) for word in words_of(gist)}
    return any(singular(word) in told for word in own) or bool(label and label in gist)


@sort("region")
def region(needed: Needed) -> Iterator[SimilarTool]:
    """It serves another region, or only the customers of one branch."""
    if _is_about_places(needed):
        for place in some(needed, _elsewhere(needed), MOST):
            yield from _for_region(needed, place)
    elif needed.verb and needed.kind != "act":
        for place in some(needed, needed.table.branches, MOST):
            decider = Decider(about="branch", other=place.name)
            decided = needed.table.say("by_branch", branch=place.name), decider
            clause = needed.table.say("branch", branch=place.name)
            yield from restricted(needed, "region", clause, place.suffix, decided)


def _for_region(needed: Needed, place: Place) -> Iterator[SimilarTool]:
    own = next((r for r in needed.table.regions if _names(needed.gist, r.name)), None)
    decider = Decider(
        about="region", needed=own.name if own else "", other=place.name, words=place.places
    )
    phrase = "by_regions" if own else "by_region"
    said = needed.table.say(phrase, needed=decider.needed, region=place.name)
    clause = needed.table.say("region", region=place.name)
    if own is None:
        yield from restricted(needed, "region", clause, place.suffix, (said, decider))
        return
    here, there = own.name, place.name

    def moved(text: str) -> str:
        return text.replace(here, there)

    schema, gist = retold(needed.tool.parameters, moved), moved(needed.gist)
    yield from restricted(needed, "region", clause, place.suffix, (said, decider), schema, gist)


def _is_about_places(needed: Needed) -> bool:
    """Whether it takes a place that its schema does not list already."""
    known = set(needed.lexicon.places.split())
    takes = any(known & set(words_of(p.name)) for p in parameters_of(needed.tool.parameters))
    listed = [word for r in needed.table.regions for word in (r.name, *r.places)]
    return takes and not any(_names(needed.choices, word) for word in listed)


def _elsewhere(needed: Needed) -> list[Place]:
    """Regions that neither the tool nor its domain says a word of, and requests hardly ever."""
    table = needed.table
    return [
        place
        for place in table.regions
        if place.name not in table.home
        and not any(_names(needed.text, word) for word in (place.name, *place.places))
    ]


def _names(text: str, place: str) -> bool:
    """Whether a text names a place; `US` is not in `BUS`."""
    if not place.isascii():
        return place in text
    return re.search(rf"(?<![A-Za-z]){re.escape(place)}(?![A-Za-z])", text) is not None


@sort("vendor")
def vendor(needed: Needed) -> Iterator[SimilarTool]:
    """Another provider does the same job, with parameters slightly other, for its own customers."""
    able = [v for v in needed.table.vendors if needed.kind == "read" or v.prefix not in LOOKED_UP]
    for found in some(needed, able, MOST):
        if found.prefix not in needed.words:
            yield from _by_vendor(needed, found)


def _by_vendor(needed: Needed, found: Vendor) -> Iterator[SimilarTool]:
    decided = found.decided_by, Decider(about="vendor", other=found.prefix)
    renamed = _renamed(needed, needed.tool.parameters)
    own = found.parameter
    theirs = added(renamed, own.name, own.as_schema(), required=True)
    words = (found.prefix, *needed.words)
    named = {"name": needed.named(*words)}
    for made in restricted(needed, "vendor", found.clause, found.prefix, decided, theirs):
        yield made.model_copy(update={"tool": made.tool.model_copy(update=named)})
    described = needed.table.say("told", head=needed.head, clause=found.clause)
    if needed.tool.parameters.get("properties"):
        whole = grouped(theirs, "request", needed.table.phrases["request"])
        yield similar(needed, "vendor", words, described, whole, decided)


def _renamed(needed: Needed, schema: Schema) -> Schema:
    """The schema with other words for some of its parameters."""
    taken = {_key(p.name) for p in parameters_of(schema)}
    for parameter in parameters_of(schema):
        words = words_of(parameter.name)
        other = needed.lexicon.synonyms.get(words[-1] if words else "")
        if parameter.place or not other or "dependentRequired" in schema:
            continue
        name = written_like(parameter.name, (*words[:-1], other))
        if _key(name) not in taken:
            taken.add(_key(name))
            schema = exchanged(schema, parameter, name, parameter.schema)
    return schema


def _key(name: str) -> str:
    """A name without the signs and cases by which a model cannot keep names apart."""
    return "".join(words_of(name))
