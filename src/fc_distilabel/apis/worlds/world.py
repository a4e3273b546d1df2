"""A small world: records that refer to each other, and what has happened to them.

A world is a value. Whoever changes it gets a new one that shares what has not changed; the ids of
new records come from what they are made of, so that the order in which independent calls arrive
does not show in the end state.
"""

import random
from collections.abc import Iterator

from fc_distilabel.apis.domains import Domain, EntityType
from fc_distilabel.apis.sources import TODAY
from fc_distilabel.apis.worlds.faults import Fault
from fc_distilabel.apis.worlds.records import Record, draw_fields
from fc_distilabel.errors import InputError
from fc_distilabel.types import Json, Noun, content_id

SIZE = 8
"""Records of each type: enough to choose from, few enough to read."""
MAX_SIZE = 500
CANCELLED_SHARE = 0.25
"""Of what lies ahead, how much is cancelled."""
_NOW = TODAY.isoformat()


class World(Noun):
    """A domain's records at one moment."""

    domain: Domain
    seed: int
    records: dict[str, dict[str, Record]]
    """Entity type -> id -> record."""
    faults: tuple[Fault, ...] = ()
    calls: tuple[str, ...] = ()
    """Tools that were called soundly so far, whether or not a fault met the call."""

    def listed(self, type_: str) -> list[Record]:
        """The records of that type by their ids: an order that JSON cannot change."""
        return [record for _, record in sorted(self.records[type_].items())]

    def put(self, type_: str, record: Record) -> "World":
        """The world with that record in it, new or in the place of the one with its id."""
        id_ = record[self.domain.entity(type_).id_field]
        return self._with(type_, self.records[type_] | {id_: record})

    def drop(self, type_: str, id_: str) -> "World":
        """The world without that record."""
        kept = {key: value for key, value in self.records[type_].items() if key != id_}
        return self._with(type_, kept)

    def free_id(self, type_: str, content: Json) -> str:
        """An id that no record of the type has, the same for the same content."""
        prefix = self.domain.prefix(type_)
        identity = content_id(self.seed, self.domain.name, self.domain.language, type_, content)
        number = 1000 + int(identity, 16) % 9000
        while f"{prefix}-{number}" in self.records[type_]:
            number += 1
        return f"{prefix}-{number}"

    def referring(self, type_: str, id_: str) -> Iterator[tuple[EntityType, Record]]:
        """The records that refer to that one."""
        for entity in self.domain.entities:
            names = [name for name, target in entity.refers_to.items() if target == type_]
            for record in self.records[entity.name].values():
                if any(record[name] == id_ for name in names):
                    yield entity, record

    def _with(self, type_: str, records: dict[str, Record]) -> "World":
        return self.model_copy(update={"records": self.records | {type_: records}})


class Change(Noun):
    """What became of one record; None where it was not, or is no longer, there."""

    entity: str
    id: str
    before: Record | None
    after: Record | None


def make_world(domain: Domain, seed: int, size: int = SIZE) -> World:
    """A world of that domain with `size` records of each type, the same for the same seed."""
    if not 1 <= size <= MAX_SIZE:
        raise InputError(f"size of a world is {size}, but must be 1 to {MAX_SIZE}")
    world = World(domain=domain, seed=seed, records={entity.name: {} for entity in domain.entities})
    for entity in domain.entities:
        random_ = random.Random(f"{seed}/{domain.language}/{domain.name}/{entity.name}")
        texts = _shuffled_texts(entity, random_)
        for index in range(size):
            world = world.put(entity.name, _record(world, entity, index, texts, random_))
    return world


def diff(before: World, after: World) -> tuple[Change, ...]:
    """What differs between two states of a world, by type and id."""
    changes: list[Change] = []
    for type_ in sorted(before.records.keys() | after.records.keys()):
        old, new = before.records.get(type_, {}), after.records.get(type_, {})
        for id_ in sorted(old.keys() | new.keys()):
            if old.get(id_) != new.get(id_):
                change = Change(entity=type_, id=id_, before=old.get(id_), after=new.get(id_))
                changes.append(change)
    return tuple(changes)


def _shuffled_texts(entity: EntityType, random_: random.Random) -> dict[str, list[Json]]:
    texts = [field for field in entity.fields if field.kind == "text" and field.values]
    return {field.name: random_.sample(field.values, len(field.values)) for field in texts}


def _record(
    world: World,
    entity: EntityType,
    index: int,
    texts: dict[str, list[Json]],
    random_: random.Random,
) -> Record:
    """One record; texts differ while there are enough of them: no two hotels of one name."""
    drawn = draw_fields(entity.fields, world.domain.language, random_)
    drawn |= {name: values[index % len(values)] for name, values in texts.items() if name in drawn}
    known = {
        name: random_.choice(list(world.records[target]))
        for name, target in entity.refers_to.items()
    }
    state = _state(entity, drawn, random_)
    return {entity.id_field: world.free_id(entity.name, index)} | known | drawn | state


def _state(entity: EntityType, drawn: Record, random_: random.Random) -> Record:
    """What has a day ahead is neither under way nor over: it stands as made, or is cancelled."""
    dates = [field.name for field in entity.fields if field.kind == "date"]
    if not entity.cancelled or max((drawn.get(name, "") for name in dates), default="") <= _NOW:
        return {}
    if random_.random() < CANCELLED_SHARE:
        return dict(entity.cancelled)
    return {f.name: f.values[0] for f in entity.fields if f.name in entity.cancelled}
