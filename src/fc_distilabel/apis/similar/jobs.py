"""Sorts that look the same and do another job: a twin that writes where the other reads, a name.

Their descriptions say what they do and what they do not, so that a request for the needed tool's
job can be nothing of theirs.
"""

from collections.abc import Iterator

from fc_distilabel.apis.naming import singular
from fc_distilabel.apis.similar.edits import added, none_required, only_required
from fc_distilabel.apis.similar.needed import Needed
from fc_distilabel.apis.similar.nouns import Decider, SimilarTool
from fc_distilabel.apis.similar.registry import distinct, similar, sort
from fc_distilabel.apis.similar.tables import Aspect, Twin
from fc_distilabel.schemas.grammar import closed_object


@sort("twin")
def twin(needed: Needed) -> Iterator[SimilarTool]:
    """The same records, and another thing done with them: cancelled instead of looked up."""
    for found in needed.table.twins:
        other = needed.lexicon.kinds.get(found.verb)
        if needed.subject and needed.kind in found.of and needed.kind != other:
            yield from _twins(needed, found)


def _twins(needed: Needed, found: Twin) -> Iterator[SimilarTool]:
    other = needed.table.said(found.verb)
    said = needed.table.say("by_action", needed=needed.said_verb, verb=other)
    decided = said, Decider(about="action", needed=needed.verb, other=found.verb)
    description = found.description.format(things=needed.things, job=needed.job)
    words = [found.verb if word == needed.verb else word for word in needed.words]
    words = words if needed.verb else [found.verb, *words]
    returns = closed_object({found.result.name: found.result.as_schema()})
    whole = needed.tool.parameters
    for schema in distinct((whole, none_required(whole), only_required(whole))):
        yield similar(needed, "twin", words, description, schema, decided, returns)


@sort("name")
def name(needed: Needed) -> Iterator[SimilarTool]:
    """The name overlaps, and the subject is another: the reviews of hotels instead of hotels."""
    for found in needed.table.nouns:
        if needed.subject and found.noun not in needed.words:
            yield from _named(needed, found)


def _named(needed: Needed, found: Aspect) -> Iterator[SimilarTool]:
    decided_by = found.decided_by.format(things=needed.things)
    decided = decided_by, Decider(about="subject", other=found.noun)
    verb = needed.verb if needed.kind == "read" else "get"
    words = (verb, *needed.subject[:-1], singular(needed.subject[-1]), found.noun)
    description = found.description.format(things=needed.things)
    own = found.parameter
    whole = added(needed.tool.parameters, own.name, own.as_schema(), required=False)
    few = added(only_required(needed.tool.parameters), own.name, own.as_schema(), required=False)
    alone = closed_object({own.name: own.as_schema()})
    entries = {"type": "integer", "description": needed.table.phrases["entries"]}
    returns = closed_object({"entries": entries})
    for schema in distinct((whole, few, alone)):
        yield similar(needed, "name", words, description, schema, decided, returns)
