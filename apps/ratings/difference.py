"""One rating minus another."""

from dataclasses import dataclass

from apps.ratings.models import Rating


@dataclass(frozen=True)
class Difference:
    """Of two ratings, on the Elo scale."""

    value: float
    lower: float
    upper: float

    def shifted(self, by: float) -> "Difference":
        return Difference(self.value + by, self.lower + by, self.upper + by)


def difference(left: Rating | None, right: Rating | None) -> Difference | None:
    """Left minus right, where both are measured: as independent ones, the squares of their half-widths add."""
    minuend, subtrahend = _measured(left), _measured(right)
    if minuend is None or subtrahend is None:
        return None
    value = minuend.rating - subtrahend.rating
    half = (minuend.half_width**2 + subtrahend.half_width**2) ** 0.5
    return Difference(value, value - half, value + half)


def style_shift(told: Rating | None) -> Difference | None:
    """How far a rating moves with style left aside; None where the matches are too few to say how surely."""
    if told is None or told.shift is None or told.shift_lower is None or told.shift_upper is None:
        return None
    return Difference(told.shift, told.shift_lower, told.shift_upper)


@dataclass(frozen=True)
class _Measured:
    rating: float
    half_width: float


def _measured(row: Rating | None) -> _Measured | None:
    if row is None or row.rating is None or row.lower is None or row.upper is None:
        return None
    return _Measured(row.rating, (row.upper - row.lower) / 2)
