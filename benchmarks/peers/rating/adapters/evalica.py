"""evalica (Ustalov): Bradley-Terry by Newman's iteration, in Rust, from lists."""

import evalica
import numpy as np
from evalica import Winner

from benchmarks.peers.rating.exchange import ELO, Board, Rated

WINNERS = (Winner.X, Winner.Y, Winner.Draw)
Given = tuple[list[str], list[str], list[Winner]]


def taken(board: Board) -> Given:
    return board.side_a, board.side_b, [WINNERS[code] for code in board.outcome.tolist()]


def fit(given: Given) -> Rated:
    return Rated(_elo(evalica.bradley_terry(*given).scores))


def bootstrap(given: Given, rounds: int) -> Rated:
    """By percentiles: its default, BCa, leaves out each row once, a fit for each."""
    drawn = evalica.bootstrap(
        evalica.bradley_terry, *given, n_resamples=rounds, bootstrap_method="percentile", random_state=1
    )
    return Rated(_elo(drawn.result.scores), _elo(drawn.low), _elo(drawn.high))


def elo(given: Given) -> Rated:
    return Rated(evalica.elo(*given).scores.to_dict())


def _elo(scores) -> dict[str, float]:  # a pandas series by name, of geometric mean 1
    return (np.log(scores) * ELO + 1000).to_dict()
