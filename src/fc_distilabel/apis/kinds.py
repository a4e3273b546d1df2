"""What kind of value a parameter holds, told from its name and schema where nobody has said it."""

import re

from fc_distilabel.apis.domains import FieldKind
from fc_distilabel.schemas.walk import Schema

_BY_TYPE: dict[str, FieldKind] = {"integer": "integer", "number": "amount", "boolean": "boolean"}
_BY_FORMAT: dict[str, FieldKind] = {"date": "date", "email": "email", "uuid": "code"}
_BY_NAME: tuple[tuple[re.Pattern[str], FieldKind], ...] = (
    (re.compile(r"e_?mail"), "email"),
    (re.compile(r"phone|mobile"), "phone"),
    (re.compile(r"(^|_)(date|day)$|^date_"), "date"),
    (re.compile(r"(^|_)time$"), "time"),
    (re.compile(r"(^|_)city$"), "city"),
    (re.compile(r"(^|_)address$"), "street_address"),
    (re.compile(r"(^|_)(id|number|no|code|reference|ref)$"), "code"),
    (
        re.compile(r"^(full_|person_|guest_|customer_|contact_|user_|passenger_)?name$"),
        "person_name",
    ),
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def kind_of(name: str, schema: Schema) -> FieldKind:
    """The kind of value, `text` where nothing tells."""
    declared = schema.get("type")
    if isinstance(declared, str) and declared in _BY_TYPE:
        return _BY_TYPE[declared]
    if "enum" in schema:
        return "choice"
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    words = _CAMEL.sub("_", name).lower()
    return next((kind for pattern, kind in _BY_NAME if pattern.search(words)), "text")
