"""What is left of agreement after chance: one formula and one interval for kappa, AC1 and alpha."""

from dataclasses import dataclass

from scipy.special import stdtrit

from judgeboard.arena.agreement.pairs import Pairs
from judgeboard.arena.arrays import Floats
from judgeboard.arena.share import NO_SPREAD, share_of_totals, variance_of_totals


@dataclass(frozen=True)
class Coefficient:
    """(agreement - chance) / (1 - chance) and its interval; None where it is not defined."""

    value: float | None
    lower: float | None
    upper: float | None


NOT_DEFINED = Coefficient(None, None, None)


@dataclass(frozen=True, eq=False)
class Estimate:
    """A figure of n rows, and float64[G], what the rows of each prompt pull at it: n times its linear part."""

    value: float
    total: Floats


def corrected(agreed: Estimate, chance: Estimate, n: int, level: float) -> Coefficient:
    """Agreement beyond chance, its interval by the delta method over G prompts with Student's t of G - 1 degrees.

    Where no prompt differs from another it is as unsure as the raw agreement is. Not defined where chance alone
    explains everything.
    """
    if chance.value == 1.0:
        return NOT_DEFINED
    beyond = 1 - chance.value
    value = (agreed.value - chance.value) / beyond
    variance = variance_of_totals((agreed.total - (1 - value) * chance.total) / beyond, n) or 0.0
    if variance < NO_SPREAD:
        raw = share_of_totals(agreed.value, agreed.total, n, level)
        assert raw.lower is not None and raw.upper is not None
        lower, upper = (raw.lower - chance.value) / beyond, (raw.upper - chance.value) / beyond
    else:
        half = float(stdtrit(len(agreed.total) - 1, (1 + level) / 2)) * variance**0.5
        lower, upper = value - half, value + half
    return Coefficient(value, max(-1.0, lower), min(1.0, upper))


def kappa_chance(pairs: Pairs) -> Estimate:
    """Both say the same by chance if each throws its own dice (Cohen 1960, Educ. Psychol. Meas. 20, 37-46)."""
    left, right = _said(pairs)
    chance = float(left @ right)
    return Estimate(chance, pairs.totals(right[:, None] + left - 2 * chance))


def ac1_chance(pairs: Pairs) -> Estimate:
    """Chance is agreement on rows so hard that one can only guess (Gwet 2008, Br. J. Math. Stat. Psychol. 61, 29-48).

    The classes are those on offer, whether or not all of them were used.
    """
    left, right = _said(pairs)
    said, others = (left + right) / 2, len(left) - 1
    chance = float(said @ (1 - said)) / others
    slope = (1 - 2 * said) / others
    return Estimate(chance, pairs.totals((slope[:, None] + slope) / 2 - slope @ said))


def _said(pairs: Pairs) -> tuple[Floats, Floats]:
    """float64[k] twice: how often each class was said on the left and on the right, as shares."""
    return pairs.confusion.sum(axis=1) / len(pairs), pairs.confusion.sum(axis=0) / len(pairs)
