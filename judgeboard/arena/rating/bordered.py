"""The information matrix of strengths with covariates at its border, solved by elimination of the strengths."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from judgeboard.arena.arrays import Flags, Floats
from judgeboard.arena.rating.likelihood import Inverse, laplacian


@dataclass(frozen=True, eq=False)
class Bordered:
    """pair: float64[M, M], information of each pair; cross: float64[M, k], of strengths with covariates, whose columns
    sum to 0 in each connected group; own: float64[k, k], of the covariates; together: bool[M, M], comparable pairs."""

    pair: Floats
    cross: Floats
    own: Floats
    together: Flags

    @property
    def matrix(self) -> Floats:
        """float64[M + k, M + k]."""
        return np.block([[laplacian(self.pair), self.cross], [self.cross.T, self.own]])

    @cached_property
    def strengths(self) -> Inverse:
        """Of the strengths alone."""
        return Inverse.of(self.pair, self.together)

    @cached_property
    def carried(self) -> Floats:
        """float64[M, k]: how far the strengths give way to each covariate."""
        return self.strengths.times(self.cross)

    @cached_property
    def net(self) -> Floats:
        """float64[k, k]: the information of the covariates once the strengths are allowed for."""
        net: Floats = self.own - self.cross.T @ self.carried
        return (net + net.T) / 2

    def solve(self, right: Floats) -> Floats:
        """The pseudo-inverse times float64[M + k], whose strengths sum to 0 in each group."""
        free = self.strengths.times(right[: len(self.pair)])
        border = self._net_inverse(right[len(self.pair) :] - self.cross.T @ free)
        return np.concatenate([free - self.carried @ border, border])

    @cached_property
    def inverse(self) -> Floats:
        """float64[M + k, M + k]: the pseudo-inverse written out, the covariance that the model itself expects."""
        k = len(self.own)
        border = np.concatenate([-self.carried, np.eye(k)])
        inverse: Floats = np.pad(self.strengths.matrix, (0, k)) + border @ self._net_inverse(border.T)
        return inverse

    def _net_inverse(self, right: Floats) -> Floats:
        if not right.size:
            return right
        solved: Floats = cho_solve(cho_factor(self.net, check_finite=False), right, check_finite=False)
        return solved
