"""What a run has spent, and what it may spend: tokens, and dollars where prices are known."""

from dataclasses import dataclass

from pydantic import Field

from fc_distilabel.errors import InputError
from fc_distilabel.types import Noun

MILLION = 1_000_000


@dataclass(frozen=True)
class Spent:
    """What requests to models cost: answered ones, whatever became of the answer."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    """Time that the models took, summed over all requests."""

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: "Spent") -> "Spent":
        """Both together."""
        return Spent(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.seconds + other.seconds,
        )


class Prices(Noun):
    """Dollars for a million tokens."""

    read: float = Field(ge=0, allow_inf_nan=False)
    """Of prompts."""
    written: float = Field(ge=0, allow_inf_nan=False)
    """Of completions."""

    def cost(self, spent: Spent) -> float:
        """Dollars."""
        dollars = spent.prompt_tokens * self.read + spent.completion_tokens * self.written
        return dollars / MILLION


def prices_of(read: float | None, written: float | None) -> Prices | None:
    """Both prices; None where neither is given.

    Raises `InputError` where only one is.
    """
    if read is None and written is None:
        return None
    if read is None or written is None:
        raise InputError("--price-in and --price-out go together: only one of them is given")
    return Prices(read=read, written=written)


class Budget(Noun):
    """What a run may spend, its earlier tries included; None is no limit.

    A limit of dollars holds where there are prices.
    """

    max_tokens: int | None = None
    max_cost: float | None = None
    prices: Prices | None = None

    @property
    def is_limited(self) -> bool:
        """Whether there is any limit."""
        return self.max_tokens is not None or self.max_cost is not None

    def standing(self, spent: Spent) -> str:
        """What is spent of what may be, as `1,234 calls, 56,789 of 100,000 tokens`."""
        limit = f" of {self.max_tokens:,}" if self.max_tokens is not None else ""
        told = f"{spent.requests:,} calls, {spent.tokens:,}{limit} tokens"
        if self.prices is None:
            return told
        limit = f" of {dollars(self.max_cost)}" if self.max_cost is not None else ""
        return f"{told}, {dollars(self.prices.cost(spent))}{limit}"

    def reached(self, spent: Spent) -> str:
        """Which limit is reached, in figures; empty where none is."""
        if self.max_tokens is not None and spent.tokens >= self.max_tokens:
            return f"{spent.tokens:,} tokens of --max-tokens {self.max_tokens:,}"
        if self.max_cost is not None and self.prices is not None:
            cost = self.prices.cost(spent)
            if cost >= self.max_cost:
                return f"{dollars(cost)} of --max-cost {dollars(self.max_cost)}"
        return ""


def dollars(amount: float) -> str:
    """`$12.34`; small amounts with more digits."""
    return f"${amount:,.2f}" if amount >= 1 or amount == 0 else f"${amount:.4f}"
