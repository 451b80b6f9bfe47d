"""leaderbot (Ameli et al. 2025): Bradley-Terry without its covariance model, from counts by pair."""

import numpy as np
from leaderbot import BradleyTerry

from benchmarks.peers.rating.adapters.counts import counted
from benchmarks.peers.rating.exchange import ELO, Board, Rated

NOTES = {"fit": "has a prior: half a win and half a loss against the mean"}
Given = tuple[list[str], list[str], list[str]]


def taken(board: Board) -> Given:
    return board.side_a, board.side_b, board.words


def fit(given: Given) -> Rated:
    names, counts = counted(*given)
    counts += counts.transpose(1, 0, 2)[..., [1, 0, 2]]
    pairs = np.argwhere(np.triu(counts.sum(axis=2)))
    model = BradleyTerry({"models": names, "X": pairs, "Y": counts[tuple(pairs.T)]}, k_cov=None)
    model.train()
    return Rated(dict(zip(names, model.param * ELO + 1000, strict=True)))
