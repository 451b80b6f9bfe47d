"""FastChat (LMSYS): Bradley-Terry by logistic regression on rows, bootstrapped; the rating code of its last release.

Its faster fit from counts and its style control were never released.
"""

import sys
from unittest.mock import MagicMock

import pandas as pd

from benchmarks.peers.rating.exchange import Board, Rated

# The module also draws, reads server logs and knows all models, for which it would import torch.
STAND_INS = ("plotly", "plotly.express", "fastchat.model", "fastchat.model.model_registry")
LOGS = ("fastchat.serve.monitor.basic_stats", "fastchat.serve.monitor.clean_battle_data")
sys.modules.update({name: MagicMock() for name in STAND_INS + LOGS})

from fastchat.serve.monitor import elo_analysis  # noqa: E402 (after the stand-ins)

elo_analysis.tqdm = lambda rounds, **_: rounds  # no progress bar for each bootstrap

NOTES = dict.fromkeys(("fit", "interval"), "stops early, at scikit-learn's tolerance, and has its L2 penalty")


def taken(board: Board) -> pd.DataFrame:
    return pd.DataFrame({"model_a": board.side_a, "model_b": board.side_b, "winner": board.words})


def fit(given: pd.DataFrame) -> Rated:
    return Rated(elo_analysis.compute_elo_mle_with_tie(given).to_dict())


def bootstrap(given: pd.DataFrame, rounds: int) -> Rated:
    """A fit, and the percentiles of its report."""
    drawn = elo_analysis.get_bootstrap_result(given, elo_analysis.compute_elo_mle_with_tie, num_round=rounds)
    return Rated(fit(given).rating, drawn.quantile(0.025).to_dict(), drawn.quantile(0.975).to_dict())


def elo(given: pd.DataFrame) -> Rated:
    return Rated(elo_analysis.compute_elo(given))
