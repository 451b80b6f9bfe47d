"""How far a judge leans to the answer it was shown first."""

from dataclasses import dataclass

from judgeboard.arena.bias.effect import Effect, effect_of
from judgeboard.arena.rating.bradley_terry import Interval
from judgeboard.arena.share import Share, clustered_share
from judgeboard.arena.style.covariates import shown_first
from judgeboard.arena.verdicts import A_WINS, B_WINS, Verdicts


@dataclass(frozen=True)
class PositionBias:
    """n: verdicts whose order is known; effect: how far the first shown of two equals is ahead; first_won: the share
    of decided verdicts that went to the first shown, by prompt."""

    n: int
    effect: Effect
    first_won: Share


def position_bias(verdicts: Verdicts, *, interval: Interval = "prompt", level: float = 0.95) -> PositionBias:
    """Of one judge's verdicts, or of several judges as one."""
    known = verdicts.where(verdicts.first >= 0)
    decided = known.where(known.outcome <= B_WINS)
    first_won = (decided.outcome == A_WINS) == (decided.first == 0)
    return PositionBias(
        n=len(known),
        effect=effect_of(shown_first(known.first), known, interval, level),
        first_won=clustered_share(first_won.astype(float), decided.prompt, level),
    )
