"""Krippendorff's alpha: agreement among any number of raters, some of whom said nothing."""

import numpy as np

from judgeboard.arena.arrays import Integers
from judgeboard.arena.verdicts import Verdicts, bad_as_tie


def krippendorff_alpha(verdicts: Verdicts) -> float | None:
    """Nominal alpha over all matches with at least two verdicts; both bad counts as a tie.

    None where no match has two verdicts or all verdicts are the same. Raises MatchesDiffer.
    """
    told = verdicts.aligned()
    _, group = np.unique(told.match, return_inverse=True)
    counts = np.bincount(group * 3 + bad_as_tie(told.outcome), minlength=3 * (group.max(initial=-1) + 1))
    return nominal_alpha(counts.reshape(-1, 3))


def nominal_alpha(counts: Integers) -> float | None:
    """Alpha of int[units, values]: how many raters gave which value to each unit; None where it is not defined.

    1 - observed / expected disagreement (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability). A unit with
    a single value cannot agree with anything and is left out.
    """
    paired = counts[counts.sum(axis=1) >= 2].astype(np.float64)
    raters, totals = paired.sum(axis=1), paired.sum(axis=0)
    n = totals.sum()
    expected = n**2 - (totals**2).sum()
    if expected == 0:
        return None
    observed = ((raters**2 - (paired**2).sum(axis=1)) / (raters - 1)).sum()
    return float(1 - (n - 1) * observed / expected)
