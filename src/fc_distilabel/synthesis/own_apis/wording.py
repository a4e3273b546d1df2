"""What a tool's description says, as the request of somebody who wants it done.

`Retrieve a specific verse from a given book of the Bible.` is how an API speaks; a person says
`Get a verse from a book of the Bible`. Where a description gives no usable request, the tool's name
does (`searchHotels`: `Search hotels`).
"""

import re
from collections.abc import Sequence
from functools import partial
from random import Random

from fc_distilabel.apis.naming import words_of
from fc_distilabel.apis.similar.needed import Needed
from fc_distilabel.synthesis.own_apis.tables import Table, table
from fc_distilabel.synthesis.wording import in_language
from fc_distilabel.types import Language, Tool

MAX_GOAL: dict[Language, int] = {"en": 80, "zh": 40}
_MIN_GOAL = 4
_READ = 400
_THING = r"(?:endpoint|tool|function|api|method|operation|route|service|call|request)"
_LEADS = re.compile(
    rf"(?:(?:please )?use (?:this|the|it)(?: {_THING})? (?:to|for|when you (?:want|need) to) "
    rf"|(?:this|the|an?) (?:[\w-]+ )?{_THING} (?:that |which |is |will |can )?"
    rf"|(?:be )?used (?:to|for) |(?:allows?|lets?|enables?|helps?) (?:you|users?|clients?|one"
    rf"|the user|developers|callers) (?:to )?|{_THING} (?:to|for|that) |to |will |can )",
    re.IGNORECASE,
)
_LEADS_ZH = re.compile(
    r"(?:请?(?:使用)?(?:该|此|本|这个|这一)?(?:接口|工具|函数|方法|服务|API)|用于|用来|用以|可以|能够"
    r"|可用于|支持|提供|负责|实现|允许(?:您|你|用户)?|帮助(?:您|你|用户)?|让(?:您|你|用户)?|来|，|：|:)"
)
_MARKUP = re.compile(r"^#{1,6} |<[^<>]{0,80}>|[`*_]{1,3}(?=\w)|(?<=\w)[`*]{1,3}|[\"“”]")
_CUT = re.compile(
    r"[;:({\[]|https?:|\.(?=\s|$)| [-\u2013\u2014] "
    r"|, ?(?:which|with|including|such as|based|so|e\.g|or an?|using)\b"
    r"| (?:such as|e\.g|i\.e|including|in json|as json|in xml|in order to|so that)\b",
    re.IGNORECASE,
)
_CUT_ZH = re.compile(
    r"[。；;！!？?：:（(\[【]|，(?:包括|支持|例如|比如|如|返回|并返回|可|其中)|https?:"
)
_CLAUSE = re.compile(r",| (?:with|and|based on|that|which|using|via|by|from|for|in|to|as)\b|，|、")
_GIVEN = re.compile(
    r"\b(a|an|the) (?:given|specific|specified|particular|certain|single|unique) (?=(\w))",
    re.IGNORECASE,
)
_GIVEN_ZH = re.compile(r"(?:指定|给定|特定)的?|某一?个")
_STATES = re.compile(r"\b(?:is|are|was|were|has|have|must|should|will|may|returns?)\b")
"""A sentence that says how something is, and not what is done."""
_DETERMINED = ("a", "an", "the", "all", "your", "new", "existing", "one", "multiple", "any", "some")


def goal_of(tool: Tool, sentences: Sequence[str], language: Language) -> tuple[int, str]:
    """A request for what the tool does, in a few words, and which sentence says it.

    It names no function.
    """
    speak = _spoken_zh if language == "zh" else partial(_spoken, tool)
    for index, sentence in enumerate(sentences if tool.description.strip() else ()):
        said = speak(sentence)
        usable = _MIN_GOAL <= len(said) <= MAX_GOAL[language] and not _names_itself(tool, said)
        if usable and in_language(said, language):
            return index, said
    return 0, _by_name(tool, language)


def _names_itself(tool: Tool, said: str) -> bool:
    """Whether the function's name stands there as one; an ordinary word may."""
    return tool.name in said and not re.fullmatch("[A-Z]?[a-z]+", tool.name)


def _by_name(tool: Tool, language: Language) -> str:
    """What the name says: its verb and its thing; a single word is something to be had."""
    needed = Needed(tool, language, None, Random(0))
    if needed.verb:
        return _begun(needed.job[: MAX_GOAL[language]])
    thing = " ".join(needed.words) or tool.name
    gap = "" if language == "zh" else " "
    return _begun(f"{table(language).get}{gap}{thing}"[: MAX_GOAL[language]])


def action_of(tool: Tool, goal: str, language: Language) -> str:
    """What sort of thing is wanted, by the verb of the name, or else of the request."""
    needed = Needed(tool, language, None, Random(0))
    verb = needed.verb if needed.kind != "act" else _verb_said(needed, goal) or needed.verb
    if verb in ("calculate", "compute", "estimate", "convert", "quote", "count"):
        return "work_out"
    if verb in ("check", "verify", "validate", "track", "monitor", "inspect"):
        return "check"
    kind = needed.lexicon.kinds.get(verb, "read" if verb in ("return", "provide") else "act")
    return {"read": "look_up", "create": "apply", "act": "apply"}.get(kind, "change")


def _verb_said(needed: Needed, goal: str) -> str:
    """The verb that the request begins with, as names have it."""
    if needed.language == "en":
        return goal.partition(" ")[0].lower()
    spoken = {said: verb for verb, said in needed.table.verbs.items() if verb}
    return next((verb for said, verb in spoken.items() if goal.startswith(said)), "")


def _spoken(tool: Tool, sentence: str) -> str:
    """An English sentence of a description as a request."""
    text = _without_leads(_plain(sentence), _LEADS)
    text = _shortened(_CUT.split(text, maxsplit=1)[0], MAX_GOAL["en"]).strip(" ,.")
    text = _GIVEN.sub(_determined, text)
    known = table("en")
    for one, other in known.mine.items():
        text = re.sub(rf"\b{one}\b", other, text, flags=re.IGNORECASE)
    first, _, rest = text.partition(" ")
    if first.endswith("ly") and _imperative(rest.partition(" ")[0], "", tool, known):
        first, _, rest = rest.partition(" ")
    verb = _imperative(first, rest, tool, known)
    if verb:
        return _begun(f"{known.said.get(verb, verb)} {rest}".strip())
    if _STATES.search(text):
        return ""
    name_verb = next((w for w in words_of(tool.name)[:1] if w in known.known_verbs), known.get)
    verb = known.said.get(name_verb, name_verb)
    return _begun(f"{verb} {_inside(text)}") if text else ""


def _imperative(first: str, rest: str, tool: Tool, known: Table) -> str:
    """The verb that the text begins with, in its base form; `` where it begins with a thing."""
    word = first.lower().strip(",")
    bases = [word]
    bases += [word[:-1]] if word.endswith("s") else []
    bases += [word[:-2]] if word.endswith("es") else []
    bases += [word[:-3] + "y"] if word.endswith("ies") else []
    bases += [word[:-3], word[:-3] + "e", word[:-4]] if word.endswith("ing") else []
    found = next((base for base in bases if base in known.known_verbs), "")
    if found and not (found == word and rest.startswith(("of ", "is "))):
        return found
    determined = rest.partition(" ")[0].lower() in _DETERMINED and word.isalpha()
    return word if determined or word in words_of(tool.name)[:1] else ""


def _spoken_zh(sentence: str) -> str:
    """A Chinese sentence of a description as a request."""
    text = _without_leads(_plain(sentence), _LEADS_ZH)
    text = _GIVEN_ZH.sub("", _CUT_ZH.split(text, maxsplit=1)[0].strip("，、 "))
    known = table("zh")
    for one, other in known.mine.items():
        text = text.replace(one, other)
    verb = next((v for v in known.said if text.startswith(v)), "")
    return _shortened(known.said.get(verb, "") + text.removeprefix(verb), MAX_GOAL["zh"])


def _plain(sentence: str) -> str:
    return " ".join(_MARKUP.sub("", sentence[:_READ]).split())


def _without_leads(text: str, leads: re.Pattern[str]) -> str:
    while found := leads.match(text):
        text = text[found.end() :].lstrip()
    return text


def _shortened(text: str, most: int) -> str:
    """The text without its last clauses, as many as are too long."""
    ends = [found.start() for found in _CLAUSE.finditer(text) if _MIN_GOAL < found.start() <= most]
    return text if len(text) <= most or not ends else text[: ends[-1]]


def _determined(found: re.Match[str]) -> str:
    """`a specific anime` as `an anime`."""
    article = found[1]
    if article.lower() in ("a", "an"):
        article = article[0] + ("n" if found[2].lower() in "aeio" else "")
    return f"{article} "


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _inside(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
