"""Documents of informative sentences, and the short passages that scenarios are mined from.

A small model reads each passage and must cite a sentence of it, so junk costs rows: headings,
links, fragments and code never become sentences of a document. What is left is numbered, and a
passage is a run of those numbers, which is what lets code copy the evidence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from fc_distilabel.documents.blocks import Block
from fc_distilabel.documents.files import find_files
from fc_distilabel.documents.language import (
    count_han,
    count_words,
    detect_language,
    guess_language,
)
from fc_distilabel.documents.readers import read_blocks
from fc_distilabel.documents.sentences import split_sentences
from fc_distilabel.errors import DocumentError, InputError
from fc_distilabel.types import LANGUAGES, Document, Language, Passage, content_id

LanguageChoice: TypeAlias = Literal["auto", "en", "zh"]

BUDGET: dict[Language, int] = {"en": 700, "zh": 350}
"""Characters of a passage: what a small model's prompt has room for."""

_MIN_WEIGHT = 8  # Han characters; a word of Latin letters counts for two of them
_MIN_ENDED = 6  # where a full stop says that it is a sentence: （四）出境定居的；
_ENDED = re.compile(r"[.!?。！？；;]$")
_POINTS_ON = ("：", ":", "；", ";", "？", "?")
_SEE_LINK = re.compile(
    r"^(?:read|see|click|learn|find|view)\b.{0,30}\bhere\b.{0,25}$", re.IGNORECASE
)
_MAX_SYMBOLS = 0.2
_MIN_LETTERS = 0.3  # a row of figures says little
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.]+")
_SYMBOL = re.compile(r"[{}\[\]<>=|\\/_$#@~^`+*&%\"↓├└│─]")
_NAVIGATION = re.compile(
    r"^(?:skip to|back to top|table of contents|edit (?:this|on)|was this (?:page )?helpful"
    r"|©|\(c\)|copyright\s+(?:©|\(c\)|\d)|all rights reserved|last (?:updated|modified)\b"
    r"|(?:previous|next)(?: page| post| chapter)?\s*[:»→]|[上下]一[页篇章]\s*[:：]"
    r"|版权所有|返回顶部|最后更新)|\.{4,}\s*\d+$|…{2,}\s*\d+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """Where in a document a section starts."""

    start: int
    """Index of the section's first sentence."""
    heading: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A document and what the noun has no room for: where its sections start."""

    document: Document
    sections: tuple[Section, ...]


def read_documents(paths: Sequence[str], language: LanguageChoice = "auto") -> list[Document]:
    """The documents that files, folders and globs name; a given language is not questioned."""
    return [reading.document for reading in read_readings(paths, language)]


def read_passages(
    paths: Sequence[str], language: LanguageChoice = "auto", size: int = 5
) -> list[Passage]:
    """The passages of all documents, in order."""
    return [
        passage
        for reading in read_readings(paths, language)
        for passage in split_passages(reading.document, size, reading.sections, language)
    ]


def read_readings(paths: Sequence[str], language: LanguageChoice = "auto") -> list[Reading]:
    """Each document with its sections; of copies with equal sentences only the first."""
    if language not in ("auto", *LANGUAGES):
        raise InputError(f"no such language: {language!r}; allowed: auto, {', '.join(LANGUAGES)}")
    readings = [_reading(path, language) for path in find_files(paths)]
    first = {reading.document.id: reading for reading in reversed(readings)}
    return [reading for reading in readings if first[reading.document.id] is reading]


def _reading(path: Path, choice: LanguageChoice) -> Reading:
    blocks = read_blocks(path)
    language = _language(path, blocks) if choice == "auto" else choice
    sentences, sections = _sectioned(blocks, language)
    if not sentences:
        raise DocumentError(f"{str(path)!r} has no whole sentence: only headings, links or code")
    title = next((block.text for block in blocks if block.kind == "heading"), path.stem)
    document = Document(
        id=content_id(sentences),
        name=path.name,
        title=title,
        language=language,
        sentences=tuple(sentences),
    )
    return Reading(document, tuple(sections))


def _language(path: Path, blocks: Sequence[Block]) -> Language:
    try:
        return detect_language("\n".join(block.text for block in blocks))
    except DocumentError as error:
        raise DocumentError(f"{str(path)!r}: {error}") from error


def _sectioned(blocks: Sequence[Block], language: Language) -> tuple[list[str], list[Section]]:
    """The informative sentences, and the heading that stands over each run of them."""
    sentences: list[str] = []
    sections: list[Section] = []
    heading = ""
    for block in blocks:
        heading = block.text if block.kind == "heading" else heading
        found = [each for each in split_sentences([block], language) if is_informative(each)]
        if found and (not sections or sections[-1].heading != heading):
            sections.append(Section(len(sentences), heading))
        sentences += found
    return sentences, sections


def is_informative(sentence: str) -> bool:
    """Whether a sentence says something: no fragment, bare link, menu text or code."""
    text = _ADDRESS.sub("", sentence)
    solid = "".join(text.split())
    weight = count_han(text) + 2 * count_words(text)
    least = _MIN_ENDED if _ENDED.search(text) else _MIN_WEIGHT
    if weight < least or _NAVIGATION.search(text) or _SEE_LINK.match(text):
        return False
    return sum(character.isalpha() for character in solid) >= _MIN_LETTERS * len(solid) and len(
        _SYMBOL.findall(solid)
    ) <= _MAX_SYMBOLS * len(solid)


def split_passages(
    document: Document,
    size: int = 5,
    sections: Sequence[Section] = (),
    language: LanguageChoice = "auto",
) -> list[Passage]:
    """Runs of up to `size` neighbouring sentences, none in two, none across sections.

    Each passage is labelled with its own language, unless one is given; what is neither English
    nor Chinese is left out.
    """
    if size < 1:
        raise InputError(f"a passage has 1 sentence or more, not {size}")
    passages = [
        _passage(document, start, end, heading, language)
        for first, last, heading in _spans(document, sections)
        for start, end in _runs(document, first, last, size)
    ]
    return [passage for passage in passages if passage is not None]


def _spans(document: Document, sections: Sequence[Section]) -> Iterator[tuple[int, int, str]]:
    """Start, end and heading of each section; a document without any is one."""
    known = sections or (Section(0, ""),)
    ends = [*(section.start for section in known[1:]), len(document.sentences)]
    for section, end in zip(known, ends, strict=True):
        yield section.start, end, section.heading


def _runs(document: Document, first: int, last: int, size: int) -> list[tuple[int, int]]:
    """A section cut where its passages come out about even, rather than with a stub at the end."""
    budget = BUDGET[document.language]
    greedy = _fill(document, first, last, size, budget)
    even = -(-(last - first) // len(greedy))
    fair = _fill(document, first, last, even, budget)
    return fair if len(fair) == len(greedy) else greedy


def _fill(
    document: Document, first: int, last: int, size: int, budget: int
) -> list[tuple[int, int]]:
    """Runs as long as size and budget allow."""
    runs, start, used = [], first, 0
    for index in range(first, last):
        length = len(document.sentences[index])
        if index > start and (index - start == size or used + length > budget):
            cut = _cut(document.sentences, start, index)
            runs.append((start, cut))
            start, used = cut, sum(map(len, document.sentences[cut:index]))
        used += length
    return [*runs, (start, last)]


def _cut(sentences: Sequence[str], start: int, end: int) -> int:
    """Where to end a run: before a question or `...:` whose answer would be in the next one."""
    cut = end
    while cut > start and sentences[cut - 1].endswith(_POINTS_ON):
        cut -= 1
    return cut if 2 * (cut - start) >= end - start else end


def _passage(
    document: Document, start: int, end: int, heading: str, choice: LanguageChoice
) -> Passage | None:
    sentences = document.sentences[start:end]
    language = guess_language("\n".join(sentences)) if choice == "auto" else choice
    if language is None:
        return None
    titles = dict.fromkeys((document.title, heading)) if heading else (document.title,)
    return Passage(
        id=content_id("passage", document.id, start, end),
        document=document.id,
        title=" – ".join(titles),
        language=language,
        start=start,
        sentences=sentences,
    )
