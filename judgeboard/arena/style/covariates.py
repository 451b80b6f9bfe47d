"""What may decide a match besides its contenders: the order, the length, the looks of the answers."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from judgeboard.arena.arrays import Flags, Floats, Integers

SHOWN_FIRST = np.array([1.0, -1.0, 0.0])
"""By `Verdicts.first`: side a, side b, and -1, not known, which reads the last."""


class BadCovariates(ValueError):
    """Covariates that no fit can use. The sentence names the covariate."""


class MissingCovariate(BadCovariates):
    """A covariate that is not a number in some row."""


class NeverVaries(BadCovariates):
    """A covariate that is 0 in every row."""


class Collinear(BadCovariates):
    """Covariates that say nothing beyond each other, or beyond who met whom."""


class Separated(BadCovariates):
    """A covariate whose coefficient grows without end, as it alone tells the winners."""


@dataclass(frozen=True, eq=False)
class Covariates:
    """names: of k covariates; values: float64[n, k], told from side a: telling a row from side b negates it.

    Raises MissingCovariate, with the first row, counted from 1, and BadCovariates for columns that do not fit.
    """

    names: tuple[str, ...]
    values: Floats

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(self.names):
            raise BadCovariates(f"The values have the shape {self.values.shape}; expected {len(self.names)} columns.")
        if len(set(self.names)) < len(self.names):
            raise BadCovariates(f"Two covariates have one name among {', '.join(self.names)}.")
        if not (finite := np.isfinite(self.values)).all():
            row, column = np.unravel_index(np.argmin(finite), finite.shape)
            raise MissingCovariate(f"Row {row + 1}: the covariate {self.names[column]!r} is not a finite number.")

    def __len__(self) -> int:
        return len(self.values)

    @classmethod
    def of(cls, columns: dict[str, Floats]) -> Self:
        """From float64[n] columns by name, at least one. Raises as the class does."""
        if len({len(column) for column in columns.values()}) != 1:
            raise BadCovariates("The columns differ in length, or there is none.")
        return cls(tuple(columns), np.array(list(columns.values()), dtype=np.float64).T)

    @classmethod
    def none(cls, n: int) -> Self:
        """No covariates of n rows."""
        return cls((), np.zeros((n, 0)))

    def where(self, mask: Flags | Integers) -> Self:
        """Of the rows chosen by a mask or by row numbers."""
        return type(self)(self.names, self.values[mask])

    @property
    def varying(self) -> Self:
        """Without the columns that are 0 in every row, which say nothing."""
        known = np.flatnonzero(np.any(self.values, axis=0))
        return type(self)(tuple(self.names[column] for column in known.tolist()), self.values[:, known])

    def beside(self, other: Self) -> Self:
        """The columns of both, about the same rows."""
        return type(self)(self.names + other.names, np.concatenate([self.values.T, other.values.T]).T)


def normalised_difference(value_a: Floats, value_b: Floats) -> Floats:
    """float64[n]: (a - b) / (a + b) of two amounts, over its root mean square.

    The covariate of LMSYS's style control (Li, Angelopoulos & Chiang 2024). It is not centred, unlike theirs: a mean
    that depends on which answer was called a would make the ratings depend on it too. Raises BadCovariates.
    """
    return standardised(relative_difference(value_a, value_b))


def relative_difference(value_a: Floats | Integers, value_b: Floats | Integers) -> Floats:
    """float64[n]: (a - b) / (a + b) of two amounts, 0 where both are 0, 1/3 where a is twice b. Raises as above."""
    a, b = np.asarray(value_a, dtype=np.float64), np.asarray(value_b, dtype=np.float64)
    if a.shape != b.shape or not ((a >= 0) & (b >= 0) & (a + b < np.inf)).all():
        raise BadCovariates("The amounts of the two sides differ in number, or one is negative or not a finite number.")
    total = a + b
    return np.divide(a - b, total, out=np.zeros_like(total), where=total > 0)


def standardised(column: Floats) -> Floats:
    """float64[n] over its root mean square; unchanged where it is 0 throughout."""
    size = root_mean_square(column)
    return column / size if size else column


def root_mean_square(column: Floats) -> float:
    return float(np.sqrt(column @ column / max(len(column), 1)))


def shown_first(first: Integers) -> Floats:
    """float64[n]: 1 where side a was shown first, -1 where side b was, 0 where it is not known.

    Its coefficient is how far the first shown of two equals is ahead.
    """
    column: Floats = SHOWN_FIRST[first]
    return column
