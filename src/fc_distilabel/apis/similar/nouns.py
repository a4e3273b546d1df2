"""What a similar tool is: a tool, the sort of likeness, and the fact that tells the two apart.

A distractor is fair only if something in the request decides against it. That fact is stated in the
tool's own description, told in words for people and models (`decided_by`), and as data (`decider`),
so that whoever plans a conversation can make sure that the request settles it.
"""

from typing import Literal, TypeAlias, get_args

from fc_distilabel.apis.confusability import Confusability
from fc_distilabel.types import Json, Noun, Tool, ToolCall, canonical_json

Sort: TypeAlias = Literal["fewer", "region", "unit", "twin", "name", "vendor"]
SORTS: tuple[Sort, ...] = get_args(Sort)
About: TypeAlias = Literal[
    "parameter", "result", "region", "branch", "unit", "period", "action", "subject", "vendor"
]


class Decider(Noun):
    """The fact that decides between the needed tool and a similar one, as data."""

    about: About
    path: str = ""
    """Parameter or result field of the needed tool, as `parameters/max_price`; `` for the whole."""
    needed: str = ""
    """What the needed tool has or does there (`EUR`, `search`); `` where it is not restricted."""
    other: str = ""
    """What the similar tool has or does there (`USD`, `cancel`)."""
    words: tuple[str, ...] = ()
    """Values by which a request would fit the similar tool after all (places of its region)."""


class SimilarTool(Noun):
    """A tool that looks right and is not."""

    tool: Tool
    sort: Sort
    decided_by: str
    """Which fact of a request decides, in words of the tool's language."""
    decider: Decider
    confusability: Confusability | None = None
    """How easily it is taken for the needed one; None where nobody asked."""

    def is_ruled_out_by(self, call: ToolCall) -> bool:
        """Whether the right call bears the fact out: it gives the parameter, names another place.

        A field of the result is ruled out by no call: the request has to ask for it. What is wanted
        and whose customer the user is, is so unless the request says otherwise.
        """
        decider = self.decider
        if decider.about in ("parameter", "unit", "period"):
            return _is_given(call.arguments, decider.path.split("/")[1:])
        said = canonical_json(call.arguments)
        named = any(word in said for word in (decider.other, *decider.words))
        return decider.about != "result" and not (decider.about == "region" and named)


def _is_given(value: Json, names: list[str]) -> bool:
    """Whether a path of names leads to a value; lists may hold it in any item."""
    found = [value]
    for name in names:
        flat = [each for item in found for each in (item if isinstance(item, list) else [item])]
        found = [each[name] for each in flat if isinstance(each, dict) and name in each]
    return bool(found)
