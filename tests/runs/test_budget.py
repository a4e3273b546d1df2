"""What a run may spend: what limits it, how it is told, and that it decides no row."""

from typing import Any

import pytest

from fc_distilabel.errors import InputError
from fc_distilabel.runs.budget import Budget, Prices, Spent, dollars, prices_of
from fc_distilabel.runs.settings import RunSettings, changes, deciding

SPENT = Spent(requests=3, prompt_tokens=1_000_000, completion_tokens=500_000, seconds=2.5)
PRICES = Prices(read=0.5, written=2)


def test_prices_are_for_a_million_tokens() -> None:
    """Each kind of token has its own price."""
    assert PRICES.cost(SPENT) == 1.5
    assert (SPENT + SPENT).tokens == 3_000_000 and PRICES.cost(Spent()) == 0


@pytest.mark.parametrize(
    ("budget", "told"),
    [
        (Budget(), ""),
        (Budget(max_tokens=1_500_001), ""),
        (Budget(max_tokens=1_500_000), "1,500,000 tokens of --max-tokens 1,500,000"),
        (Budget(max_cost=1.51, prices=PRICES), ""),
        (Budget(max_cost=1.5, prices=PRICES), "$1.50 of --max-cost $1.50"),
        (Budget(max_tokens=9, max_cost=99, prices=PRICES), "1,500,000 tokens of --max-tokens 9"),
    ],
)
def test_a_limit_is_reached_when_all_of_it_is_spent(budget: Budget, told: str) -> None:
    """The first limit that is reached is told with both figures."""
    assert budget.reached(SPENT) == told


@pytest.mark.parametrize(
    ("amount", "told"), [(0, "$0.00"), (0.00012, "$0.0001"), (1, "$1.00"), (12345.6, "$12,345.60")]
)
def test_dollars(amount: float, told: str) -> None:
    """Small amounts are not told as nothing."""
    assert dollars(amount) == told


def test_prices_come_in_pairs() -> None:
    """Half a price is no price, and a limit of dollars without prices would never hold."""
    assert prices_of(None, None) is None
    with pytest.raises(InputError, match="go together"):
        prices_of(1, None)
    with pytest.raises(InputError, match="--max-cost 3 needs"):
        _ = RunSettings(max_cost=3).budget


@pytest.mark.parametrize(
    "options",
    [{"max_tokens": 5}, {"max_cost": 1.0, "price_in": 1, "price_out": 0}, {"price_in": 9.0}],
)
def test_a_run_goes_on_with_another_budget(options: dict[str, Any]) -> None:
    """No row hangs on it."""
    before = deciding(RunSettings(), "m", [])
    assert changes(before, deciding(RunSettings(**options), "m", [])) == []
