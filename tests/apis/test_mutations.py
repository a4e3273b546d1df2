"""Mutations one by one and in chains: what comes out is valid, clean, satisfiable, described."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.apis.base_tools import base_draft, subjects, supply
from fc_distilabel.apis.domains import Domain, domains
from fc_distilabel.apis.drafts import Draft
from fc_distilabel.apis.evolving import MUTATIONS, mutated
from fc_distilabel.apis.instances import instance_of
from fc_distilabel.schemas import lint_tool, violations

BUILT_IN: tuple[Domain, ...] = (*domains("en"), *domains("zh"))
SUBJECTS = subjects(BUILT_IN)
NAMES = sorted(MUTATIONS)
SEEDS = st.integers(0, 2**32)


def start(seed: int) -> Draft:
    """A flat tool of any domain, with parameters to spare."""
    random_ = random.Random(seed)
    subject = random_.choice(SUBJECTS)
    found = supply(subject, random_)
    return replace(base_draft(subject, found[:4], random_), spare=tuple(found[4:]))


def chained(seed: int, names: list[str]) -> Draft:
    """The tool after these mutations, as far as they fit."""
    draft, random_ = start(seed), random.Random(seed)
    for name in names:
        draft = mutated(draft, name, random_) or draft
    return draft


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, names=st.lists(st.sampled_from(NAMES), min_size=20, max_size=20))
def test_any_chain_stays_valid_and_satisfiable(seed: int, names: list[str]) -> None:
    """After any 20 mutations a tool lints clean and can be called."""
    draft = chained(seed, names)
    assert lint_tool(draft.tool) == []
    random_ = random.Random(seed)
    value = instance_of(draft.tool.parameters, random_, language=draft.language)
    assert violations(draft.tool.parameters, value) == []
    instance_of(draft.tool.returns, random_, language=draft.language)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, names=st.lists(st.sampled_from(NAMES), max_size=12), data=st.data())
def test_what_keeps_the_meaning_keeps_old_instances(
    seed: int, names: list[str], data: st.DataObject
) -> None:
    """What was valid before a mutation that says so is valid after it."""
    draft = chained(seed, names)
    keeping = [name for name in NAMES if MUTATIONS[name].keeps_meaning]
    name = data.draw(st.sampled_from(keeping))
    changed = mutated(draft, name, random.Random(seed))
    for number in range(5 if changed else 0):
        assert changed is not None
        value = instance_of(draft.tool.parameters, random.Random(number))
        assert violations(changed.tool.parameters, value) == []


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, names=st.lists(st.sampled_from(NAMES), max_size=20))
def test_equal_seeds_give_equal_tools(seed: int, names: list[str]) -> None:
    """The same mutations with the same seed: the same tool, the same lineage."""
    assert chained(seed, names) == chained(seed, names)


@pytest.mark.parametrize("name", NAMES)
def test_each_mutation_fits_somewhere_and_tells(name: str) -> None:
    """Among 200 tools each mutation applies, changes the schema, and adds one step of lineage."""
    before = {
        "default": ["enum", "relax"],
        "dependent": ["add_optional", "add_optional"],
        "union": ["retype_integer", "retype_number", "format"],
        "widen": ["retype_integer", "bounds"],
    }
    found = 0
    for seed in range(200):
        draft = chained(seed, before.get(name, []))
        changed = mutated(draft, name, random.Random(seed))
        if changed is not None:
            found += 1
            step = changed.lineage[-1]
            assert step.mutation == name and step.path and step.detail
            assert changed.tool.parameters != draft.tool.parameters
            assert len(changed.lineage) == len(draft.lineage) + 1
    assert found >= 20


def test_words_are_in_the_language_of_the_tool() -> None:
    """What mutations add to a Chinese tool is described in Chinese, to an English one not."""
    for seed in range(60):
        draft = chained(seed, NAMES * 2)
        texts = _descriptions(draft.tool.parameters)
        assert texts
        for text in texts:
            assert any("\u4e00" <= sign <= "\u9fff" for sign in text) == (draft.language == "zh")


def _descriptions(schema: object) -> list[str]:
    if isinstance(schema, list):
        return [text for part in schema for text in _descriptions(part)]
    if not isinstance(schema, dict):
        return []
    own = [schema["description"]] if isinstance(schema.get("description"), str) else []
    return own + [text for part in schema.values() for text in _descriptions(part)]
