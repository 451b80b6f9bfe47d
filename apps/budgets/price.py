"""What calls cost: tokens times a price per million. Exact decimals, rounded up to a billionth of a dollar."""

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from typing import NamedTuple

NOTHING = Decimal(0)
PLACES = 9  # of a dollar: one token at $0.001 a million
SMALLEST = Decimal(1).scaleb(-PLACES)
MILLION = 1_000_000


class Tokens(NamedTuple):
    """What a model read and what it wrote."""

    read: int
    written: int

    def and_also(self, other: "Tokens") -> "Tokens":
        return Tokens(self.read + other.read, self.written + other.written)

    def times(self, calls: int) -> "Tokens":
        return Tokens(calls * self.read, calls * self.written)


@dataclass(frozen=True)
class Price:
    """Dollars per million tokens read and per million written."""

    read: Decimal
    written: Decimal

    def of(self, tokens: Tokens) -> Decimal:
        """Dollars. Rounded up, so that many small calls are never counted as less than one large one."""
        exact = (tokens.read * self.read + tokens.written * self.written) / MILLION
        return exact.quantize(SMALLEST, rounding=ROUND_UP)
