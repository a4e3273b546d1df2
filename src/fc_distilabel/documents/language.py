"""Which of the two languages a text is in, by script and, among Latin letters, by little words.

A Chinese manual full of English identifiers is Chinese, and an English one that quotes a few
Chinese words is English: so Han characters are weighed against words, not against letters.
"""

import re
from collections import Counter

from fc_distilabel.documents.blocks import HAN
from fc_distilabel.errors import DocumentError
from fc_distilabel.types import Language

_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9f]")
_CHINESE_SHARE = 0.4
_FOREIGN_SHARE = 0.3
_KANA_SHARE = 0.3  # Japanese has more, a Chinese text with Japanese names less
_ACCENTED_SHARE = 0.08
_ENGLISH_WORDS = (
    "the of and to is for are be with that this or by from as it at not on have you your can"
)
_OTHER_WORDS = (
    "le la les des et est une du dans pour que qui avec sur pas der das und ist nicht ein eine mit "
    "auf von zu den el los las una por con para del il di che per non sono os uma não em het een "
    "van en niet och att som det på jest się nie ve bir için"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_OTHERS = frozenset(_OTHER_WORDS.split())


def count_han(text: str) -> int:
    """How many Han characters a text has."""
    return len(_HAN.findall(text))


def count_words(text: str) -> int:
    """How many words in Latin letters a text has."""
    return len(_WORD.findall(text))


def detect_language(text: str) -> Language:
    """The language of a text as a whole; any other than English and Chinese is an error."""
    language = guess_language(text)
    if language is None:
        raise DocumentError(f"language not supported: en or zh, not that of {text[:60].strip()!r}")
    return language


def guess_language(text: str) -> Language | None:
    """The language of a text, or None where it is neither English nor Chinese."""
    han, words = count_han(text), count_words(text)
    if not han + words or _in_other_script(text, han):
        return None
    if han >= _CHINESE_SHARE * (han + words):
        return "zh"
    return None if _in_other_latin(text) else "en"


def _in_other_script(text: str, han: int) -> bool:
    """Mostly neither Han nor Latin letters, or Japanese by its share of kana."""
    letters = sum(character.isalpha() for character in text)
    known = han + sum(len(word) for word in _WORD.findall(text))
    kana = len(_KANA.findall(text))
    return letters - known > _FOREIGN_SHARE * letters or kana > _KANA_SHARE * (han + kana) > 0


def _in_other_latin(text: str) -> bool:
    """By accents (Vietnamese), or by little words: French has `les`, English has `the`."""
    letters = "".join(_WORD.findall(text))
    if sum(letter > "z" for letter in letters) > _ACCENTED_SHARE * len(letters):
        return True
    words = Counter(word.lower() for word in _WORD.findall(text))
    english = sum(words[word] for word in _ENGLISH)
    others = sum(words[word] for word in _OTHERS)
    return others > english and others >= 0.08 * words.total()
