"""choix (Maystre): iterative Luce spectral ranking from a matrix of wins; a tie is half a win for each."""

import choix

from benchmarks.peers.rating.adapters.counts import counted
from benchmarks.peers.rating.exchange import ELO, Board, Rated

Given = tuple[list[str], list[str], list[str]]


def taken(board: Board) -> Given:
    return board.side_a, board.side_b, board.words


def fit(given: Given) -> Rated:
    names, counts = counted(*given)
    won, lost, tied = counts.transpose(2, 0, 1)
    wins = won + lost.T + (tied + tied.T) / 2
    return Rated(dict(zip(names, choix.ilsr_pairwise_dense(wins) * ELO + 1000, strict=True)))
