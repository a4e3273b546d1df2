"""Values that only the thing itself tells (a word, a title, a query): the model words them.

One request for all such fields of a tool. What comes back is taken value by value, where it fits
the field's schema and could stand in a request; a field without any value ends the row.
"""

from collections.abc import Iterator, Mapping

from fc_distilabel.schemas.engine import Validator
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.own_apis.values import MAX_WORDED, is_sayable
from fc_distilabel.synthesis.sampling import short_label
from fc_distilabel.synthesis.wording import copied_words, in_language, text_field
from fc_distilabel.types import Json, Language, Tool

MAX_DESCRIPTION = 240
EACH = 3
_PLACEHOLDERS = frozenset("string text value example name none null test unknown n/a".split())
_SHOWN: dict[Language, str] = {
    "en": "register dog training course puppy basics calm leash agility start beagle border collie "
    "poodle breed",
    "zh": "为宠物狗报名训练课程 幼犬基础班 随行训练班 敏捷入门班 柯基犬 边境牧羊犬 贵宾犬 品种",
}
"""Words of the prompt's own example, which a small model copies."""

Fields = Mapping[str, Schema]
"""Text fields by path, beginning with their side."""
_Keys = Mapping[str, tuple[str, Schema]]
"""The same by the names under which the model is asked for them."""


async def worded_values(asker: Asker, tool: Tool, fields: Fields) -> dict[str, tuple[Json, ...]]:
    """Values for each field; raises `Dropped` where the model has none for one of them."""
    if not fields:
        return {}
    keys = dict(zip(_keys(fields), fields.items(), strict=True))
    reply = await asker.json(
        "own_values",
        closed_object({key: _reply_schema(schema) for key, (_, schema) in keys.items()}),
        lambda reply: _complaint(reply, keys, tool, asker.language),
        max_tokens=60 + 40 * EACH * len(keys),
        description=tool.description.strip()[:MAX_DESCRIPTION] or tool.name,
        fields=[(key, short_label(s, path.rpartition("/")[2])) for key, (path, s) in keys.items()],
    )
    language = asker.language
    return {
        path: _usable(reply[key], schema, tool, language) for key, (path, schema) in keys.items()
    }


def _keys(fields: Fields) -> Iterator[str]:
    """The fields' paths as a model reads them: `guest.name`; a result's name may come again."""
    seen: set[str] = set()
    for path in fields:
        side, _, rest = path.partition("/")
        key = rest.replace("/", ".") or "value"
        key = key if key not in seen else f"{side}.{key}"
        seen.add(key)
        yield key


def _reply_schema(schema: Schema) -> Schema:
    most = min(MAX_WORDED, int(schema.get("maxLength", MAX_WORDED)))
    item = text_field(most, min(most, max(1, int(schema.get("minLength", 1)))))
    return {"type": "array", "items": item, "minItems": EACH, "maxItems": EACH}


def _complaint(reply: dict[str, Json], keys: _Keys, tool: Tool, language: Language) -> str:
    lacking = [k for k, (_, s) in keys.items() if not _usable(reply[k], s, tool, language)]
    return f"give realistic values for {', '.join(lacking)}" if lacking else ""


def _usable(values: list[str], schema: Schema, tool: Tool, language: Language) -> tuple[Json, ...]:
    """The values that fit, each once."""
    own = f"{tool.name} {tool.description} {schema.get('description', '')}"
    validator = Validator(schema)
    found = [
        value.strip()
        for value in values
        if is_sayable(value)
        and value.lower().strip() not in _PLACEHOLDERS
        and not copied_words(value, _SHOWN[language], own, language)
        and (language == "zh" or in_language(value, "en"))
        and not validator.violations(value.strip())
    ]
    return tuple(dict.fromkeys(found))
