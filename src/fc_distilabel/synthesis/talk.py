"""A conversation under way: what was said so far, and what a model wrote that is not in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fc_distilabel.prompts import render
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import (
    Author,
    Blueprint,
    Candidate,
    Exchange,
    Json,
    Language,
    Message,
    ToolCall,
    Trajectory,
    canonical_json,
)

SYSTEM_VARIANTS = 9
AUTHORS: tuple[Author, ...] = ("model", "both", "code")
"""Who may word a message, the one with least of code first."""
ROLES: dict[Language, dict[str, str]] = {
    "en": {"system": "System", "user": "User", "assistant": "Assistant", "tool": "Result"},
    "zh": {"system": "系统", "user": "用户", "assistant": "助手", "tool": "结果"},
}
"""How prompts call those who speak."""


@dataclass
class Talk:
    """The messages of one trajectory as they come about."""

    blueprint: Blueprint
    messages: list[Message]
    candidates: list[Candidate] = field(default_factory=list)
    wording: dict[str, Author] = field(default_factory=lambda: {"user": "model", "answer": "model"})

    @property
    def language(self) -> Language:
        """The language of the conversation."""
        return self.blueprint.scenario.language

    @property
    def at(self) -> int:
        """Index of the message that comes next."""
        return len(self.messages)

    @property
    def sources(self) -> list[str]:
        """What others said and returned so far: what the assistant may rely on."""
        return [m.content for m in self.messages if m.role != "assistant" and m.content]

    def said(self, message: Message, author: Author = "model") -> None:
        """Add a message; one in which code had to help marks its side of the conversation."""
        self.messages.append(message)
        side = "user" if message.role == "user" else "answer"
        self.wording[side] = max(self.wording[side], author, key=AUTHORS.index)

    def called(self, numbers: Sequence[int]) -> None:
        """Add a round of the blueprint's calls and what they give back."""
        calls = tuple(self.blueprint.asked_calls[number] for number in numbers)
        self.messages.append(Message(role="assistant", tool_calls=calls))
        for number, call in zip(numbers, calls, strict=True):
            content = canonical_json(self.blueprint.results[number])
            self.messages.append(
                Message(role="tool", content=content, tool_call_id=call.id, name=call.name)
            )

    def also_written(self, candidates: Iterable[Candidate]) -> None:
        """Keep what a model wrote in the place of the next message."""
        self.candidates += candidates

    def trajectory(self) -> Trajectory:
        """The conversation as it stands."""
        return Trajectory(
            tools=self.blueprint.tools,
            blueprint=self.blueprint,
            messages=tuple(self.messages),
            wording=dict(self.wording),
            candidates=tuple(self.candidates),
        )


def opened(blueprint: Blueprint, seed_parts: Sequence[Json]) -> Talk:
    """A conversation with its system message, which holds what the system knows of the user."""
    language = blueprint.scenario.language
    variant = rng(*seed_parts, "system").randrange(SYSTEM_VARIANTS)
    known = [fact for fact in blueprint.facts if fact.told_by == "system"]
    content = render("system", language, variant=variant, known=known)
    return Talk(blueprint, [Message(role="system", content=content)])


def calls_of(blueprint: Blueprint, exchange: Exchange, number: int = 0) -> tuple[ToolCall, ...]:
    """The calls of a round of an exchange; none where the exchange has no such round."""
    if number >= len(exchange.rounds):
        return ()
    return tuple(blueprint.asked_calls[each] for each in exchange.rounds[number])


def shown(talk: Talk) -> list[dict[str, str]]:
    """The conversation as prompts show it; a system message that knows nothing is left out."""
    knows = any(fact.told_by == "system" for fact in talk.blueprint.facts)
    return transcript(talk.messages if knows else talk.messages[1:], talk.language)


def transcript(messages: Iterable[Message], language: Language) -> list[dict[str, str]]:
    """The messages as `{"role", "text"}`, calls as JSON."""
    return [{"role": ROLES[language][m.role], "text": _text(m)} for m in messages]


def _text(message: Message) -> str:
    calls = [canonical_json([call.name, call.arguments]) for call in message.tool_calls]
    return "\n".join([message.content, *calls]).strip()
