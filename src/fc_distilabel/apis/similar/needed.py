"""The needed tool as the sorts look at it: its verb, its subject, the gist of its description.

Other people's descriptions run to pages, with arguments and examples in them. A similar tool takes
over the gist, the first few sentences, since the rest is about parameters that it may not have.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random

from fc_distilabel.apis.domains import Domain
from fc_distilabel.apis.naming import plural, singular, words_of, written_like
from fc_distilabel.apis.similar.tables import NameWords, Table, name_words, table
from fc_distilabel.schemas.walk import subschemas
from fc_distilabel.types import Language, Tool, canonical_json

MAX_GIST = 320
MAX_WHOLE = 1_500
MAX_THING = 40
_BREAK = re.compile(r"\n[ \t]*\n|\n[ \t]*[-*#]|\b(?:Args|Parameters|Returns|Arguments)\s*:")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_CLAUSE_END = re.compile(r"[，。；：、,;:.!?！？（(\n]")


@dataclass(frozen=True)
class Needed:
    """The tool that is right, and what its look-alikes are made of."""

    tool: Tool
    language: Language
    domain: Domain | None
    random: Random

    @property
    def table(self) -> Table:
        """The phrases of its language."""
        return table(self.language)

    @property
    def lexicon(self) -> NameWords:
        """What the words of names mean."""
        return name_words()

    @cached_property
    def words(self) -> list[str]:
        """The words of its name."""
        return words_of(self.tool.name)

    @cached_property
    def verb(self) -> str:
        """The first word of its name that is a verb; else its first word, where it has others."""
        known = next((word for word in self.words if word in self.lexicon.kinds), "")
        return known or "".join(self.words[:1] if len(self.words) > 1 else ())

    @property
    def kind(self) -> str:
        """The class of its verb; anything unknown is some act."""
        return self.lexicon.kinds.get(self.verb, "act")

    @cached_property
    def subject(self) -> list[str]:
        """The words of its name that say what it is about: `orders` in `list_orders_by_day`."""
        at = self.words.index(self.verb) if self.verb else -1
        rest = [word for index, word in enumerate(self.words) if index != at]
        ends = [i for i, word in enumerate(rest) if i and word in self.lexicon.prepositions.split()]
        return rest[: ends[0]] if ends else rest

    @cached_property
    def things(self) -> str:
        """What it is about, as a description says it: in English as a plural."""
        if self.language == "zh":
            return f"“{self._entity_label or self._described_thing or self._named_thing}”"
        *first, last = self.subject or self.words or [self.tool.name]
        counted = last not in self.lexicon.uncountable.split()
        return " ".join([*first, plural(last) if counted else last])

    @cached_property
    def said_verb(self) -> str:
        """Its verb, as a description says it."""
        return self.table.said(self.verb)

    @cached_property
    def job(self) -> str:
        """What it does, in a few words."""
        thing = self.things if self.language == "zh" else self._named_thing
        return self.table.say("job", verb=self.said_verb, thing=thing)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of its gist."""
        first = _BREAK.split(self.tool.description.strip()[: 4 * MAX_GIST], maxsplit=1)[0]
        kept: list[str] = []
        for sentence in _SENTENCE_END.split(" ".join(first.split())):
            text = sentence.strip()
            if text and len(" ".join((*kept, text))) <= MAX_GIST:
                kept.append(text)
        return tuple(kept)

    @property
    def gist(self) -> str:
        """Its description, in short; its job where it has none."""
        return self.closed_up(("" if self.language == "zh" else " ").join(self.sentences))

    @property
    def whole(self) -> str:
        """Its description in full, as far as that is not a manual."""
        said = self.tool.description.strip()
        return self.closed_up(said) if len(said) <= MAX_WHOLE else self.gist

    @property
    def head(self) -> str:
        """Its job as a sentence."""
        return self.closed_up(self.job)

    @cached_property
    def text(self) -> str:
        """All that it says, and what its domain is about: where a place named is no other place."""
        own = canonical_json(self.tool.model_dump(mode="json"))
        return own + ("" if self.domain is None else _text_of(self.domain))

    @cached_property
    def choices(self) -> str:
        """The values that its parameters list."""
        return canonical_json(
            [s["enum"] for _, s in subschemas(self.tool.parameters) if "enum" in s]
        )

    def named(self, *words: str) -> str:
        """These words in the way that its own name is written."""
        return written_like(self.tool.name, words)

    def closed_up(self, text: str) -> str:
        """The text as a sentence."""
        said = text or self.job
        stop = self.table.phrases["stop"]
        return said if said[-1] in ".。!！?？" else said + stop

    @property
    def _named_thing(self) -> str:
        return " ".join(self.subject or self.words) or self.tool.name

    @property
    def _entity_label(self) -> str:
        """The label of the domain's entity that the name ends in."""
        last = [singular(word) for word in self.subject]
        for entity in self.domain.entities if self.domain else ():
            own = entity.name.split("_")
            if last[-len(own) :] == own:
                return entity.label
        return ""

    @property
    def _described_thing(self) -> str:
        """The subject of a Chinese description: its first clause without the verb."""
        clause = _CLAUSE_END.split(" ".join(self.sentences[:1]), maxsplit=1)[0].strip()
        while found := next((w for w in self.table.openings if _goes_on(clause, w)), ""):
            clause = clause.removeprefix(found)
        return clause if len(clause) <= MAX_THING else ""


@lru_cache(maxsize=64)
def _text_of(domain: Domain) -> str:
    return domain.to_json()


def _goes_on(clause: str, opening: str) -> bool:
    """Whether something is left of a clause after its opening: `预订` alone is a thing."""
    return clause.startswith(opening) and clause != opening
