"""A needed tool -> so many similar tools, of several sorts, as confusable as asked for.

Every sort makes its look-alikes in several manners; those are chosen that come nearest to the
confusability asked for, with a bias towards sorts not chosen yet. A setting that cannot be reached
gives the nearest there is: what was measured stands in each tool, for the caller to tell.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from random import Random

from fc_distilabel.apis.confusability import measure_confusability
from fc_distilabel.apis.domains import Domain
from fc_distilabel.apis.similar.needed import Needed
from fc_distilabel.apis.similar.nouns import Decider, SimilarTool, Sort
from fc_distilabel.apis.similar.sorts import ALL, MAKERS
from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.schemas.lint import lint_tool
from fc_distilabel.types import Language, Tool, Violation

VARIETY = 0.08
"""How much farther from the target a tool of a new sort may be than a second of the same sort."""


def similar_tools(
    tool: Tool,
    count: int,
    random: Random,
    *,
    language: Language,
    sorts: Sequence[Sort] = ALL,
    confusability: float | None = None,
    domain: Domain | None = None,
    taken: Collection[str] = (),
) -> tuple[SimilarTool, ...]:
    """Look-alikes of a tool, each wrong for its requests by a fact that it states.

    `confusability` is what each shall come near to, 0..1; without it nothing is measured. Names are
    legal, unique and none of `taken`, and a tool without flaws gets look-alikes without flaws.
    Fewer than `count` come back where no more can be made; none of a tool that cannot be used.
    """
    flaws = _flaws(tool)
    if flaws is None:
        return ()
    needed = Needed(tool, language, domain, random)
    made = {sort: _shuffled(random, list(MAKERS[sort](needed))) for sort in dict.fromkeys(sorts)}
    if confusability is None:
        ordered = _in_turn(random, made)
    else:
        every = [each for found in made.values() for each in found]
        ordered = _nearest_first(tool, confusability, every)
    names = {tool.name.lower(), *(name.lower() for name in taken)}
    return tuple(_usable(names, flaws, ordered, count))


def _flaws(tool: Tool) -> set[str] | None:
    """The rules that the tool breaks by itself; None for one that cannot be called."""
    if refuse([tool.name, tool.description, tool.returns]) is not None:
        return None
    found: list[Violation] = lint_tool(tool)
    if any(violation.severity == "error" for violation in found):
        return None
    return {violation.rule for violation in found}


def _shuffled(random: Random, made: list[SimilarTool]) -> list[SimilarTool]:
    return random.sample(made, len(made))


def _in_turn(random: Random, made: dict[Sort, list[SimilarTool]]) -> Iterator[SimilarTool]:
    """One of each sort by turns, the sorts in random order."""
    turns = random.sample(list(made), len(made))
    for index in range(max(map(len, made.values()), default=0)):
        for sort in turns:
            yield from made[sort][index : index + 1]


def _nearest_first(tool: Tool, target: float, made: Sequence[SimilarTool]) -> Iterator[SimilarTool]:
    """The nearest to the target first, with variety of sorts."""
    rest = [
        each.model_copy(update={"confusability": measure_confusability(tool, each.tool)})
        for each in made
    ]
    taken: Counter[Sort] = Counter()

    def cost(each: SimilarTool) -> float:
        assert each.confusability is not None
        return abs(each.confusability.value - target) + VARIETY * taken[each.sort]

    while rest:
        best = min(rest, key=cost)
        rest = [each for each in rest if _fact(each) != _fact(best)]
        taken[best.sort] += 1
        yield best


def _usable(
    names: set[str], flaws: set[str], made: Iterator[SimilarTool], count: int
) -> Iterator[SimilarTool]:
    """The first so many that differ in name and in what decides, and have no flaws of their own."""
    decided: set[tuple[Sort, Decider]] = set()
    left = count
    for each in made:
        if left <= 0:
            return
        name, fact = each.tool.name.lower(), _fact(each)
        if name in names or fact in decided or not _is_sound(each.tool, flaws):
            continue
        names.add(name)
        decided.add(fact)
        left -= 1
        yield each


def _fact(each: SimilarTool) -> tuple[Sort, Decider]:
    """By what it differs from the needed tool, in whatever manner."""
    return each.sort, each.decider


def _is_sound(tool: Tool, flaws: set[str]) -> bool:
    return {violation.rule for violation in lint_tool(tool)} <= flaws
