"""How surely a contender will be rated after so many verdicts, told before any of them is asked for.

A Bradley-Terry verdict between equals tells p (1 - p) = 1/4 about the difference in natural units, so that n verdicts
against known opponents leave a standard error of 2 / sqrt(n). Verdicts are not independent (both orders of a match,
many matches on a prompt) and not all between equals; what that costs is a factor on the variance, the design effect
(Kish, Survey Sampling, 1965), taken from a board of the same kind that was rated already.
"""

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.scale import ELO

Z = 1.959964  # 95 %, two-sided


def expected_half_width(verdicts: float, design_effect: float = 1.0) -> float | None:
    """Elo points to either side, 95 %; None without verdicts."""
    if verdicts <= 0:
        return None
    return float(Z * ELO * np.sqrt(4 * design_effect / verdicts))


def expected_verdicts(half_width: float, design_effect: float = 1.0) -> int:
    """Of one contender, until its interval of 95 % is so many Elo points to either side, more than 0."""
    return int(np.ceil(4 * design_effect * (Z * ELO / half_width) ** 2))


def design_effect(half_widths: Floats, verdicts: Integers) -> float:
    """The median, over contenders, of the variance that was seen by the variance of independent even verdicts.

    half_widths: float64[M], Elo points; verdicts: int[M], above nought. 1 without contenders.
    """
    if not len(verdicts):
        return 1.0
    even = Z * ELO * np.sqrt(4 / np.asarray(verdicts, dtype=float))
    return float(np.median((np.asarray(half_widths, dtype=float) / even) ** 2))
