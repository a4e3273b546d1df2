"""The registry of sorts: each a function that makes look-alikes of a needed tool.

A sort edits the definition by code and says what decides. It yields the same look-alike in several
manners, from one that takes over all there is to one that keeps only the job and what must be
given; so confusability has room to be set.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

from fc_distilabel.apis.similar.edits import Parameter, only_required
from fc_distilabel.apis.similar.needed import Needed
from fc_distilabel.apis.similar.nouns import Decider, SimilarTool, Sort
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Tool

Option = TypeVar("Option")
Make: TypeAlias = Callable[[Needed], Iterable[SimilarTool]]
MAKERS: dict[Sort, Make] = {}
"""What makes each sort; a module of sorts adds its own on import."""


def sort(name: Sort) -> Callable[[Make], Make]:
    """Register a function as the maker of a sort."""

    def register(make: Make) -> Make:
        MAKERS[name] = make
        return make

    return register


def restricted(
    needed: Needed,
    name: Sort,
    clause: str,
    suffix: str,
    decided: tuple[str, Decider],
    parameters: Schema | None = None,
    gist: str | None = "",
    keep: str = "",
) -> Iterator[SimilarTool]:
    """The same job with one clause that restricts it, in three manners from near to far.

    `gist` is what it takes over of the description: the needed tool's own where empty, its mere job
    where None; all of it where the parameters stay as they are. `keep` is the parameter that the
    clause speaks of.
    """
    schema = needed.tool.parameters if parameters is None else parameters
    few = only_required(schema, keep)
    taken_over = needed.closed_up(gist) if gist else needed.gist
    near, far = (*needed.words, suffix), (suffix, *needed.words)
    manners = [(near, taken_over, schema), (near, taken_over, few), (far, needed.head, few)]
    if parameters is None:
        manners.insert(0, (near, needed.whole, schema))
    elif gist is None:
        manners = [(far, needed.head, schema), (far, needed.head, few)]
    for words, head, kept in distinct(manners):
        said = needed.table.say("told", head=head, clause=clause)
        yield similar(needed, name, words, said, kept, decided)


def similar(
    needed: Needed,
    name: Sort,
    words: Iterable[str],
    description: str,
    parameters: Schema,
    decided: tuple[str, Decider],
    returns: Schema | None = None,
) -> SimilarTool:
    """A similar tool made of its parts."""
    tool = Tool(
        name=needed.named(*words),
        description=description,
        parameters=parameters,
        returns=needed.tool.returns if returns is None else returns,
    )
    return SimilarTool(tool=tool, sort=name, decided_by=decided[0], decider=decided[1])


def label_of(needed: Needed, parameter: Parameter) -> str:
    """A parameter as descriptions mention it: its name, and what it is."""
    phrase = "label" if parameter.label else "bare_label"
    return needed.table.phrases[phrase].format(name=parameter.name, label=parameter.label)


def some(needed: Needed, options: Iterable[Option], most: int) -> list[Option]:
    """At most so many of the options, by chance."""
    listed = list(options)
    return needed.random.sample(listed, min(most, len(listed)))


def distinct(options: Iterable[Option]) -> list[Option]:
    """The options without repetitions, in order."""
    kept: list[Option] = []
    for option in options:
        kept += [] if option in kept else [option]
    return kept
