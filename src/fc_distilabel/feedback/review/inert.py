"""Texts of a record that must not act in an annotator's browser.

Argilla's interface pastes a whole record (fields, metadata, suggestions) as JSON into the source of
the frame that shows a custom field, where `</script>` ends the script; it does so by JavaScript's
`replace`, to which `$'` means the rest of the page; and it shows text fields as HTML. Rows are
written by models, so what goes into a record passes here: the same text for the reader, nothing for
the browser, and no character that hides or turns around others.
"""

import json
import re

from fc_distilabel.types import Json

_UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
"""Control characters, among them those of direction; characters without width; half surrogates."""
_ACTIVE = re.compile(
    r"<(?=[/!?A-Za-z])|\$(?=[$&`'])|#(?=TEMPLATE#|RECORD_OBJECT#)|[" + _UNSEEN + "]"
)
_HTML = re.compile(r"[<>&$#\"']|[" + _UNSEEN + "]")
_PACKED = re.compile(r"[<>&$#]|[" + _UNSEEN + "]")
_ALIKE = {"<": "\uff1c", "$": "\uff04", "#": "\uff03"}
_SIGNS = frozenset("<>&$#\"'")


def as_field(text: str) -> str:
    """A text for a text field, which is shown as HTML: with references in place of its signs."""
    return _HTML.sub(lambda found: _reference(found[0]), text)


def as_label(text: str) -> str:
    """A text for metadata: a sign that would act is written full-width."""
    return _ACTIVE.sub(lambda found: _ALIKE.get(found[0]) or _named(found[0]), text)


def as_json(value: Json, indent: int | None = 2) -> str:
    """JSON for people to edit in a text question: what would act is escaped, within its string.

    Outside of strings JSON has none of these signs, so that it is the same value.
    """
    return _ACTIVE.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent))


def packed(value: Json) -> str:
    """JSON for scripts to read, without any sign that means something in the source of a page."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _PACKED.sub(_escaped, text)


def _reference(sign: str) -> str:
    return f"&#{ord(sign)};" if sign in _SIGNS else _named(sign)


def _named(sign: str) -> str:
    return f"\u27e8U+{ord(sign):04X}\u27e9"


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1] if ord(found[0]) > 0x7F else f"\\u{ord(found[0]):04x}"
