"""Whole sentences of blocks, copied as they stand.

English goes to `sentencex` (Wikimedia's rules, in Rust: it knows abbreviations and addresses, and
stays linear where pysbd takes seconds for a line of `1. 1. 1.`). Chinese needs little: full stops
outside brackets and quotes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from fc_distilabel.documents.blocks import Block
from fc_distilabel.documents.language import guess_language
from fc_distilabel.types import Language

MAX_SENTENCE = 600
"""Characters; what is longer is no sentence but a table or code, and is left out whole."""
_MAX_QUOTE = 200
"""Characters that a bracket or quotation keeps together; in a longer one, sentences end."""

_MAX_CHUNK = 10_000
_CLOSES = {"”": "“", "’": "‘", "」": "「", "』": "『", "）": "（", ")": "(", "》": "《", "】": "【"}
_OPENS = frozenset(_CLOSES.values())
_END = re.compile(
    r"(?:[。！？；…]|[!?](?=[\s\u3400-\u9fff”’」』）)】]|$)|(?<=[\u3400-\u9fff])\.(?=\s|$|[\u3400-\u9fff])"
    r"|(?<=[A-Za-z]{3})\.(?=\s+[\u3400-\u9fff])|(?<=[。！？；…!?.])[”’」』）)】\]\"'])+"
)
_GOES_ON = re.compile(r"\s*[，、；：。！？,;:.!?]")
_NUMBER_ONLY = re.compile(r"^[(（]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)）]$")


def split_sentences(blocks: Iterable[Block], language: Language) -> list[str]:
    """The sentences of blocks in order; headings have none, and a table row is one."""
    found = [
        sentence
        for block in blocks
        if block.kind != "heading"
        for sentence in _split_block(block, language)
    ]
    return [sentence for sentence in found if len(sentence) <= MAX_SENTENCE]


def _split_block(block: Block, language: Language) -> list[str]:
    """A block's sentences, by the rules of its own language where that can be told."""
    if block.kind == "row" and len(block.text) <= MAX_SENTENCE:
        return [block.text]
    chinese = (guess_language(block.text) or language) == "zh"
    return split_chinese(block.text) if chinese else split_english(block.text)


def split_english(text: str) -> list[str]:
    """English sentences, list numbers kept with what they number."""
    # Imported late: a compiled library that only reading needs.
    from sentencex import segment

    sentences: list[str] = []
    for piece in (piece for chunk in _chunks(text) for piece in segment("en", chunk)):
        if sentences and _NUMBER_ONLY.match(sentences[-1].strip()):
            sentences[-1] += piece
        else:
            sentences.append(piece)
    return [clean for sentence in sentences if (clean := sentence.strip())]


def _chunks(text: str) -> Iterator[str]:
    """The text in pieces cut after a full stop: `sentencex` is quadratic in quotation marks."""
    start = 0
    while len(text) - start > _MAX_CHUNK:
        end = text.rfind(". ", start, start + _MAX_CHUNK) + 1 or start + _MAX_CHUNK
        yield text[start:end]
        start = end
    yield text[start:]


def split_chinese(text: str) -> list[str]:
    """Chinese sentences, with closing quotes and brackets."""
    inside = _enclosed(text)
    sentences, start = [], 0
    for match in _END.finditer(text):
        end = match.end()
        if end < len(text) and ((inside[end - 1] and inside[end]) or _GOES_ON.match(text, end)):
            continue
        sentences.append(text[start:end])
        start = end
    return [clean for sentence in [*sentences, text[start:]] if (clean := sentence.strip())]


def _enclosed(text: str) -> Sequence[int]:
    """For each place, whether it lies within a short pair of brackets or quotation marks."""
    change = [0] * (len(text) + 1)
    opened: list[int] = []
    for index, character in enumerate(text):
        if character in _OPENS:
            opened.append(index)
        elif opened and text[opened[-1]] == _CLOSES.get(character):
            start = opened.pop()
            if index - start <= _MAX_QUOTE:
                change[start + 1] += 1
                change[index + 1] -= 1
    depth, total = [], 0
    for step in change:
        total += step
        depth.append(total)
    return depth
