"""How a fake endpoint behaves: how long it takes, what goes wrong, whether it calls tools.

All of it is plain values, so that it can be handed to another process. What chance decides hangs on
the seed, on a request's body and on how often that body came before, and never on the order in
which requests arrive: the same requests meet the same latencies and faults in every run.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Literal, TypeAlias, get_args

from fc_distilabel.errors import InputError

Fault: TypeAlias = Literal[
    "ok", "400", "401", "403", "429", "500", "hang", "garbage", "empty", "disconnect"
]
FAULTS: tuple[Fault, ...] = get_args(Fault)

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Behaviour:
    """Immediate and faultless unless told otherwise."""

    latency: float = 0.0
    """Mean seconds that an answer takes; an error comes at once."""
    sigma: float = 0.0
    """Spread of log-normal latencies (1.0 is a heavy tail); 0 makes them constant."""
    shares: Mapping[Fault, float] = field(default_factory=dict)
    """Share of the requests that meet each fault."""
    refuse: str = ""
    """A request whose body has this text in it is answered 400, however often it comes."""
    retry_after: str = ""
    """The Retry-After header of a 429 or 500."""
    tool_calls: bool = False
    """Whether a request that has tools is answered by a call of one."""
    seed: int = 0

    def __post_init__(self) -> None:
        if unknown := [fault for fault in self.shares if fault not in FAULTS]:
            raise InputError(f"fault {unknown[0]!r} is not known; allowed: {', '.join(FAULTS)}")
        total = sum(self.shares.values())
        if total > 1 or any(share < 0 for share in self.shares.values()):
            raise InputError(f"the shares of faults add up to {total:g}: 0 to 1 is needed")
        if self.latency < 0 or self.sigma < 0:
            raise InputError(f"latency {self.latency:g}, sigma {self.sigma:g}: none below 0")

    def seconds(self, body: bytes, nth: int) -> float:
        """How long the answer to a body takes that comes for the nth time."""
        if not self.sigma or not self.latency:
            return self.latency
        middle = math.log(self.latency) - self.sigma**2 / 2  # so that the mean is `latency`
        chance = self._chance("latency", body, nth)
        return math.exp(middle + self.sigma * _NORMAL.inv_cdf(chance))

    def fault(self, body: bytes, nth: int) -> Fault:
        """What happens to a body that comes for the nth time."""
        if self.refuse and self.refuse.encode() in body:
            return "400"
        if not self.shares:
            return "ok"
        chance = self._chance("fault", body, nth)
        for fault, share in self.shares.items():
            chance -= share
            if chance < 0:
                return fault
        return "ok"

    def _chance(self, purpose: str, body: bytes, nth: int) -> float:
        """A number strictly between 0 and 1."""
        parts = f"{self.seed} {purpose} {nth} ".encode() + body
        digest = hashlib.blake2b(parts, digest_size=6).digest()
        return (int.from_bytes(digest, "big") + 0.5) / 2**48
