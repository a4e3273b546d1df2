"""The nouns: frozen pydantic models that flow from a document to a training row.

Behaviour lives elsewhere. Every noun crosses a distilabel step as one canonical JSON string
(`canonical_json`), because Arrow null-fills or aborts on nested columns whose keys differ by row.
"""

import hashlib
import json
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field

Language: TypeAlias = Literal["en", "zh"]
Kind: TypeAlias = Literal[
    "single",
    "multiple",
    "parallel",
    "dependent",
    "multi_turn",
    "missing_parameter",
    "irrelevant",
    "missing_function",
    "invalid_value",
    "tool_error",
    "change_of_mind",
]
Stage: TypeAlias = Literal[
    "scenario", "toolset", "blueprint", "dialogue", "validation", "judgement"
]
Intent: TypeAlias = Literal["request", "supply", "correct", "change", "follow_up"]
"""What a user's turn does: open, answer a question, mend a bad value, change a wish, ask on."""
Ending: TypeAlias = Literal["tell", "ask", "refuse", "decline"]
"""How the assistant's turn ends: telling results, asking for a value, refusing one, or saying that
no tool fits."""
Formats: TypeAlias = Literal["strict", "lenient"]
CallIds: TypeAlias = Literal["unique", "local"]
ErrorClass: TypeAlias = Literal[
    "wrong function",
    "wrong value",
    "missing required",
    "missing optional",
    "wrong type",
    "unexpected argument",
    "wrong number of calls",
    "unneeded call",
    "missing call",
    "format",
]
Side: TypeAlias = Literal["parameters", "returns"]
Author: TypeAlias = Literal["model", "both", "code"]
"""`both` is a model's words with what they leave out added by code, in note form."""
Criterion: TypeAlias = Literal[
    "intent_match", "argument_faithfulness", "answer_faithfulness", "naturalness"
]
"""What a judge scores: of calls the first two, of words the last two."""
Json: TypeAlias = Any
"""Any JSON value: the schema of a tool decides its shape, so a static type cannot."""

LANGUAGES: tuple[Language, ...] = ("en", "zh")
KINDS: tuple[Kind, ...] = get_args(Kind)
STAGES: tuple[Stage, ...] = get_args(Stage)
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical_json(value: Json) -> str:
    """One spelling per value: sorted keys, no spaces, UTF-8 as is, NaN refused (`ValueError`)."""
    return _ENCODER.encode(value)


def content_id(*parts: Json) -> str:
    """A 16-hex-digit identity of some JSON content: equal content, equal id, on every machine."""
    return hashlib.sha256(canonical_json(parts).encode()).hexdigest()[:16]


class Noun(BaseModel):
    """Base of all nouns: immutable, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> str:
        """The canonical JSON text that crosses step columns."""
        return canonical_json(self.model_dump(mode="json"))


class Identified(Noun):
    """A noun with an identity of its own, from which its random seeds derive."""

    id: str


class Document(Identified):
    """A text that a user brought, split into sentences."""

    name: str
    """File name for people; never an absolute path, so rows do not depend on the machine."""
    title: str
    language: Language
    sentences: tuple[str, ...]


class Passage(Identified):
    """A few neighbouring sentences of one document: the seed of one scenario."""

    document: str
    title: str
    language: Language
    start: int
    """Index in the document of the passage's first sentence."""
    sentences: tuple[str, ...]


class Evidence(Noun):
    """A whole sentence of the document, copied by code."""

    index: int
    """Index of the sentence in its document."""
    text: str


class Scenario(Identified):
    """A problem that a user of the domain has, and the sentences that prove it."""

    passage_id: str
    document: str
    domain: str
    language: Language
    action: str
    """What sort of thing is wanted: `look_up`, `apply`, `change`, `work_out`, `check`."""
    user_goal: str
    evidence: tuple[Evidence, ...]


class Tool(Noun):
    """A function that a model may call."""

    name: str
    description: str
    parameters: dict[str, Json]
    """JSON Schema 2020-12 of the arguments: a closed object."""
    returns: dict[str, Json] = Field(default_factory=dict)
    """JSON Schema 2020-12 of the result; empty where nothing is known of it."""

    def openai(self) -> dict[str, Json]:
        """The tool as OpenAI's `tools` entry, which trainers take too."""
        function = {
            "name": self.name,
            "description": self.description,
            "parameters": self.parameters,
        }
        return {"type": "function", "function": function}


class Toolset(Noun):
    """The tools made for one scenario."""

    scenario: Scenario
    needed: Tool
    """The tool that answers the scenario."""
    similar: tuple[Tool, ...]
    """Deliberate look-alikes of `needed` that are wrong for the scenario."""
    decided_by: dict[str, str] = Field(default_factory=dict)
    """Name of a similar tool -> which fact of the request decides against it, in words."""
    examples: dict[str, tuple[Json, ...]] = Field(default_factory=dict)
    """Plausible values per parameter or result field, where code has no better source."""
    asked: dict[str, Json] = Field(default_factory=dict)
    """The part of the needed tool's parameters that calls fill; empty for all of them."""
    told: dict[str, Json] = Field(default_factory=dict)
    """The part of its result that is given; empty for all of it."""

    def examples_of(self, side: Side) -> dict[str, tuple[Json, ...]]:
        """The examples of parameters, or of the result, by the path within."""
        prefix = f"{side}/"
        return {
            path.removeprefix(prefix): values
            for path, values in self.examples.items()
            if path.startswith(prefix)
        }


class ToolCall(Noun):
    """One call: the tool's name and its arguments as an object."""

    name: str
    arguments: dict[str, Json]
    id: str = ""
    """Pairs the call with its result; empty where a call stands by itself."""


class Message(Noun):
    """One turn, OpenAI style."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    name: str = ""
    """Name of the tool whose result this is."""

    def openai(self) -> dict[str, Json]:
        """The message with only the keys that its role has; arguments stay an object."""
        message: dict[str, Json] = {"role": self.role, "content": self.content}
        if self.tool_calls:
            message["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in self.tool_calls
            ]
        if self.role == "tool":
            message |= {"tool_call_id": self.tool_call_id, "name": self.name}
        return message


class Fact(Noun):
    """Something that is said, tied to the argument it becomes."""

    path: str
    """Where the value stands in the gold calls, as `call/parameter` (`0/check_in_date`)."""
    label: str
    """What the value is, in words (the parameter's description)."""
    value: Json
    said: str
    """The value as this user would say it (`March 3, 2026` for `2026-03-03`)."""
    turn: int = 0
    """In which of the user's turns it is said, from 0; of two facts at one path the later holds."""
    told_by: Literal["user", "system"] = "user"
    """`system` for what stands in the system message (time, place, account) and nobody repeats."""


class Persona(Noun):
    """Who speaks: it colours the user's messages, never the values."""

    role: str
    tone: str
    knowledge: Literal["novice", "informed", "expert"] = "informed"
    """How much the person knows of the domain."""
    verbosity: Literal["terse", "plain", "rambling"] = "plain"
    habit: Literal["plain", "vague", "code_switching"] = "plain"
    """What is odd in the person's language; `vague` speaks of the wish in loose words."""
    patience: Literal["patient", "impatient"] = "patient"

    @property
    def manner(self) -> str:
        """How the person writes: what is odd in the language, else how much is said."""
        return self.habit if self.habit != "plain" else self.verbosity


class Exchange(Noun):
    """One turn of the user's, and what the assistant owes upon it."""

    intent: Intent = "request"
    rounds: tuple[tuple[int, ...], ...] = ()
    """Calls made upon it, as indices of the blueprint's; those of one round go out together."""
    ends: Ending = "tell"
    about: tuple[str, ...] = ()
    """Paths (as in `Fact.path`) of the values that are asked for, or refused."""


class Reference(Noun):
    """An argument's value that an earlier result gives."""

    call: int
    """Index of the call whose result has it."""
    path: str
    """Where it stands in that result, as `rooms/0/room_id`."""


class Record(Noun):
    """What a call leaves behind in the world that answers the tools."""

    entity: str
    id: str
    call: int
    """Index of the call that makes it."""
    of: str = ""
    """Id of the record that it belongs to, where the call took one from an earlier result."""
    fields: dict[str, Json]
    """What the call stated and what its result adds."""


class Blueprint(Identified):
    """What is decided before anyone talks: kind, persona, facts and the verified gold calls."""

    kind: Kind
    scenario: Scenario
    persona: Persona
    tools: tuple[Tool, ...]
    facts: tuple[Fact, ...]
    asked_calls: tuple[ToolCall, ...]
    """The calls that the request amounts to, in order, whether or not their tool is on offer."""
    missing: Tool | None = None
    """The tool that would be right but is not on offer, where no call is right."""
    results: tuple[Json, ...]
    """The simulated result of each gold call, valid under its tool's `returns`."""
    decided_by: dict[str, str] = Field(default_factory=dict)
    """Name of an offered similar tool -> which fact of the request decides against it."""
    exchanges: tuple[Exchange, ...] = ()
    """The user's turns; empty for the plainest: one request, all calls at once, the answer."""
    references: dict[str, Reference] = Field(default_factory=dict)
    """Path of an argument (as in `Fact.path`) -> the earlier result that it comes from."""
    failed: tuple[int, ...] = ()
    """Indices of the calls whose result is an injected failure."""
    end_state: tuple[Record, ...] = ()
    """The records that the calls leave behind, in their order; what is only read leaves none."""

    @property
    def gold_calls(self) -> tuple[ToolCall, ...]:
        """The calls that are right with the tools on offer; empty where none is."""
        return () if self.missing else self.asked_calls

    @property
    def turns(self) -> tuple[Exchange, ...]:
        """The user's turns, the plainest one spelled out."""
        if self.exchanges:
            return self.exchanges
        if self.missing:
            return (Exchange(ends="decline"),)
        return (Exchange(rounds=(tuple(range(len(self.asked_calls))),)),)


class Policy(Noun):
    """What to ask where the standards leave a choice and real data differ."""

    formats: Formats = "strict"
    """`lenient` takes a date-time without a zone, and a time as `HH:MM`."""
    call_ids: CallIds = "unique"
    """`local` takes an id that was used for a call of an earlier turn already."""


STRICT = Policy()


class Candidate(Noun):
    """A turn that an assistant model wrote where the trajectory has the right one."""

    at: int
    """Index of the message of the trajectory in whose place it stands."""
    text: str
    """The model's raw text."""
    calls: tuple[ToolCall, ...] = ()
    """Its calls, as far as they could be read."""
    words: str = ""
    """What an imported one says beside its calls."""
    right: bool = False
    """Whether it would do as well as the message in the trajectory."""
    error_class: ErrorClass | None = None
    """What is wrong with it; None where nothing is, or where it has no calls."""
    violations: tuple["Violation", ...] = ()
    """What code found wrong with it."""


class Trajectory(Noun):
    """A whole conversation and the tools that were offered in it."""

    tools: tuple[Tool, ...]
    messages: tuple[Message, ...]
    blueprint: Blueprint | None = None
    """What was decided beforehand; None for a conversation that others made."""
    policy: Policy = STRICT
    """Where the standards leave a choice, what is asked of this conversation."""
    wording: dict[str, Author] = Field(default_factory=dict)
    """Who worded the `user` and the `answer`; of several turns the one with most of code counts."""
    candidates: tuple[Candidate, ...] = ()
    """What an assistant model wrote on the way and is not in the messages."""


class Violation(Noun):
    """One broken rule, at one place, in words that a person or a model can act on."""

    rule: str
    path: str
    message: str
    value: Json = None
    severity: Literal["error", "warning"] = "error"


class Provenance(Noun):
    """Where one argument value comes from."""

    path: str
    value: Json
    source: str | None
    """`messages/1` and the like; None when nothing in the conversation carries the value."""
    how: str
    """`verbatim`, `date`, `number`, `default`, ..., or `` when ungrounded."""


class Verdict(Noun):
    """The judgement of code on a trajectory: passes when no violation is an error."""

    violations: tuple[Violation, ...]
    provenance: tuple[Provenance, ...]

    @property
    def valid(self) -> bool:
        """Whether no violation is an error."""
        return not any(v.severity == "error" for v in self.violations)


class Turn(Identified):
    """An assistant's turn as a model wrote it, and what it had before it."""

    tools: tuple[Tool, ...]
    messages: tuple[Message, ...] = ()
    text: str
    """The model's raw text, in whichever notation it calls."""
    language: Language = "en"


class Attempt(Noun):
    """One try at calling, and what is wrong with it."""

    text: str
    calls: tuple[ToolCall, ...]
    violations: tuple[Violation, ...]
    readable: bool
    """Whether the text could be read as calls at all."""
    mended: tuple[str, ...] = ()
    """What had to be mended to read it, by name."""

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.violations

    def feedback(self) -> str:
        """The violations in words, for whoever tries again."""
        return "; ".join(violation.message for violation in self.violations)


class Repair(Noun):
    """A refused attempt and what took its place: a preference with a known reason."""

    rejected: str
    """The model's raw text."""
    chosen: tuple[ToolCall, ...] | None
    """The calls accepted in the end; None where none were."""
    error_class: ErrorClass
    violations: tuple[Violation, ...]


class Repaired(Noun):
    """The calls of a turn after repair, and the trace of how they came about."""

    calls: tuple[ToolCall, ...] | None
    """None where no attempt was valid."""
    mended: tuple[str, ...]
    """What had to be mended to read the accepted text, by name; nothing of its values."""
    repairs: tuple[Repair, ...]


class TurnScore(Noun):
    """How good one message of the assistant's is, by the criteria that apply to it."""

    at: int
    """Index of the message in the trajectory."""
    scores: dict[Criterion, Annotated[int, Field(ge=1, le=5)]] = Field(min_length=1)
    """From 1 (bad) to 5 (good); what does not apply to the message has no score."""
    reason: str


class Judgement(Noun):
    """What one judge, or the vote of several, thinks of a trajectory's turns."""

    judge: str
    """Identity of the model, or `committee`."""
    turns: tuple[TurnScore, ...] = Field(min_length=1)
    """Of a committee, the medians, each turn with the reason of the judge nearest to them."""
    approved: bool
    """Whether no score of any turn is below what was asked for; of a committee, whether more than
    half of the judges approve."""
    disagreement: float = 0.0
    """Share of the judges that voted against the outcome: 0.5 for a tie, 0 for a single judge."""
    members: tuple["Judgement", ...] = ()
    """The committee's votes; empty for a single judge."""


class Usage(Noun):
    """What one stage of one row cost."""

    stage: Stage
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0


class Drop(Noun):
    """Why and where a row ended."""

    stage: Stage
    reason: str
    detail: str = ""
