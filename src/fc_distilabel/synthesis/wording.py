"""Small checks on the words a model writes: right language, no prompt copied, no cut-off tail."""

import re
from collections.abc import Iterable, Sequence

from fc_distilabel.types import Json, Language

HAN = "\u4e00-\u9fff"
"""The common Han characters, as a range for a character class."""
_HAN = re.compile(f"[{HAN}]")
_PAIR = re.compile(f"[{HAN}]{{2}}")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_LONG_WORD = re.compile(r"[A-Za-z]{4,}")
_WORDED = re.compile(rf"[A-Za-z]{{4,}}(?:[ -][A-Za-z]{{4,}})*|[{HAN}]{{2,}}")
_SENTENCE = re.compile(r"[^.!?\n。！？；]+")
_ORDINARY = re.compile("[A-Z]?[a-z]+")
NOTE_VARIANTS = 12
"""What the note forms' numbers of variants all divide."""
STEM = 5
"""Letters of an English word that stand for its stem: `return` and `returned`."""
_LEAKS = re.compile(
    r"chat ?assistant|this text|the text|last text|library|fishing licen|parking permit"
    r"|building services|\blift\b|\b(?:the|a) book\b|\bAPI\b|JSON"
    r"|聊天助手|在线服务|这段文字|此人|借书|图书馆|钓鱼|停车证|物业服务|搬家|接口|请求",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The parts of a message between the marks that end a sentence."""
    return _SENTENCE.findall(text)


def in_language(text: str, language: Language, values: Sequence[str] = ()) -> bool:
    """Whether the wording is in `language`: no Han in English, mostly Han in Chinese.

    `values` are left out first: a code or an address does not decide a text's language.
    """
    for value in values:
        text = text.replace(value, "")
    han = len(_HAN.findall(text))
    if language == "en":
        return han == 0
    return han > len(_LATIN_WORD.findall(text))


def shared_words(text: str, source: str, language: Language) -> int:
    """How much of `text` stands in `source`: stems of its words, or pairs of Han."""
    return len(_units(text, language) & _units(source, language))


def share_of_words(text: str, source: str, language: Language) -> float:
    """Which share of the units of `text` stands in `source`; 0 where it has none."""
    return shared_words(text, source, language) / max(1, len(_units(text, language)))


def copied_words(text: str, shown: str, own: str, language: Language) -> set[str]:
    """Units of `text` that stand in `shown`, which it should not copy, and not in `own`."""
    return (_units(text, language) & _units(shown, language)) - _units(own, language)


def keeps_words(text: str, wanted: str, language: Language, share: float) -> bool:
    """Whether at least `share` of the units of `wanted` stand in `text`."""
    units = _units(wanted, language)
    return len(units & _units(text, language)) >= share * len(units)


def mentions(text: str, value: str, language: Language) -> bool:
    """Whether `text` tells `value`: word for word, or inflected where it is made of words only."""
    before = r"(?<!\d)(?<!\d[.,:])" if value[:1].isdigit() else ""
    after = r"(?:\.0+|(?<=\.\d)0)?(?!\d|[.,:]\d)" if value[-1:].isdigit() else ""
    if re.search(f"{before}{re.escape(value)}{after}", text, re.IGNORECASE):
        return True  # and not as a part of a longer number
    # A short word has no stem to look for, and may be what counts: `not`, `old`.
    return bool(_WORDED.fullmatch(value)) and _units(value, language) <= _units(text, language)


def _units(text: str, language: Language) -> set[str]:
    if language == "en":
        return {word.lower()[:STEM] for word in _LONG_WORD.findall(text)}
    pairs = (text[i : i + 2] for i in range(len(text) - 1))
    return {pair for pair in pairs if _PAIR.fullmatch(pair)}


def copies_prompt(text: str, source: str = "") -> bool:
    """Whether words of our own prompts stand in the reply: small models copy them.

    Words that stand in `source` too are its own.
    """
    return any(leak.lower() not in source.lower() for leak in _LEAKS.findall(text))


def named_tools(text: str, names: Iterable[str]) -> list[str]:
    """The names of functions that stand in `text`; one that is an ordinary word may stand there."""
    return [name for name in names if name in text and not _ORDINARY.fullmatch(name)]


def text_field(maximum: int, minimum: int = 1) -> dict[str, Json]:
    """A string schema with the length bounds that keep a small model from rambling."""
    return {"type": "string", "minLength": minimum, "maxLength": maximum}
