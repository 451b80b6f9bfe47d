"""How far two raters agree on the same matches: judge and human, one human and another, any two."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.share import Share, clustered_share, clustered_variance
from judgeboard.arena.verdicts import TIE, bad_as_tie

Ties = Literal["kept", "dropped"]


@dataclass(frozen=True, eq=False)
class Agreement:
    """Raw agreement and Cohen's kappa over n pairs of verdicts; None where there is nothing to measure.

    confusion: int[k, k], left by right; classes side a, side b and, where ties are kept, tie
    """

    n: int
    agreement: float | None
    lower: float | None
    upper: float | None
    kappa: float | None
    kappa_lower: float | None
    kappa_upper: float | None
    confusion: Integers
    ties: Ties
    level: float


def between(left: Integers, right: Integers, prompt: Integers, *, ties: Ties, level: float = 0.95) -> Agreement:
    """Agreement of int[n] outcome codes on the same matches, told from the same sides; int[n] prompts are clusters.

    Both bad counts as a tie. Ties "dropped" leaves out every pair in which either says tie. Kappa: Cohen (1960),
    Educ. Psychol. Meas. 20, 37-46; its interval is the delta method over prompts.
    """
    left, right = bad_as_tie(left), bad_as_tie(right)
    classes = 3
    if ties == "dropped":
        decided = (left != TIE) & (right != TIE)
        left, right, prompt, classes = left[decided], right[decided], prompt[decided], 2
    raw = clustered_share((left == right).astype(np.float64), prompt, level)
    kappa, kappa_lower, kappa_upper = _kappa(left, right, prompt, classes, raw, level)
    return Agreement(
        n=raw.n,
        agreement=raw.share,
        lower=raw.lower,
        upper=raw.upper,
        kappa=kappa,
        kappa_lower=kappa_lower,
        kappa_upper=kappa_upper,
        confusion=np.bincount(left * classes + right, minlength=classes**2).reshape(classes, classes),
        ties=ties,
        level=level,
    )


def _kappa(
    left: Integers, right: Integers, prompt: Integers, classes: int, raw: Share, level: float
) -> tuple[float | None, float | None, float | None]:
    if raw.share is None or raw.lower is None or raw.upper is None:
        return None, None, None
    said_left = np.bincount(left, minlength=classes) / raw.n
    said_right = np.bincount(right, minlength=classes) / raw.n
    chance = float(said_left @ said_right)
    if chance == 1.0:  # both said one and the same thing throughout: nothing that chance could not explain
        return None, None, None
    kappa = (raw.share - chance) / (1 - chance)
    pull = said_right[left] + said_left[right] - 2 * chance
    deviation: Floats = ((left == right) - raw.share) / (1 - chance) - (1 - raw.share) * pull / (1 - chance) ** 2
    variance = clustered_variance(deviation, prompt)
    if not variance:  # no prompt differs from another: as unsure as the raw agreement is
        return kappa, (raw.lower - chance) / (1 - chance), (raw.upper - chance) / (1 - chance)
    half = float(ndtri((1 + level) / 2)) * variance**0.5
    return kappa, max(-1.0, kappa - half), min(1.0, kappa + half)
