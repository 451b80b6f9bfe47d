"""Readers of published leaderboards: twenty models by four judges, and by the people of Chatbot Arena."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from judgeboard.arena.agreement.leaderboards import Ranking
from tests.arena.reference_data import DATA, read_csv

PRINTED = DATA / "arena_hard_stats"


def twenty_models() -> list[str]:
    return [row["model"] for row in read_csv(PRINTED / "arena_hard_scores_20models.csv")]


def judge_board(judge: str) -> Ranking:
    """A leaderboard as it is printed: scores and intervals."""
    columns = _columns(PRINTED / f"{judge}_scores_20models.csv", ("score", "lower", "upper"))
    return Ranking.of_intervals(*columns)


def human_board() -> Ranking:
    """The Arena of 29 March 2024; its variances let the difference of two ratings be tested."""
    rating, variance = _columns(PRINTED / "arena_elo_20240329_with_ci.csv", ("rating", "variance"))
    return Ranking.of_ratings(rating, np.diag(variance))


def _columns(path: Path, names: Sequence[str]) -> np.ndarray:
    row = {row["model"]: row for row in read_csv(path)}
    return np.array([[float(row[model][name]) for model in twenty_models()] for name in names])
