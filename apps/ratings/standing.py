"""Who stands where, as the judges, each judge and the humans see it: the arena's answers, ready to be stored."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from apps.judging.models import Judge
from apps.ratings.answer_styles import Compared
from apps.ratings.evidence import Evidence
from apps.ratings.models import Rating
from judgeboard.arena.corrected.fit import corrected_fit
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, fit
from judgeboard.arena.rating.elo import sequential_elo
from judgeboard.arena.rating.ranks import rank_interval
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.rating.win_rate import WinRates, against_field
from judgeboard.arena.style.control import Controlled, control
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.fit import StyleFit
from judgeboard.arena.style.position import fit_positions
from judgeboard.arena.verdicts import Verdicts

LEVEL = 0.95
Fitting = Callable[..., BradleyTerryFit | StyleFit]


@dataclass(frozen=True)
class Standing:
    """One rater's view of all contenders of a board, by their index in the evidence."""

    by: str
    judge: Judge | None
    fit: BradleyTerryFit | StyleFit
    rank_low: np.ndarray
    rank_high: np.ndarray
    elo: np.ndarray | None = None  # of verdicts alone, as what both tell together was never played
    win_rates: WinRates | None = None
    controlled: Controlled | None = None  # with style left aside

    def figures(self, index: int) -> dict[str, Any]:
        """The fields of the contender's Rating row; what was not measured is None, never 0."""
        measured = bool(np.isfinite(self.fit.rating[index]))
        return {
            "rating": _number(self.fit.rating[index]),
            "lower": _number(self.fit.lower[index]),
            "upper": _number(self.fit.upper[index]),
            "bounded": bool(self.fit.bounded[index]),
            "component": max(0, int(self.fit.component[index])),
            "rank_low": int(self.rank_low[index]) if measured else None,
            "rank_high": int(self.rank_high[index]) if measured else None,
            "elo": _number(self.elo[index]) if measured and self.elo is not None else None,
            "n": int(self.fit.n_verdicts[index]),
            **self._won(index),
            **self._controlled(index),
        }

    def _won(self, index: int) -> dict[str, float | None]:
        if self.win_rates is None:
            return {}
        rates = {"win_rate": self.win_rates.rate, "win_rate_lower": self.win_rates.lower}
        rates["win_rate_upper"] = self.win_rates.upper
        return {name: _number(column[index]) for name, column in rates.items()}

    @cached_property
    def _controlled_ranks(self) -> tuple[np.ndarray, np.ndarray]:
        assert self.controlled is not None
        return _ranks(self.controlled.fit)

    def _controlled(self, index: int) -> dict[str, Any]:
        told = self.controlled
        if told is None or not np.isfinite(told.shift[index]):
            return {}
        low, high = self._controlled_ranks
        return {
            "shift": float(told.shift[index]),
            "shift_lower": _number(told.lower[index]),
            "shift_upper": _number(told.upper[index]),
            "controlled_lower": _number(told.fit.lower[index]),
            "controlled_upper": _number(told.fit.upper[index]),
            "controlled_rank_low": int(low[index]),
            "controlled_rank_high": int(high[index]),
        }


def standings(evidence: Evidence, judges: Mapping[int, Judge], answers: Compared, scale: EloScale) -> list[Standing]:
    """The judges together, each judge alone where there are several, the humans, and the humans with the judges' help.

    The last only where somebody voted on a match that was judged: elsewhere nothing says how far to trust the judges.
    """
    said, style = evidence.judgments, answers.judged.covariates
    found = [_standing(Rating.By.JUDGES, None, said, style, scale, fit_positions)]
    if len(judges) > 1:
        for key, judge in judges.items():
            own = said.rater == key
            found.append(_standing(Rating.By.JUDGE, judge, said.where(own), style.where(own), scale, fit_positions))
    found.append(_standing(Rating.By.HUMANS, None, evidence.votes, answers.voted.covariates, scale, fit))
    corrected = corrected_fit(evidence.votes, evidence.judgments, scale=scale, level=LEVEL)
    if corrected.state == "corrected":
        found.append(Standing(Rating.By.CORRECTED, None, corrected, *_ranks(corrected)))
    return found


def _standing(
    by: str, judge: Judge | None, verdicts: Verdicts, style: Covariates, scale: EloScale, fitting: Fitting
) -> Standing:
    fitted = fitting(verdicts, scale=scale, level=LEVEL)
    return Standing(
        by,
        judge,
        fitted,
        *_ranks(fitted),
        elo=sequential_elo(verdicts),
        win_rates=against_field(verdicts, level=LEVEL),
        controlled=control(verdicts, style, fitted, scale=scale, level=LEVEL),
    )


def _ranks(fitted: BradleyTerryFit | StyleFit) -> tuple[np.ndarray, np.ndarray]:
    return rank_interval(fitted.rating, fitted.covariance, LEVEL)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
