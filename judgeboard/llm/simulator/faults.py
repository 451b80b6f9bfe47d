"""Planted faults: which requests go wrong, and how."""

import math
from dataclasses import dataclass, fields
from enum import StrEnum

from .chance import generator


class Fault(StrEnum):
    """The ways in which a chat request can go wrong."""

    RATE_LIMITED = "rate_limited"  # 429 with Retry-After
    SERVER_ERROR = "server_error"  # 500
    TIMED_OUT = "timed_out"  # no byte for `hang_seconds`, then 504
    HALF_JSON = "half_json"  # 200, and the body breaks off in the middle
    EMPTY_CHOICE = "empty_choice"  # 200 with an empty list of choices


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of chat requests, from 0 to 1, that go wrong in each way; a ValueError when they cannot be shares."""

    rate_limited: float = 0.0
    server_error: float = 0.0
    timed_out: float = 0.0
    half_json: float = 0.0
    empty_choice: float = 0.0
    retry_after_seconds: int = 1
    hang_seconds: float = 30.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0 <= (value := getattr(self, field.name)) < math.inf:
                raise ValueError(f"{field.name} must be a number from 0 up, but is {value}.")
        if self.rate > 1:
            raise ValueError(f"The shares of faults add up to {self.rate:g}; they must not be more than 1.")

    @property
    def rate(self) -> float:
        """The share of requests that go wrong in any way."""
        # Rounded, so that five shares of 0.2 do not add up to more than 1 in floating point.
        return round(sum(self.share(fault) for fault in Fault), 9)

    def share(self, fault: Fault) -> float:
        """The share of requests that go wrong in this way."""
        share: float = getattr(self, fault)
        return share

    @classmethod
    def mixed(cls, rate: float, *, retry_after_seconds: int = 1, hang_seconds: float = 30.0) -> "Faults":
        """Every kind alike, `rate` in all."""
        share = rate / len(Fault)
        return cls(**dict.fromkeys(Fault, share), retry_after_seconds=retry_after_seconds, hang_seconds=hang_seconds)

    def drawn(self, *, seed: int, number: int) -> Fault | None:
        """The fault of request `number`; None: it is answered. Equal arguments give the same fault."""
        left = generator(seed, "fault", number).random()
        for fault in Fault:
            left -= self.share(fault)
            if left < 0:
                return fault
        return None
