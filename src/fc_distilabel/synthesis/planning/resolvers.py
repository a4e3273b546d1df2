"""A tool that takes a name -> one that takes an id, and a tool that finds the id by the name.

So a call needs another one's result: services know things by their ids, people by their names.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fc_distilabel.apis.kinds import kind_of
from fc_distilabel.apis.naming import words_of
from fc_distilabel.apis.similar.edits import Parameter, exchanged, parameters_of
from fc_distilabel.schemas.bounds import join_path
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.schemas.places import Keys, renamed_value
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.synthesis.arguments import Arguments, Value, values_of
from fc_distilabel.synthesis.planning.setting import Setting
from fc_distilabel.synthesis.planning.tables import name_words, words
from fc_distilabel.synthesis.sampling import short_label
from fc_distilabel.types import Json, Language, Tool

KINDS = ("text", "person_name", "city")
MAX_LABEL = 40
MAX_WORDS, MAX_HAN = 5, 14
"""How long a thing's name is at most: what is longer is a sentence."""
MAX_NAME = 64
_FREE = frozenset(("type", "description", "examples", "minLength", "maxLength"))


class Resolver(NamedTuple):
    """The pair of tools, and where name and id stand."""

    value: Value
    """The name, in the call of the tool as it was."""
    finder: Tool
    needed: Tool
    name: str
    """The finder's parameter."""
    id_name: str
    """The finder's result, and the parameter of the needed tool."""

    @property
    def keys(self) -> Keys:
        """Where the id stands in the call of the needed tool."""
        return (*self.value.keys[:-1], self.id_name)

    def resolved(self, arguments: Arguments, id_: str) -> Arguments:
        """The needed tool's arguments, with the id in the place of the name."""
        changed: Arguments = renamed_value(arguments, self.value.keys, self.id_name, id_)
        return changed


def resolvers(setting: Setting, arguments: Arguments) -> list[Resolver]:
    """Each way to replace a name in a call by an id; none for the user's own tools."""
    if setting.is_own:
        return []
    listed = {p.path: p for p in parameters_of(setting.needed.parameters)}
    values = values_of(setting.toolset, arguments)
    return [found for value in values for found in _of_value(setting, value, listed)]


def _of_value(setting: Setting, value: Value, listed: dict[str, Parameter]) -> Iterator[Resolver]:
    parameter = listed.get(join_path("", *value.keys))
    if parameter is None or not _names_a_thing(parameter, value.leaf.value):
        return
    base = "_".join(_base(parameter.name))
    thing = _thing(parameter, setting.language)
    id_name = f"{base}_id"
    names = {"".join(words_of(p.name)) for p in listed.values()}
    if not base or not thing or "".join(words_of(id_name)) in names:
        return
    told, kind = words(setting.language), kind_of(parameter.name, parameter.schema)
    pattern = f"^{(base[:2] if base[:2].isalpha() else 'id').upper()}-[0-9]{{4}}$"
    id_: Schema = {"type": "string", "pattern": pattern}
    finder = Tool(
        name=_finder_name(base, setting.needed.name),
        description=told.finds.get(kind, told.finds[""]).format(thing=thing),
        parameters=closed_object({parameter.name: parameter.schema}),
        returns=closed_object(
            {
                id_name: id_ | {"description": told.id.format(thing=thing)},
                parameter.name: parameter.schema,
            }
        ),
    )
    taken = id_ | {"description": told.id_not_name.format(thing=thing)}
    changed = exchanged(setting.needed.parameters, parameter, id_name, taken)
    needed = setting.needed.model_copy(update={"parameters": changed})
    yield Resolver(value, finder, needed, parameter.name, id_name)


def _names_a_thing(parameter: Parameter, value: Json) -> bool:
    """Whether the parameter is a free text that names something, as far as it can be told."""
    schema = parameter.schema
    free = parameter.required and schema.get("type") == "string" and schema.keys() <= _FREE
    if not free or kind_of(parameter.name, schema) not in KINDS:
        return False
    texts = set(name_words().not_names.split())
    short = len(value.split()) <= MAX_WORDS and (value.isascii() or len(value) <= MAX_HAN)
    return short and not texts & {*words_of(parameter.name)}


def _base(name: str) -> list[str]:
    """The words of a name that say what has it: `book` in `book_title`."""
    return [word for word in words_of(name) if word not in name_words().name_words.split()]


def _thing(parameter: Parameter, language: Language) -> str:
    """What has the name, as a label in mid-sentence; `` where that is not short."""
    label = short_label(parameter.schema, parameter.name)
    thing = words(language).named(label)
    if re.match("[A-Z][a-z ]", thing):  # no acronym
        thing = thing[0].lower() + thing[1:]
    return thing if len(thing) <= MAX_LABEL else ""


def _finder_name(base: str, taken: str) -> str:
    name = f"find_{base}"[:MAX_NAME]
    return name if name != taken else f"look_up_{base}"[:MAX_NAME]
