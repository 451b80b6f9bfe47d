"""One rating minus another."""

from dataclasses import dataclass

from apps.ratings.models import Rating


@dataclass(frozen=True)
class Difference:
    """Of two independent ratings, on the Elo scale: the squares of their half-widths add."""

    value: float
    lower: float
    upper: float

    def shifted(self, by: float) -> "Difference":
        return Difference(self.value + by, self.lower + by, self.upper + by)


def difference(left: Rating | None, right: Rating | None) -> Difference | None:
    """Left minus right, where both are measured."""
    minuend, subtrahend = _measured(left), _measured(right)
    if minuend is None or subtrahend is None:
        return None
    value = minuend.rating - subtrahend.rating
    half = (minuend.half_width**2 + subtrahend.half_width**2) ** 0.5
    return Difference(value, value - half, value + half)


@dataclass(frozen=True)
class _Measured:
    rating: float
    half_width: float


def _measured(row: Rating | None) -> _Measured | None:
    if row is None or row.rating is None or row.lower is None or row.upper is None:
        return None
    return _Measured(row.rating, (row.upper - row.lower) / 2)
