"""The bootstrap: how ratings scatter over boards drawn from the board, all of them fitted together."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from judgeboard.arena.arrays import Floats, Integers, Singles
from judgeboard.arena.rating.anchoring import anchoring
from judgeboard.arena.rating.contact import PSEUDO_MATCH
from judgeboard.arena.rating.likelihood import maximum
from judgeboard.arena.rating.point_fit import PointFit, point_fit
from judgeboard.arena.rating.resampling import Pairs, Replicates, Unit, Weights, drawn_boards, pairs_met
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.tallies import BothBad, Tallies
from judgeboard.arena.verdicts import BOTH_BAD, Verdicts

MOST_STEPS = 30
CLOSE_ENOUGH = 1e-4  # natural units, 0.02 Elo points


class BadBootstrap(ValueError):
    """Fewer than two draws, or a unit or kind of weights that there is not."""


@dataclass(frozen=True, eq=False)
class BootstrapFit:
    """Ratings of M contenders on the board and on boards drawn from it.

    rating:       float64[M], Elo points, of the board itself; NaN without matches
    drawn:        float64[draws, M], of the drawn boards
    lower, upper: float64[M], the middle `level` of them
    component:    int[M], different for groups that never met; -1 without matches
    """

    names: tuple[str, ...]
    rating: Floats
    drawn: Floats
    lower: Floats
    upper: Floats
    component: Integers
    both_bad: BothBad
    unit: Unit
    weights: Weights
    draws: int
    seed: int
    level: float
    scale: EloScale


def bootstrap(
    verdicts: Verdicts,
    *,
    unit: Unit = "prompt",
    weights: Weights = "poisson",
    draws: int = 1000,
    seed: int,
    both_bad: BothBad = "tie",
    level: float = 0.95,
    scale: EloScale | None = None,
) -> BootstrapFit:
    """Bootstrap of whole prompts, or of whole matches (Efron 1979, Ann. Statist. 7, 1-26).

    Poisson weights (Hanley & MacGibbon 2006, Comput. Methods Programs Biomed. 83, 57-62) draw each unit by itself and
    are quicker; multinomial ones keep the number of units. Half a match at the rating of the board, beside the board's
    own pseudo-matches, holds each contender that a draw leaves without a loss or a win. Says little about contenders of
    few matches: see `profile`.
    Raises BadBootstrap, MatchesDiffer.
    """
    _check(unit, weights, draws)
    if both_bad == "dropped":
        verdicts = verdicts.where(verdicts.outcome != BOTH_BAD)
    board, scale = point_fit(Tallies.of(verdicts).points()), scale or EloScale()
    pairs = pairs_met(verdicts)
    solver = _Solver.of(board, pairs)
    boards = drawn_boards(verdicts, pairs, unit=unit, weights=weights, draws=draws, rng=np.random.default_rng(seed))
    strength = (
        np.concatenate([solver.strengths(drawn) for drawn in boards])
        if len(verdicts)
        else np.zeros((draws, len(board.strength)))
    )
    component = board.contact.component
    pinned = anchoring(verdicts.names, component, scale)
    drawn = np.where(component >= 0, pinned.rating(strength), np.nan)
    lower, upper = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return BootstrapFit(
        names=verdicts.names,
        rating=np.where(component >= 0, pinned.rating(board.strength), np.nan),
        drawn=drawn,
        lower=lower,
        upper=upper,
        component=component,
        both_bad=both_bad,
        unit=unit,
        weights=weights,
        draws=draws,
        seed=seed,
        level=level,
        scale=scale,
    )


def _check(unit: str, weights: str, draws: int) -> None:
    if unit not in ("prompt", "match"):
        raise BadBootstrap(f"There is no unit {unit!r} to resample; expected prompt or match.")
    if weights not in ("poisson", "multinomial"):
        raise BadBootstrap(f"There are no weights called {weights!r}; expected poisson or multinomial.")
    if draws < 2:
        raise BadBootstrap(f"Expected at least two draws, found {draws}.")


@dataclass(frozen=True, eq=False)
class _Solver:
    """Fits many boards of the same pairs by Newton's method with the slope's derivative of the board itself.

    That matrix is nearly each board's own, so that two or three steps arrive, and none has to be factored.
    """

    board: PointFit
    pairs: Pairs
    of_first: tuple[tuple[slice, slice | Integers], ...]  # of each contender: the pairs in which it is first; with whom
    inverse: Singles
    held: Singles  # float32[P, 1], matches added to each draw: at the board's own rating, and its pseudo-matches
    held_points: Singles  # float32[P, 1], what the first takes of them
    expected: Singles  # float32[P, 1], the first's win probability on the board

    @classmethod
    def of(cls, board: PointFit, pairs: Pairs) -> "_Solver":
        met = (board.points + board.points.T)[pairs.first, pairs.second]
        each = (board.points + board.points.T).sum(axis=1)
        held = PSEUDO_MATCH / 2 * met * (1 / each[pairs.first] + 1 / each[pairs.second])
        expected = board.probability[pairs.first, pairs.second]
        pseudo = board.held - board.points
        ends = pairwise(np.searchsorted(pairs.first, np.arange(len(board.strength) + 1)).tolist())
        return cls(
            board=board,
            pairs=pairs,
            of_first=tuple((slice(start, end), _as_slice(pairs.second[start:end])) for start, end in ends),
            inverse=board.inverse.matrix.astype(np.float32),
            held=(held + (pseudo + pseudo.T)[pairs.first, pairs.second]).astype(np.float32)[:, None],
            held_points=(held * expected + pseudo[pairs.first, pairs.second]).astype(np.float32)[:, None],
            expected=expected.astype(np.float32)[:, None],
        )

    def strengths(self, drawn: Replicates) -> Floats:
        """float64[draws, M]."""
        met = drawn.met + self.held
        won = drawn.net + self.pairs.incidence @ self.held_points
        strength = np.repeat(self.board.strength.astype(np.float32)[:, None], met.shape[1], axis=1)
        moved = self._step(won - self.pairs.incidence @ (met * self.expected))
        for _ in range(MOST_STEPS):
            strength += moved
            if np.abs(moved).max(initial=0.0) < CLOSE_ENOUGH:
                break
            moved = self._step(won - self._expected(met, strength))
        found = strength.T.astype(np.float64)
        for late in np.flatnonzero(np.abs(moved).max(axis=0, initial=0.0) >= CLOSE_ENOUGH):
            found[late] = self._alone(met[:, late], drawn.points(int(late)) + self.held_points[:, 0])
        return found

    def _expected(self, met: Singles, strength: Singles) -> Singles:
        """float32[M, draws]: what the incidence makes of the expected points of the first of float32[P, draws] matches.

        One contender's pairs at a time, which the processor's cache holds, and from odds, of which there are few.
        """
        odds, found = np.exp(strength), np.zeros_like(strength)
        for first, (pairs, second) in enumerate(self.of_first):
            expected = odds[second] + odds[first]
            np.divide(met[pairs], expected, out=expected)
            expected *= odds[first]
            found[first] += expected.sum(axis=0)
            found[second] -= expected
        return found

    def _step(self, slope: Singles) -> Singles:
        """float32[M, draws]: of float32[M, draws], points of each beyond their expectation less those against it."""
        step: Singles = self.inverse @ slope
        spread = np.ptp(step, axis=0)
        step *= np.divide(np.log1p(spread), spread, out=np.ones_like(spread), where=spread > 0)
        return step

    def _alone(self, met: Singles, points: Singles) -> Floats:
        """A board too far from the one it was drawn from is fitted by itself."""
        table = np.zeros_like(self.board.points)
        table[self.pairs.first, self.pairs.second] = points
        table[self.pairs.second, self.pairs.first] = met - points
        return maximum(table, self.board.contact.together)


def _as_slice(ascending: Integers) -> slice | Integers:
    """The same places as a slice, which is read without a copy, where there are no gaps between them."""
    if len(ascending) and ascending[-1] - ascending[0] == len(ascending) - 1:
        return slice(int(ascending[0]), int(ascending[-1]) + 1)
    return ascending
