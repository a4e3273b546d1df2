"""Where values come from that no schema gives: names, addresses, dates, codes, in the locale.

Nothing here depends on the day: dates lie in the months after `TODAY`.
"""

import datetime
import ipaddress
import random
import uuid
from collections.abc import Callable
from functools import cache

import rstr
from faker import Faker

from fc_distilabel.apis.domains import FieldKind
from fc_distilabel.apis.words import words
from fc_distilabel.types import Language

TODAY = datetime.date(2026, 3, 2)
"""A fixed present: rows must not depend on the day they were made."""
TIME_PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
PHONE_PATTERN: dict[Language, str] = {
    "en": "^[2-9][0-9]{2}-[2-9][0-9]{2}-[0-9]{4}$",
    "zh": "^1[3-9][0-9]{9}$",
}
_LOCALES: dict[Language, str] = {"en": "en_US", "zh": "zh_CN"}


def city_names(language: Language, random_: random.Random, count: int) -> list[str]:
    """Distinct cities."""
    return random_.sample(words(language).cities, count)


def text_of_kind(kind: FieldKind, language: Language, random_: random.Random) -> str | None:
    """A text of that kind as people write it; None for kinds that only the domain knows."""
    make = _MAKERS.get(kind)
    return make(language, random_) if make else None


def text_of_format(name: str, language: Language, random_: random.Random) -> str | None:
    """A text of that format; None where the format is not known."""
    make = _FORMATS.get(name)
    return make(language, random_) if make else None


@cache
def _faker(language: Language) -> Faker:
    return Faker(_LOCALES[language])


def seeded_faker(language: Language, random_: random.Random) -> Faker:
    """The locale's source of names and addresses, in a state that `random_` draws."""
    faker = _faker(language)
    faker.seed_instance(random_.getrandbits(31))
    return faker


def _date(language: Language, random_: random.Random) -> str:
    return (TODAY + datetime.timedelta(days=random_.randint(3, 200))).isoformat()


def _time(language: Language, random_: random.Random) -> str:
    return f"{random_.randint(8, 20):02d}:{random_.choice((0, 15, 30, 45)):02d}"


def _phone(language: Language, random_: random.Random) -> str:
    return str(rstr.Rstr(random_).xeger(PHONE_PATTERN[language]))


def street_address(language: Language, faker: Faker) -> str:
    """A street and a number, without the parts that nobody says."""
    if language == "en":
        return str(faker.street_address().split(" Apt")[0].split(" Suite")[0])
    return f"{faker.street_name()}{faker.random_int(1, 300)}号"


def _email(language: Language, random_: random.Random) -> str:
    return str(seeded_faker(language, random_).ascii_safe_email())


def _ip(bits: int, random_: random.Random) -> str:
    low = random_.getrandbits(bits)
    return str(ipaddress.IPv4Address(low) if bits == 32 else ipaddress.IPv6Address(low))


_Maker = Callable[[Language, random.Random], str]
_MAKERS: dict[FieldKind, _Maker] = {
    "date": _date,
    "time": _time,
    "phone": _phone,
    "street_address": lambda language, random_: street_address(
        language, seeded_faker(language, random_)
    ),
    "email": _email,
    "person_name": lambda language, random_: str(seeded_faker(language, random_).name()),
    "city": lambda language, random_: random_.choice(words(language).cities),
    "code": lambda language, random_: f"{rstr.Rstr(random_).xeger('[A-Z]{2}-[0-9]{5}')}",
}
_FORMATS: dict[str, _Maker] = {
    "date": _date,
    "time": lambda language, random_: f"{_time(language, random_)}:00Z",
    "date-time": lambda language, random_: (
        f"{_date(language, random_)}T{_time(language, random_)}:00Z"
    ),
    "duration": lambda language, random_: f"PT{random_.randint(1, 12)}H",
    "email": _email,
    "idn-email": _email,
    "uuid": lambda language, random_: str(uuid.UUID(int=random_.getrandbits(128), version=4)),
    "hostname": lambda language, random_: str(seeded_faker("en", random_).hostname()),
    "idn-hostname": lambda language, random_: str(seeded_faker("en", random_).hostname()),
    "ipv4": lambda language, random_: _ip(32, random_),
    "ipv6": lambda language, random_: _ip(128, random_),
    "uri": lambda language, random_: str(seeded_faker("en", random_).url()),
    "iri": lambda language, random_: str(seeded_faker("en", random_).url()),
    "uri-reference": lambda language, random_: f"/{seeded_faker('en', random_).slug()}",
    "iri-reference": lambda language, random_: f"/{seeded_faker('en', random_).slug()}",
    "uri-template": lambda language, random_: "/items/{id}",
    "json-pointer": lambda language, random_: f"/items/{random_.randint(0, 9)}",
    "relative-json-pointer": lambda language, random_: f"{random_.randint(0, 9)}/name",
    "regex": lambda language, random_: "^[a-z]+$",
}
