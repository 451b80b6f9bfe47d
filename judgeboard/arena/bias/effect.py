"""How far one covariate moves a judge, in Elo points, or why that cannot be said."""

from dataclasses import dataclass
from typing import Literal

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.bradley_terry import Interval
from judgeboard.arena.style.covariates import Collinear, Covariates, NeverVaries, Separated
from judgeboard.arena.style.fit import fit_style
from judgeboard.arena.verdicts import Verdicts

State = Literal["measured", "never varies", "confounded", "without end"]
"""Confounded: it cannot be told from the contenders' strengths. Without end: it alone tells the judge's verdicts."""


@dataclass(frozen=True)
class Effect:
    """Elo points and their interval; None unless measured."""

    elo: float | None
    lower: float | None
    upper: float | None
    state: State


def effect_of(column: Floats, verdicts: Verdicts, interval: Interval, level: float) -> Effect:
    """The effect of one unit of float64[n], told from side a, on the verdicts, strengths allowed for."""
    try:
        found = fit_style(verdicts, Covariates.of({"effect": column}), interval=interval, level=level)
    except NeverVaries:
        return not_measured("never varies")
    except Collinear:
        return not_measured("confounded")
    except Separated:
        return not_measured("without end")
    elo = found.coefficients[0].elo
    return Effect(elo.value, elo.lower, elo.upper, "measured")


def not_measured(state: State) -> Effect:
    return Effect(None, None, None, state)
