"""A file of tool definitions -> the tools that conversations can be made over, and why not others.

Nothing is left out or renamed silently: each such tool has a note. What a definition lacks for a
*sensible* conversation is another matter, found out tool by tool later on (see `toolset`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path

from fc_distilabel.apis.naming import words_of
from fc_distilabel.documents import guess_language
from fc_distilabel.documents.files import decode, load
from fc_distilabel.documents.sentences import split_chinese, split_english
from fc_distilabel.errors import InputError
from fc_distilabel.schemas import ToolReading, lint_tool, read_tools
from fc_distilabel.schemas.bounds import show
from fc_distilabel.schemas.grammar import NO_CALL
from fc_distilabel.types import Json, Language, Noun, Passage, Tool, canonical_json, content_id

MAX_NAME = 64
MAX_DEFINITION = 12_000
"""Characters of a tool's parameters; a model is shown them all, beside those of others."""
MAX_READ = 2_000
"""Characters of a description that are looked at."""
MAX_SENTENCES = 4
MAX_NOTES = 12
"""Tools left out that are named one by one in an error."""
_ILLEGAL = re.compile(r"[^A-Za-z0-9_-]+")
_YAML = (".yaml", ".yml")
_CREDENTIAL = re.compile(
    r"api_?key|access_?key|app_?id|secret|password|passwd|authorization|credentials?"
    r"|(?:access|auth|bearer|refresh|session|id)_?token|^token$",
    re.IGNORECASE,
)
_END_OF_LINE = re.compile(r"[ \t]*\n\s*")


class OwnApi(Noun):
    """A tool of the user's, and what its description says sentence by sentence."""

    tool: Tool
    language: Language
    sentences: tuple[str, ...]

    def passage(self, document: str) -> Passage:
        """What goes through the steps for it; equal tools have equal ids."""
        return Passage(
            id=content_id("own api", self.tool.model_dump(mode="json")),
            document=document,
            title=self.tool.name,
            language=self.language,
            start=0,
            sentences=self.sentences,
        )


class OwnApis(Noun):
    """What a file of definitions holds."""

    document: str
    """Its name, without a path."""
    apis: tuple[OwnApi, ...]
    notes: tuple[str, ...]
    """What was left out, and why; what was renamed."""

    @property
    def id(self) -> str:
        """Identity of the content, however it is written down."""
        return content_id([api.tool.model_dump(mode="json") for api in self.apis])


def read_own_apis(path: str, language: str = "auto") -> OwnApis:
    """The tools of a file in any dialect, those of one language where that is asked for.

    Raises `InputError` when the file cannot be read or holds no tool that can be used.
    """
    file = Path(path).expanduser()
    if file.exists() and not file.is_file():
        raise InputError(f"--tools {path!r} is not a regular file")
    if file.suffix.lower() in _YAML:
        raise InputError(f"--tools {path!r} is YAML: convert it to JSON first")
    text = decode(load(file), file)
    lines = file.suffix.lower() == ".jsonl"
    reading = read_tools([line for line in text.splitlines() if line.strip()] if lines else text)
    notes = [f"left out: {v.path or 'file'}: {v.message}" for v in _unread(reading)]
    apis: list[OwnApi] = []
    names: dict[str, str] = {}
    for number, read in enumerate(reading.tools, 1):
        tool = read.model_copy(update={"name": _legal(read.name, number, names)})
        flaw = _flaw(read, names) or _unspoken(tool, language)
        if flaw:
            notes.append(f"left out: {show(read.name)}: {flaw}")
            continue
        if tool.name != read.name:
            notes.append(f"renamed: {show(read.name)} is no legal name, it became {tool.name!r}")
        names[tool.name] = read.name
        apis.append(OwnApi(tool=tool, language=_language(tool), sentences=_sentences(tool)))
    if not apis:
        raise InputError(f"--tools {path!r} holds no tool that can be used: {_told(notes)}")
    return OwnApis(document=file.name, apis=tuple(apis), notes=tuple(notes))


def _unread(reading: ToolReading) -> Iterator[Json]:
    """Violations of what did not become a tool; one that was read is judged by itself."""
    read = set(reading.places)
    return (v for v in reading.violations if v.path.partition("/")[0] not in read)


def _told(notes: Sequence[str]) -> str:
    more = f"; and {len(notes) - MAX_NOTES:,} more" if len(notes) > MAX_NOTES else ""
    listed = [note.removeprefix("left out: ") for note in notes[:MAX_NOTES]]
    return "; ".join(listed) + more if listed else "there is none in it"


def _legal(name: str, number: int, taken: dict[str, str]) -> str:
    """The name as OpenAI's API takes it; a changed one gets a number where it is taken."""
    legal = _ILLEGAL.sub("_", name).strip("_")[:MAX_NAME] or f"tool_{number}"
    if legal == name:
        return name
    numbered = (f"{legal[: MAX_NAME - 6]}_{again}" for again in count(2))
    return next(name for name in chain([legal], numbered) if name not in taken)


def _flaw(tool: Tool, names: dict[str, str]) -> str:
    """Why nobody could call the tool, or ``."""
    if tool.name in names or tool.name in names.values():
        return "another tool before it has the same name"
    if tool.name == NO_CALL:
        return "its name is how a reply declines to call"
    size = len(canonical_json(tool.parameters))
    if size > MAX_DEFINITION:
        return f"its parameters take {size:,} characters, more than {MAX_DEFINITION:,}"
    errors = (v.message for v in lint_tool(tool) if v.severity == "error")
    return next(errors, "")


def _unspoken(tool: Tool, language: str) -> str:
    """Why no conversation of this run could be about the tool, or ``."""
    told = guess_language(_gist(tool)) if tool.description.strip() else "en"
    if told is None:
        return "its description is neither English nor Chinese"
    if language not in ("auto", told):
        return f"its language is {told}, and --language is {language}"
    secret = next((n for n in tool.parameters.get("required", ()) if is_credential(n)), "")
    if secret:
        return f"it requires a credential ({secret}), which nobody says in a conversation"
    if not tool.description.strip() and len(words_of(tool.name)) < 2:
        return "neither its name nor a description says what it does"
    return ""


def is_credential(name: str) -> bool:
    """Whether a parameter is set by the client: a key or a password is nothing to talk about."""
    return _CREDENTIAL.search(name) is not None


def _language(tool: Tool) -> Language:
    return guess_language(_gist(tool)) or "en"


def _gist(tool: Tool) -> str:
    return tool.description[:MAX_READ]


def _sentences(tool: Tool) -> tuple[str, ...]:
    """The first sentences of the description; without one, what the name says."""
    text = _END_OF_LINE.sub("\n", _gist(tool)).strip()
    if not text:
        return (tool.name,)
    split = split_chinese if _language(tool) == "zh" else split_english
    lines = [line for line in text.split("\n") if line.strip()]
    return tuple([s for line in lines for s in split(line)][:MAX_SENTENCES]) or (tool.name,)
