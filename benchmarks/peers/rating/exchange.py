"""What passes between the benchmark and the interpreter of a peer: boards in, ratings out. Needs numpy alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import numpy as np

ELO = 400 / log(10)  # Elo points per natural unit
WORDS = np.array(["model_a", "model_b", "tie"])
COLUMNS = ("a", "b", "outcome", "prompt", "style", "truth")


@dataclass(frozen=True, eq=False)
class Board:
    """n rows about M contenders.

    a, b, prompt: int32[n]; outcome: int8[n], 0 a won, 1 b won, 2 tie; style: float64[n, k], told from side a;
    truth: float64[M], Elo points with mean 1000, NaN where not known
    """

    names: tuple[str, ...]
    a: np.ndarray
    b: np.ndarray
    outcome: np.ndarray
    prompt: np.ndarray
    style: np.ndarray
    truth: np.ndarray

    @property
    def side_a(self) -> list[str]:
        return np.array(self.names)[self.a].tolist()

    @property
    def side_b(self) -> list[str]:
        return np.array(self.names)[self.b].tolist()

    @property
    def words(self) -> list[str]:
        return WORDS[self.outcome].tolist()


@dataclass(frozen=True)
class Rated:
    """Elo points by name, with limits of 95 % where the task has them."""

    rating: Mapping[str, float]
    lower: Mapping[str, float] | None = None
    upper: Mapping[str, float] | None = None


def write(path: Path, boards: Sequence[Board]) -> None:
    """Boards of one size, about the same contenders."""
    stacked: dict[str, Any] = {column: np.stack([getattr(board, column) for board in boards]) for column in COLUMNS}
    np.savez(path, names=np.array(boards[0].names), **stacked)


def read(path: Path) -> list[Board]:
    with np.load(path) as file:
        names, columns = tuple(file["names"].tolist()), [file[column] for column in COLUMNS]
    return [Board(names, *rows) for rows in zip(*columns, strict=True)]
