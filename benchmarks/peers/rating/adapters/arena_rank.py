"""arena-rank (LMArena): Bradley-Terry by L-BFGS in JAX, from a data frame."""

import multiprocessing

import pandas as pd
from arena_rank.models.bradley_terry import BradleyTerry
from arena_rank.models.contextual_bradley_terry import ContextualBradleyTerry
from arena_rank.utils.data_utils import ContextualPairDataset, PairDataset

from benchmarks.peers.rating.exchange import Board, Rated

multiprocessing.set_start_method("spawn")  # it forks to bootstrap, and hangs with the threads of JAX

NOTES = {"style": "its penalty on coefficients, its centring and its weights switched off, to solve our problem"}


def taken(board: Board) -> pd.DataFrame:
    style = {f"style-{number}": column for number, column in enumerate(board.style.T)}
    return pd.DataFrame({"model_a": board.side_a, "model_b": board.side_b, "winner": board.words, **style})


def fit(given: pd.DataFrame) -> Rated:
    rows = PairDataset.from_pandas(given)
    model = BradleyTerry(rows.n_competitors).fit(rows)
    ratings = model.params["ratings"] * model.alpha + model.init_rating
    return Rated(dict(zip(rows.competitors, ratings.tolist(), strict=True)))


def interval(given: pd.DataFrame) -> Rated:
    rows = PairDataset.from_pandas(given)
    return _rated(BradleyTerry(rows.n_competitors).compute_ratings_and_cis(rows))


def bootstrap(given: pd.DataFrame, rounds: int) -> Rated:
    rows = PairDataset.from_pandas(given)
    model = BradleyTerry(rows.n_competitors)
    return _rated(model.compute_ratings_and_cis(rows, ci_method="bootstrap", num_bootstrap=rounds))


def style(given: pd.DataFrame) -> Rated:
    features = [column for column in given.columns if column.startswith("style-")]
    rows = ContextualPairDataset.from_pandas(given, features, reweighted=False, normalize_features=False)
    model = ContextualBradleyTerry(rows.n_competitors, len(features), reg=0.0)
    return _rated(model.compute_ratings_and_cis(rows))


def _rated(told: dict) -> Rated:
    columns = (told[key].tolist() for key in ("ratings", "rating_lower", "rating_upper"))
    return Rated(*(dict(zip(told["competitors"], column, strict=True)) for column in columns))
