"""What may be asked for: presets, overrides, contradictions."""

import pytest

from fc_distilabel.apis.complexity import PRESETS, Complexity, measure
from fc_distilabel.apis.targets import missed, nearest, target_from
from fc_distilabel.errors import InputError


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_need_no_change(preset: int) -> None:
    """What comes with the package contradicts itself nowhere."""
    assert nearest(PRESETS[preset]) == (PRESETS[preset], ())


def test_figures_are_set_by_pairs_or_json() -> None:
    """Both say the same; what is not mentioned stays the preset's."""
    pairs = target_from(3, "depth=0.4, enum=.2")
    assert pairs == target_from(3, '{"depth": 0.4, "enum": 0.2}')
    assert (pairs.depth, pairs.enum, pairs.array) == (0.4, 0.2, PRESETS[3].array)


@pytest.mark.parametrize(
    ("preset", "override", "told"),
    [
        (9, "", "preset is 9; allowed: 1, 2, 3, 4, 5"),
        (3, "size=2", 'unknown figure "size"; allowed: parameters'),
        (3, "depth", '"depth" is not of the form name=number'),
        (3, "depth=deep", '"depth=deep" is not of the form'),
        (3, "depth=1.2", "depth is 1.2: Input should be less than or equal to 1"),
        (3, "enum=nan", "enum is"),
        (3, "parameters=0", "parameters is 0.0"),
        (3, '{"depth": ', "is not JSON"),
        (3, '{"depth": "x"}', 'depth is "x"'),
    ],
)
def test_what_cannot_be_is_told(preset: int, override: str, told: str) -> None:
    """The value, and what was allowed."""
    with pytest.raises(InputError) as caught:
        target_from(preset, override)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("override", "changed"),
    [
        ("max_depth=5,parameters=1,array=0,array_of_objects=0", {"max_depth": 2}),
        ("depth=0", {"max_depth": 1, "array": 0, "array_of_objects": 0}),
        ("max_depth=1", {"max_depth": 2, "array_of_objects": 0}),
        ("array=0.01,array_of_objects=0.2", {"array": 0.2}),
        ("enum=1,bounded=1,pattern=0,format=0", {"enum": 0.5, "bounded": 0.5}),
        ("strings=1,integers=1,numbers=0,booleans=0", {"strings": 0.5, "integers": 0.5}),
        ("optional=0,dependent=0", {"default": 0}),
    ],
)
def test_contradictions_become_the_nearest_setting(
    override: str, changed: dict[str, float]
) -> None:
    """The figures that change, and no others; a note for each."""
    wanted = target_from(3, override)
    target, notes = nearest(wanted)
    differing = {
        name: getattr(target, name)
        for name in Complexity.model_fields
        if getattr(target, name) != getattr(wanted, name)
    }
    assert differing == pytest.approx(changed)
    assert [note.partition(":")[0] for note in notes] and len(notes) == len(changed)
    assert nearest(target) == (target, ())


def test_what_was_not_reached_is_said() -> None:
    """Shares off by more than three points are named with both figures."""
    notes = missed(PRESETS[3], measure([]))
    assert any(note.startswith("depth: 0.0% reached of 30.0%") for note in notes)
