"""What each rater makes of each true outcome, when the truth was never told: a diagnostic, not a rating."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.verdicts import BadVerdict, Verdicts, bad_as_tie

CLASSES = 3
NEVER = 1e-300
"""Stands for a probability of zero, whose logarithm has no place in a product."""
TOO_FEW = 1e-9
"""Verdicts, as expected, that say nothing of what a rater makes of a class."""


class NothingSaid(BadVerdict):
    """No verdicts, so nothing to be learnt about raters."""


@dataclass(frozen=True, eq=False)
class DawidSkene:
    """The model of N matches, R raters and the classes side a, side b, tie, each match told from its first row's sides.

    match:          int[N], ascending
    posterior:      float64[N, 3], the probability of each class
    share:          float64[3], how common each class is
    raters:         int[R], ascending
    confusion:      float64[R, 3, 3], true class by class said, rows sum to 1; NaN where the rater never met the class
    log_likelihood: float64[steps], never falling
    converged:      False when the steps ran out
    """

    match: Integers
    posterior: Floats
    share: Floats
    raters: Integers
    confusion: Floats
    log_likelihood: Floats
    converged: bool
    tolerance: float
    most_steps: int


def dawid_skene(verdicts: Verdicts, *, tolerance: float = 1e-7, most_steps: int = 500) -> DawidSkene:
    """Raters' confusion matrices by the EM algorithm of Dawid & Skene (1979, Applied Statistics 28, 20-28).

    Both bad is a tie. Starts from the shares of votes; ends when a step gains less than `tolerance` a verdict. A rater
    who speaks twice on a match counts twice. Raises NothingSaid, MatchesDiffer.
    """
    if not len(verdicts):
        raise NothingSaid("There are no verdicts; expected at least one.")
    said = _said(verdicts.aligned())
    posterior = _rows_to_one(said @ np.tile(np.eye(CLASSES), (said.shape[1] // CLASSES, 1)))
    likelihoods: list[float] = []
    gain = np.inf
    while gain >= tolerance * len(verdicts) and len(likelihoods) < most_steps:
        share, confusion = posterior.mean(axis=0), _confusion(said, posterior)
        posterior, likelihood = _expected(said, share, confusion)
        gain = likelihood - likelihoods[-1] if likelihoods else np.inf
        likelihoods.append(likelihood)
    return DawidSkene(
        match=np.unique(verdicts.match),
        posterior=posterior,
        share=posterior.mean(axis=0),
        raters=np.unique(verdicts.rater),
        confusion=_confusion(said, posterior),
        log_likelihood=np.array(likelihoods),
        converged=gain < tolerance * len(verdicts),
        tolerance=tolerance,
        most_steps=most_steps,
    )


def _said(told: Verdicts) -> csr_array:
    """[N, 3 R]: how often each rater said each class of each match; most say nothing of most, hence sparse."""
    match, matches = numbered(told.match)
    rater, raters = numbered(told.rater)
    spoken = rater * CLASSES + bad_as_tie(told.outcome)
    return csr_array((np.ones(len(told)), (match, spoken)), shape=(matches, raters * CLASSES))


def _confusion(said: csr_array, posterior: Floats) -> Floats:
    """float64[R, 3, 3], true class by class said: the most likely one, given float64[N, 3]."""
    weight = (said.T @ posterior).reshape(-1, CLASSES, CLASSES)
    return _rows_to_one(weight.transpose(0, 2, 1))


def _expected(said: csr_array, share: Floats, confusion: Floats) -> tuple[Floats, float]:
    """float64[N, 3], the posterior, and the log-likelihood of all that was said."""
    known = np.where(np.isnan(confusion), 1 / CLASSES, np.maximum(confusion, NEVER))
    joint = said @ np.log(known).transpose(0, 2, 1).reshape(-1, CLASSES) + np.log(np.maximum(share, NEVER))
    top = joint.max(axis=1, keepdims=True)
    weight = np.exp(joint - top)
    likelihood = float((top[:, 0] + np.log(weight.sum(axis=1))).sum())
    return _rows_to_one(weight), likelihood


def _rows_to_one(weight: Floats) -> Floats:
    """Each row as shares of its sum; NaN where that is as good as zero."""
    total = weight.sum(axis=-1, keepdims=True)
    shares: Floats = np.divide(weight, total, out=np.full_like(weight, np.nan), where=total > TOO_FEW)
    return shares
