"""Our own engine from numbers: what it costs where names became integers long ago."""

import numpy as np

from benchmarks.peers.rating.exchange import Board, Rated
from judgeboard.arena.rating import bradley_terry
from judgeboard.arena.rating.bootstrap import BootstrapFit
from judgeboard.arena.rating.bootstrap import bootstrap as resampled
from judgeboard.arena.rating.elo import sequential_elo
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.fit import StyleFit, fit_style
from judgeboard.arena.verdicts import Verdicts

Given = tuple[Verdicts, Covariates]


def taken(board: Board) -> Given:
    n = len(board.a)
    verdicts = Verdicts(
        names=board.names,
        a=board.a,
        b=board.b,
        outcome=board.outcome,
        prompt=board.prompt,
        rater=np.zeros(n, np.int32),
        first=np.full(n, -1, np.int8),
        match=np.arange(n, dtype=np.int32),
    )
    return verdicts, covariates(board.style)


def covariates(style: np.ndarray) -> Covariates:
    return Covariates(tuple(f"style-{number}" for number in range(style.shape[1])), style)


def fit(given: Given) -> Rated:
    """The cheapest interval comes with it: there is no fit without one."""
    return _rated(bradley_terry.fit(given[0], interval="fisher"))


def interval(given: Given) -> Rated:
    return _rated(bradley_terry.fit(given[0]))


def bootstrap(given: Given, rounds: int) -> Rated:
    return _rated(resampled(given[0], unit="match", draws=rounds, seed=1))


def style(given: Given) -> Rated:
    return _rated(fit_style(*given))


def elo(given: Given) -> Rated:
    return Rated(dict(zip(given[0].names, sequential_elo(given[0]).tolist(), strict=True)))


def _rated(found: bradley_terry.BradleyTerryFit | StyleFit | BootstrapFit) -> Rated:
    columns = (found.rating, found.lower, found.upper)
    return Rated(*(dict(zip(found.names, column.tolist(), strict=True)) for column in columns))
