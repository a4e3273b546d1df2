"""The domains that come with the package, and what a domain may not be."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from fc_distilabel.apis.domains import Domain, domains
from fc_distilabel.types import LANGUAGES

CASES = json.loads((Path(__file__).parents[1] / "cases/domains.json").read_text(encoding="utf-8"))
ALL = [domain for language in LANGUAGES for domain in domains(language)]
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
HAN = re.compile(r"[\u4e00-\u9fff]")


def name_of(domain: Domain) -> str:
    """A readable id of a parameter."""
    return f"{domain.language}-{domain.name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_domains(language: Any) -> None:
    """Each language has at least 14 domains of its own, with different names."""
    names = [domain.name for domain in domains(language)]
    assert len(names) == len(set(names)) >= 14
    assert all(domain.language == language for domain in domains(language))


@pytest.mark.parametrize("domain", ALL, ids=name_of)
def test_domains_are_worth_an_api(domain: Domain) -> None:
    """3 or 4 entity types of 6 to 10 fields; some are looked up only, some refer to others."""
    assert 3 <= len(domain.entities) <= 4
    for entity in domain.entities:
        assert 6 <= len(entity.fields) + len(entity.refers_to) <= 10, entity.name
        assert len({field.kind for field in entity.fields}) >= 3, entity.name
    assert any(entity.refers_to for entity in domain.entities)
    assert {entity.writable for entity in domain.entities} == {True, False}


@pytest.mark.parametrize("domain", ALL, ids=name_of)
def test_words_are_in_the_language(domain: Domain) -> None:
    """Names are snake_case English; labels and choices are of the domain's language."""
    fields = [field for entity in domain.entities for field in entity.fields]
    named = [entity.plural for entity in domain.entities]
    named += [name for entity in domain.entities for name in entity.refers_to]
    assert all(SNAKE.fullmatch(name) for name in named)
    assert all(SNAKE.fullmatch(noun.name) for noun in (domain, *domain.entities, *fields))
    for noun in (domain, *domain.entities, *fields):
        assert noun.label.strip() == noun.label != ""
        assert bool(HAN.search(noun.label)) == (domain.language == "zh"), noun.name
    words = [value for field in fields for value in field.values if isinstance(value, str)]
    assert domain.language == "zh" or not any(HAN.search(word) for word in words)


@pytest.mark.parametrize("domain", ALL, ids=name_of)
def test_values_suit_their_kind(domain: Domain) -> None:
    """Numbers and dates have least and most, choices and texts differ, patterns are anchored."""
    for field in [field for entity in domain.entities for field in entity.fields]:
        if field.kind in ("integer", "amount"):
            least, most = field.values
            assert 0 <= least < most
        elif field.kind == "date":
            least, most = field.values
            assert isinstance(least, int) and isinstance(most, int) and least < most
        elif field.kind in ("choice", "text"):
            assert len(set(field.values)) == len(field.values) >= 2
            assert all(isinstance(value, str) for value in field.values)
        matched = re.fullmatch(r"\^.+\$", field.pattern)
        assert bool(matched) == (field.kind == "code"), field.name


def test_ids_tell_their_type() -> None:
    """No two entity types of a domain share the beginning of their ids."""
    for domain in ALL:
        prefixes = {domain.prefix(entity.name) for entity in domain.entities}
        assert len(prefixes) == len(domain.entities)
        assert all(re.fullmatch("[A-Z]{2,}", prefix) for prefix in prefixes)


def test_an_entity_is_found_by_name() -> None:
    """A domain gives the entity type of a name, and `KeyError` for others."""
    assert ALL[0].entity(ALL[0].entities[0].name) == ALL[0].entities[0]
    with pytest.raises(KeyError):
        ALL[0].entity("nothing")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_unsound_domains_are_refused(case: dict[str, Any]) -> None:
    """A domain that no records can be made of says what is wrong with it."""
    entities = [
        {"name": "hotel", "plural": "hotels", "label": "hotel", "fields": [], **entity}
        for entity in case["entities"]
    ]
    data = {"name": "made", "label": "Made", "language": "en", "entities": entities}
    if case["valid"]:
        Domain.model_validate(data)
    else:
        with pytest.raises(ValidationError, match=case["error"]):
            Domain.model_validate(data)
