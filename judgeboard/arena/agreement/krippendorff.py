"""Krippendorff's alpha: agreement among any number of raters, some of whom said nothing."""

from dataclasses import dataclass

import numpy as np

from judgeboard.arena.agreement.chance import NOT_DEFINED, Coefficient, Estimate, corrected
from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.share import totals
from judgeboard.arena.verdicts import Verdicts, bad_as_tie

CLASSES = 3


@dataclass(frozen=True)
class Alpha:
    """Nominal alpha over the n verdicts on matches that have at least two; None where it is not defined."""

    n: int
    n_matches: int
    alpha: float | None
    lower: float | None
    upper: float | None
    level: float


def krippendorff_alpha(verdicts: Verdicts, *, level: float = 0.95) -> Alpha:
    """Alpha over all matches with at least two verdicts, with an interval by the delta method over prompts.

    Both bad counts as a tie. Not defined where no match has two verdicts or all are the same. Raises MatchesDiffer.
    """
    told = verdicts.aligned()
    group, matches = numbered(told.match)
    cell = group * CLASSES + bad_as_tie(told.outcome)
    counts = np.bincount(cell, minlength=matches * CLASSES).reshape(-1, CLASSES)
    prompt = np.zeros(matches, dtype=told.prompt.dtype)
    prompt[group] = told.prompt
    paired = counts.sum(axis=1) >= 2
    found = _alpha(counts[paired], prompt[paired], level)
    n, n_matches = int(counts[paired].sum()), int(np.count_nonzero(paired))
    return Alpha(n, n_matches, found.value, found.lower, found.upper, level)


def nominal_alpha(counts: Integers) -> float | None:
    """Alpha of int[units, values]: how many raters gave which value to each unit; None where it is not defined.

    1 - observed / expected disagreement (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability). A unit with
    a single value cannot agree with anything and is left out.
    """
    paired = counts[counts.sum(axis=1) >= 2]
    return _alpha(paired, np.arange(len(paired)), 0.95).value


def _alpha(counts: Integers, prompt: Integers, level: float) -> Coefficient:
    """Of int[units, values] with at least two raters each; int[units] prompts."""
    raters = counts.sum(axis=1)
    if not (n := int(raters.sum())):
        return NOT_DEFINED
    given = np.stack([totals(column, prompt) for column in counts.T], axis=1)
    shared = totals((counts * (counts - 1)).sum(axis=1) / (raters - 1), prompt)
    agreement = float(shared.sum()) / n
    agreed = Estimate(agreement, shared - agreement * given.sum(axis=1))
    return corrected(agreed, _chance(given, n), n, level)


def _chance(given: Floats, n: int) -> Estimate:
    """Two of all n values, drawn without putting the first back, are the same; given: float64[G, values]."""
    total = given.sum(axis=0)
    chance = float(total @ (total - 1)) / (n * (n - 1))
    pull = (2 * total - 1 - chance * (2 * n - 1)) / (n - 1)
    return Estimate(chance, given @ pull)
