"""Small checks on the words a model writes: right language, no prompt copied, no cut-off tail."""

import re

from fc_distilabel.types import Json, Language

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_LEAKS = re.compile(
    r"chat ?assistant|online service|this text|the text|library card|parking permit|API|JSON"
    r"|聊天助手|网上服务|这段文字|这个人|借书证|停车证|接口|风格示例"
)


def in_language(text: str, language: Language) -> bool:
    """Whether the wording is in `language`: no Han in English, mostly Han in Chinese."""
    han = len(_HAN.findall(text))
    if language == "en":
        return han == 0
    return han > len(_LATIN_WORD.findall(text))


def copies_prompt(text: str) -> bool:
    """Whether words of our own prompts stand in the reply: small models copy them."""
    return bool(_LEAKS.search(text))


def closed_object(properties: dict[str, Json]) -> dict[str, Json]:
    """An object schema that requires exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def text_field(maximum: int, minimum: int = 1) -> dict[str, Json]:
    """A string schema with the length bounds that keep a small model from rambling."""
    return {"type": "string", "minLength": minimum, "maxLength": maximum}
