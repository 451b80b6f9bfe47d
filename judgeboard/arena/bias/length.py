"""How far a judge leans to the longer answer."""

from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.bias.effect import Effect, effect_of
from judgeboard.arena.rating.bradley_terry import Interval
from judgeboard.arena.share import Share, clustered_share
from judgeboard.arena.style.covariates import BadCovariates, root_mean_square
from judgeboard.arena.verdicts import A_WINS, B_WINS, Verdicts


@dataclass(frozen=True)
class LengthBias:
    """n: verdicts; unit: the log ratio of lengths that counts as one; effect: how far one unit of greater length puts
    one of two equals ahead; longer_won: the share of decided verdicts on unequal lengths that went to the longer."""

    n: int
    unit: float
    effect: Effect
    longer_won: Share


def length_bias(
    verdicts: Verdicts,
    length: Integers,
    *,
    unit: float | None = None,
    interval: Interval = "prompt",
    level: float = 0.95,
) -> LengthBias:
    """Of one judge's verdicts on answers of int[n, 2] lengths, of side a and side b, in any unit.

    The covariate is the difference of log(1 + length) over `unit`, its root mean square here unless given.
    """
    ratio = _log_ratio(verdicts, length)
    unit = root_mean_square(ratio) if unit is None else unit
    told = (verdicts.outcome <= B_WINS) & (ratio != 0)
    longer_won = (verdicts.outcome[told] == A_WINS) == (ratio[told] > 0)
    return LengthBias(
        n=len(verdicts),
        unit=unit,
        effect=effect_of(ratio / (unit or 1.0), verdicts, interval, level),
        longer_won=clustered_share(longer_won.astype(float), verdicts.prompt[told], level),
    )


def length_bias_beside(
    judged: Verdicts,
    judged_length: Integers,
    voted: Verdicts,
    voted_length: Integers,
    *,
    interval: Interval = "prompt",
    level: float = 0.95,
) -> tuple[LengthBias, LengthBias]:
    """(the judge's, people's) on the matches that both speak of, in one unit: what the judge's rows set."""
    judge_rows, vote_rows = np.isin(judged.match, voted.match), np.isin(voted.match, judged.match)
    judge = length_bias(judged.where(judge_rows), judged_length[judge_rows], interval=interval, level=level)
    votes, length = voted.where(vote_rows), voted_length[vote_rows]
    return judge, length_bias(votes, length, unit=judge.unit, interval=interval, level=level)


def _log_ratio(verdicts: Verdicts, length: Integers) -> Floats:
    if length.shape != (len(verdicts), 2) or (length < 0).any():
        raise BadCovariates("The lengths are not two for each verdict, or one of them is negative.")
    log = np.log1p(length)
    ratio: Floats = log[:, 0] - log[:, 1]
    return ratio
