"""How far two raters agree on the same matches: judge and human, one human and another, any two."""

from dataclasses import dataclass

import numpy as np

from judgeboard.arena.agreement.chance import NOT_DEFINED, Coefficient, Estimate, ac1_chance, corrected, kappa_chance
from judgeboard.arena.agreement.pairs import Pairs
from judgeboard.arena.agreement.pairs import Ties as Ties
from judgeboard.arena.arrays import Integers
from judgeboard.arena.share import NOT_MEASURED, Share, share_of_totals


@dataclass(frozen=True, eq=False)
class Agreement:
    """Raw agreement, Cohen's kappa and Gwet's AC1 over n pairs of verdicts; None where there is nothing to measure.

    confusion: int[k, k], left by right; classes side a, side b and, where ties are kept, tie
    specific:  k shares: of both raters' verdicts for a class, those on which the other says the same
    """

    n: int
    agreement: float | None
    lower: float | None
    upper: float | None
    kappa: float | None
    kappa_lower: float | None
    kappa_upper: float | None
    ac1: float | None
    ac1_lower: float | None
    ac1_upper: float | None
    confusion: Integers
    specific: tuple[Share, ...]
    ties: Ties
    level: float


def between(left: Integers, right: Integers, prompt: Integers, *, ties: Ties, level: float = 0.95) -> Agreement:
    """Agreement of int[n] outcome codes on the same matches, told from the same sides; int[n] prompts are clusters.

    Both bad counts as a tie. Ties "dropped" leaves out every pair in which either says tie. The intervals treat each
    prompt as one draw: Wilson's for shares, the delta method for what is corrected for chance. Raises BadPairs,
    UnknownOutcome.
    """
    pairs = Pairs.of(left, right, prompt, ties)
    raw, kappa, ac1 = _figures(pairs, level) if len(pairs) else (NOT_MEASURED, NOT_DEFINED, NOT_DEFINED)
    return Agreement(
        n=len(pairs),
        agreement=raw.share,
        lower=raw.lower,
        upper=raw.upper,
        kappa=kappa.value,
        kappa_lower=kappa.lower,
        kappa_upper=kappa.upper,
        ac1=ac1.value,
        ac1_lower=ac1.lower,
        ac1_upper=ac1.upper,
        confusion=pairs.confusion,
        specific=tuple(_specific(pairs, of, level) for of in range(len(pairs.confusion))),
        ties=ties,
        level=level,
    )


def _figures(pairs: Pairs, level: float) -> tuple[Share, Coefficient, Coefficient]:
    same = np.eye(len(pairs.confusion))
    share = float(np.trace(pairs.confusion)) / len(pairs)
    agreed = Estimate(share, pairs.totals(same - share))
    kappa, ac1 = (corrected(agreed, chance(pairs), len(pairs), level) for chance in (kappa_chance, ac1_chance))
    return share_of_totals(share, agreed.total, len(pairs), level), kappa, ac1


def _specific(pairs: Pairs, of: int, level: float) -> Share:
    """Specific agreement on one class (Cicchetti & Feinstein 1990, J. Clin. Epidemiol. 43, 551-558)."""
    one = np.eye(len(pairs.confusion))[of]
    verdicts, shared = one[:, None] + one, 2 * np.outer(one, one)
    if not (n := int((pairs.confusion * verdicts).sum())):
        return NOT_MEASURED
    share = 2 * int(pairs.confusion[of, of]) / n
    concerned = pairs.totals(verdicts) > 0
    return share_of_totals(share, pairs.totals(shared - share * verdicts)[concerned], n, level)
