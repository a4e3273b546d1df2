"""Randomness by name."""

from fc_distilabel.synthesis.seeds import derive_seed, rng


def test_equal_parts_give_equal_draws():
    """A seed depends on its parts only, and is the same on every machine and day."""
    assert derive_seed(7, "row", 1) == derive_seed(7, "row", 1) == 1934811473
    assert rng(7, "x").random() == rng(7, "x").random()


def test_every_purpose_draws_for_itself():
    """Another part, order or type of part gives another seed."""
    parts = [(7, "row"), ("row", 7), (7, "row", 0), ("7", "row"), (8, "row"), (["7", "row"],)]
    assert len({derive_seed(*part) for part in parts}) == len(parts)


def test_a_seed_suits_every_endpoint():
    """Seeds are not negative and fit into 31 bits."""
    assert all(0 <= derive_seed(i) < 2**31 for i in range(500))
