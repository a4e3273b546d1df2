"""The load of the engine's benchmark: dialogues of several calls, each after the reply before it.

Every call has a mark of its own, which the reply must bear: one that was lost, doubled or given to
another dialogue is seen.
"""

import random
import re
from dataclasses import dataclass
from typing import Any

from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.types import Identified, Noun, canonical_json

BACKGROUND = "A reader asks the library to renew a card, and wants to know what that takes. "
BACKGROUND_TIMES = 80
"""Some 6 kB a row, as a blueprint with its tools has."""
SHOWN = 600
MAX_TOKENS = 200
MARK = re.compile(r"<(d\d+/\d+)>")
SCHEMA = {
    "type": "object",
    "properties": {"mark": {"type": "string"}, "reply": {"type": "string", "maxLength": 80}},
    "required": ["mark", "reply"],
    "additionalProperties": False,
}
FORBIDDEN = "unmentionable"
"""What a content filter will not have."""


class Dialogue(Identified):
    """What goes into a row."""

    calls: int
    subject: str
    background: str


class Held(Noun):
    """What comes out of it."""

    dialogue: Dialogue
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Load:
    """So many dialogues of so many calls; every nth, where asked for, has the forbidden word."""

    dialogues: int
    least: int
    most: int
    forbidden_every: int = 0

    def make(self) -> list[Dialogue]:
        """The dialogues, the same in every process."""
        chance = random.Random(1)
        return [self._one(number, chance) for number in range(self.dialogues)]

    def _one(self, number: int, chance: random.Random) -> Dialogue:
        forbidden = self.forbidden_every and number % self.forbidden_every == 0
        return Dialogue(
            id=f"d{number}",
            calls=chance.randint(self.least, self.most),
            subject=FORBIDDEN if forbidden else "cards",
            background=f"{number}. " + BACKGROUND * BACKGROUND_TIMES,
        )


def mark(dialogue: Dialogue, turn: int) -> str:
    """The mark of one call."""
    return f"{dialogue.id}/{turn}"


def question(dialogue: Dialogue, turn: int, said: list[str]) -> str:
    """What is asked in a turn: some background, and all that was said before."""
    before = "\n".join(said)
    shown = dialogue.background[:SHOWN]
    return f"{shown}\n{before}\nOn {dialogue.subject}, mark <{mark(dialogue, turn)}>."


def echo(body: dict[str, Any]) -> str:
    """The endpoint's side: a reply with the mark of the question."""
    wanted = MARK.findall(body["messages"][-1]["content"])[-1]
    return canonical_json({"mark": wanted, "reply": "So far, so good; what else is there to know?"})


async def hold(asker: Asker, dialogue: Dialogue) -> Held:
    """Make the calls of a dialogue one after the other."""
    said: list[str] = []
    marks = []
    for turn in range(dialogue.calls):
        reply = await asker.json(
            "retry",
            SCHEMA,
            lambda value: "",
            max_tokens=MAX_TOKENS,
            draw=turn,
            last=question(dialogue, turn, said),
            complaint="it is a benchmark",
        )
        said.append(canonical_json(reply))
        marks.append(reply["mark"])
    return Held(dialogue=dialogue, marks=tuple(marks))


def is_right(held: Held) -> bool:
    """Whether each reply of a dialogue is the one to its call."""
    dialogue = held.dialogue
    return held.marks == tuple(mark(dialogue, turn) for turn in range(dialogue.calls))


class Recorder:
    """A chat model that answers at once and keeps what it was asked."""

    identity = "recorder"

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    async def complete(self, request: ChatRequest) -> Completion:
        """Answer as the endpoint would."""
        self.bodies.append(body_of(request))
        return Completion(text=echo(self.bodies[-1]))


def body_of(request: ChatRequest) -> dict[str, Any]:
    """The body that `ChatCompletionsLLM` sends for a request."""
    named = {"name": "reply", "schema": request.response_schema, "strict": False}
    return {
        "model": "fake",
        "messages": list(request.messages),
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "response_format": {"type": "json_schema", "json_schema": named},
    }


async def calls_of(dialogue: Dialogue) -> list[tuple[str, dict[str, Any]]]:
    """The very calls of a dialogue, mark and body, for those who make them without us."""
    recorder = Recorder()
    held = await hold(Asker(recorder, "dialogue", "en", (0, dialogue.id)), dialogue)
    return list(zip(held.marks, recorder.bodies, strict=True))
