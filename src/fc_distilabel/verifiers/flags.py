"""Flags: `include_breakfast` is true by `with breakfast`, and false by `without breakfast`.

A flag is hardly ever said as `true`. What it is about stands in its name and its description;
whether the text wants or refuses that, the words around it tell.
"""

import re
from collections.abc import Iterator, Set
from itertools import pairwise

from fc_distilabel.types import Json
from fc_distilabel.verifiers.facts.text import HAN, SMALL_WORDS
from fc_distilabel.verifiers.leaves import Leaf
from fc_distilabel.verifiers.normalize import Reading, beginning, fold, han_pairs, words_of

_COMMON = frozenset(
    fold(
        "is has have include included includes need needs use get show allow only flag enable"
        " enabled whether true false default set indicate indicates indicating option optional"
        " should will want boolean determine determines specify specifies"
    ).split()
)
_ZH_COMMON = frozenset(
    pair
    for verb in "需要 包含 包括 使用 启用 允许 提供 表示 默认 返回 指定".split()
    for word in ("是否" + verb, "如果", "选项")
    for pair in han_pairs(word)
)
_REFUSING = frozenset(
    "no not without exclude excluding except skip avoid disable never hide".split()
)
_NEGATIONS = _REFUSING | frozenset(
    "dont doesnt didnt wont cant isnt arent neither nor cannot none omit remove".split()
)
_AFTER = frozenset("not isnt arent off unnecessary unneeded".split())
_LITOTES = frozenset("mind forget only".split())
"""Who does not mind a thing does not refuse it."""
_NONE = frozenset(fold("none no off never without disabled nothing 无 没有 不 关闭 否").split())
_ZH_NEGATION = re.compile(
    r"不(?![错仅但过同少断久])|没(?!问题)|无(?!论)|别(?![的人墅])|勿|免(?!费)|除了|关闭|取消|排除"
)
_ASKING = re.compile(r"([\u3400-\u9fff])[不没]\1")
"""`有没有`, which asks and refuses nothing."""
_CLAUSE = re.compile(r"[.;!?\n。；！？，、]|,|\bbut\b|但")
_REACH = 4
"""Words before a flag's own that a negation governs."""
_ZH_REACH = 8


def truth(value: Json) -> bool | None:
    """A flag's value, in whatever form it is written."""
    if isinstance(value, bool):
        return value
    return {"true": True, "yes": True, "false": False, "no": False}.get(str(value).casefold())


def wanted(leaf: Leaf, reading: Reading) -> bool | None:
    """Whether a text wants what the flag is about; None when it does not speak of it."""
    name = words_of(leaf.name).split()
    cues = {word for word in name if len(word) > 2 and word not in _COMMON | _REFUSING}
    pairs = set(han_pairs(fold(leaf.told))) - _ZH_COMMON
    found = [*_said(reading, cues, pairs)]
    asked = _CLAUSE.split(_ASKING.sub("", leaf.description))[0]
    refusing = any(word in _REFUSING for word in name) or bool(_ZH_NEGATION.search(asked))
    return any(found) != refusing if found else None


def hinted(leaf: Leaf, reading: Reading) -> bool | None:
    """The same by the words of the description, which are less telling than the name's."""
    words = {word for word in fold(leaf.description).split() if len(word) > 3 and word.isascii()}
    found = [*_said(reading, words - _COMMON - SMALL_WORDS - _REFUSING, frozenset())]
    return any(found) if found else None


def refused(leaf: Leaf, reading: Reading) -> bool:
    """`none` of something that the text does not want."""
    return fold(str(leaf.value)) in _NONE and wanted(leaf, reading) is False


def _said(reading: Reading, cues: Set[str], pairs: Set[str]) -> Iterator[bool]:
    """For each clause that speaks of the flag: whether it wants it."""
    for clause in _CLAUSE.split(reading.text):
        if HAN.search(clause):
            yield from _zh_said(_ASKING.sub("", fold(clause)), pairs)
        else:
            yield from _en_said(fold(clause).split(), cues)


def _en_said(words: list[str], cues: Set[str]) -> Iterator[bool]:
    """The first of the flag's words decides: in `no accessibility needs` one `no` governs both."""
    starts = tuple(map(beginning, cues))
    for at, word in enumerate(words):
        if starts and word.startswith(starts):
            first = max(0, at - _REACH)
            before = {w for w, then in pairwise(words[first : at + 1]) if then not in _LITOTES}
            yield not before & _NEGATIONS and not _AFTER & {*words[at + 1 : at + 4]}
            return


def _zh_said(clause: str, pairs: Set[str]) -> Iterator[bool]:
    places = [at for pair in pairs if (at := clause.find(pair)) >= 0]
    if places:
        around = clause[max(0, min(places) - _ZH_REACH) : min(places) + _ZH_REACH]
        yield not _ZH_NEGATION.search(around)
