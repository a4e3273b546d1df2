"""Places inside JSON values: the names and indices that lead to one, and what stands there.

A fact or a reference names a place in a blueprint's calls as a path, `0/guests/1/name`: the number
of the call, then the keys. Values are never changed where they stand; an edit is a copy.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from fc_distilabel.schemas.bounds import join_path
from fc_distilabel.types import Json

Keys: TypeAlias = tuple[str, ...]


def place(call: int, keys: Sequence[str]) -> str:
    """The path of an argument of a call."""
    return join_path(str(call), *keys)


def keys_of(path: str) -> Keys:
    """The names and indices of a path."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in path.split("/"))


def call_and_keys(path: str) -> tuple[int, Keys]:
    """The number of a call, and the keys of one of its arguments."""
    call, *keys = keys_of(path)
    return int(call), tuple(keys)


def found_at(value: Json, keys: Sequence[str]) -> Json:
    """What stands at a place; `KeyError` where nothing does."""
    for key in keys:
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            raise KeyError("/".join(keys))
    return value


def value_at(value: Json, keys: Sequence[str]) -> Json:
    """The scalar that stands at a place, or None."""
    try:
        found = found_at(value, keys)
    except KeyError:
        return None
    return None if isinstance(found, dict | list) else found


def scalars(value: Json, keys: Keys = ()) -> Iterator[tuple[Keys, Json]]:
    """Every value that holds no others, with the keys that lead to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from scalars(inner, (*keys, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from scalars(inner, (*keys, str(index)))
    else:
        yield keys, value


def with_value(value: Json, keys: Sequence[str], inner: Json) -> Json:
    """A copy with another value at a place."""
    if not keys:
        return inner
    if isinstance(value, list):
        index = int(keys[0])
        return [*value[:index], with_value(value[index], keys[1:], inner), *value[index + 1 :]]
    return value | {keys[0]: with_value(value[keys[0]], keys[1:], inner)}


def without_value(value: Json, keys: Sequence[str]) -> Json:
    """A copy without what stands at a place, and without the containers that it leaves empty."""
    name, *rest = keys
    if isinstance(value, list):
        index = int(name)
        left = without_value(value[index], rest) if rest else None
        return [*value[:index], *([left] if left else ()), *value[index + 1 :]]
    left = without_value(value[name], rest) if rest else None
    others = {key: inner for key, inner in value.items() if key != name}
    return {key: left if key == name else value[key] for key in value if left or key in others}


def renamed_value(value: dict[str, Json], keys: Sequence[str], name: str, inner: Json) -> Json:
    """A copy in which the property at a place of objects has another name and value."""
    first, *rest = keys
    if rest:
        return value | {first: renamed_value(value[first], rest, name, inner)}
    return {name if key == first else key: inner if key == first else v for key, v in value.items()}
