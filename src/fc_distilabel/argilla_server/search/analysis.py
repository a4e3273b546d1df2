"""Words as Elasticsearch's `standard` analyzer finds them: Unicode's word boundaries, lower case.

One Chinese character or one hiragana is a word, a run of katakana or of Thai is a word, and so is
`it's`, `3.14`, `search_flights` or an emoji. The text of a record and the text that is looked for
pass through the same door, so both databases compare nothing but whole words.
"""

import re
from functools import cache

import regex

_PLAIN = re.compile(
    r"_*[a-z0-9]\w*"
    r"(?:(?:(?<=[a-z])[:.'](?=[a-z])|(?<=[0-9])[,;.'](?=[0-9]))\w+)*",
    re.ASCII,
)
"""The same words in a text of ASCII only, ten times as fast."""
LONGEST = 255
"""Characters of a word; a longer one counts as several."""


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    text = text.lower()
    found = _PLAIN.findall(text) if text.isascii() else _word().findall(text)
    if max(map(len, found), default=0) > LONGEST:
        return [word[at : at + LONGEST] for word in found for at in range(0, len(word), LONGEST)]
    return found


@cache
def _word() -> "regex.Pattern[str]":
    """A word by the rules of UAX #29, of which a match takes the longest that follows."""
    ext = r"[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]*+"
    letter = rf"[\p{{WB=ALetter}}\p{{WB=Hebrew_Letter}}]{ext}"
    digit = rf"[\p{{WB=Numeric}}\uFF10-\uFF19]{ext}"
    katakana = rf"\p{{WB=Katakana}}{ext}"
    join = rf"\p{{WB=ExtendNumLet}}{ext}"
    hebrew = rf"\p{{WB=Hebrew_Letter}}{ext}"
    in_word = rf"[\p{{WB=MidLetter}}\p{{WB=MidNumLet}}']{ext}"
    in_number = rf"[\p{{WB=MidNum}}\p{{WB=MidNumLet}}']{ext}"
    letters = rf"{letter}(?:(?:(?:{join})*|{in_word}){letter})*"
    digits = rf"{digit}(?:(?:(?:{join})*|{in_number}){digit})*"
    acronym = rf'{hebrew}"{ext}{hebrew}'
    unit = rf"(?:{katakana}(?:(?:{join})*{katakana})*|(?:{acronym}|{digits}|{letters})+)"
    word = rf"(?:{join})*{unit}(?:(?:{join})+{unit})*(?:{join})*"
    south_east_asian = rf"(?:\p{{LB=Complex_Context}}{ext})+"
    flag = r"\p{WB=Regional_Indicator}{2}"
    emoji = rf"{flag}|[\p{{Extended_Pictographic}}--\p{{Alphabetic}}--©®™]{ext}"
    single = rf"[\p{{Han}}\p{{Hiragana}}]{ext}"
    return regex.compile(rf"{word}|{south_east_asian}|{single}|{emoji}", regex.V1)
