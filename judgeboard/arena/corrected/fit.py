"""Human ratings made surer by a judge, whatever its taste: prediction-powered inference."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from judgeboard.arena.arrays import Flags, Floats
from judgeboard.arena.corrected.judge_weight import Correction, Worth, tuned_lambda
from judgeboard.arena.corrected.judged_votes import JudgedVotes
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, finished, fit
from judgeboard.arena.rating.point_fit import PointFit, point_fit
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.tallies import BothBad, Tallies
from judgeboard.arena.verdicts import BOTH_BAD, Verdicts, meetings

State = Literal["corrected", "no votes", "no judgments", "no overlap"]


class BadLambda(ValueError):
    """A weight of the judge outside [0, 1]."""


@dataclass(frozen=True, eq=False)
class CorrectedFit(BradleyTerryFit):
    """Human ratings corrected by a judge; what BradleyTerryFit says of verdicts, this says of votes.

    human:          the ratings of the votes alone
    state:          "corrected", or why the ratings are those of the votes alone
    lambda_:        the weight of the judge that was used, from 0, none, to 1
    lowered:        whether it was lowered, as a rating would have run away to where hardly anything is known of it
    effective:      n_votes times the variance without the judge over that with it: the votes that would tell as much.
                    Capped at the judged matches, where they are more than the votes. Not capped at 2 n_votes, which is
                    the bound for a judge no better than the judged (Dorner, Nastl & Hardt 2024, arXiv 2410.13341):
                    the figures do not say whether it is
    effective_each: float64[M], the same of each contender's votes; NaN without any
    n_votes, n_paired, n_judged: votes, those on a match that was judged, and judged matches that were compared with
    judged_only:    bool[M], contenders that the judge knows and no vote does: unrated
    """

    human: BradleyTerryFit
    state: State
    lambda_: float
    lowered: bool
    effective: float
    effective_each: Floats
    n_votes: int
    n_paired: int
    n_judged: int
    judged_only: Flags


def corrected_fit(
    votes: Verdicts,
    judgments: Verdicts,
    *,
    both_bad: BothBad = "tie",
    level: float = 0.95,
    scale: EloScale | None = None,
    lambda_: float | None = None,
) -> CorrectedFit:
    """The ratings of endless human votes, from few votes and many judgments (PPI++).

    The maximum of L_human(votes) + lambda [L_judge(all matches) - L_judge(voted matches)], mean log likelihoods of
    Bradley & Terry: Angelopoulos, Duchi & Zrnic 2023, arXiv 2311.01453; Boyeau et al. 2024, arXiv 2403.07008. What the
    judge gets wrong cancels between the brackets, if the voted matches are a random sample of the judged ones. Without
    `lambda_`, it is the one in [0, 1] with the least sum of variances (sandwich, clustered by prompt).

    Votes and judgments share names, prompts and matches. Each vote counts; judgments on one match, by other judges or
    in the other order, count as their mean. A vote on a match without a judgment is human evidence alone; judgments
    between contenders that the votes do not compare are left out. The corrected likelihood counts as the number of
    votes it is worth and is finished as any rating, so with lambda 0 all is as in `fit`. Raises BadLambda,
    BoardsDiffer, MatchesDiffer.
    """
    if both_bad == "dropped":
        votes, judgments = (part.where(part.outcome != BOTH_BAD) for part in (votes, judgments))
    board = point_fit(Tallies.of(votes).points())
    judged = JudgedVotes.of(votes, judgments, board.contact.together)
    wanted = _wanted(board, judged, lambda_)
    correction = Correction.of(board, judged, wanted)
    worth = Worth.of(correction, judged)
    rated = _rated(votes, worth, both_bad, level, scale)
    met = rated.component >= 0
    return CorrectedFit(
        **vars(rated),
        human=fit(votes, both_bad=both_bad, level=level, scale=scale),
        state=_state(judged, len(judgments)),
        lambda_=correction.lambda_,
        lowered=correction.lambda_ < wanted,
        effective=judged.n_votes * worth.overall,
        effective_each=np.where(met, rated.n_verdicts * worth.each, np.nan),
        n_votes=judged.n_votes,
        n_paired=judged.n_paired,
        n_judged=judged.n_judged,
        judged_only=_named(judgments) & ~met,
    )


def _wanted(board: PointFit, judged: JudgedVotes, lambda_: float | None) -> float:
    """The weight of the judge; none where nothing shows how it differs from people."""
    if lambda_ is not None and not 0 <= lambda_ <= 1:
        raise BadLambda(f"lambda is {lambda_}; expected a weight from 0, humans only, to 1.")
    if not judged.n_paired:
        return 0.0
    return tuned_lambda(board, judged) if lambda_ is None else lambda_


def _rated(votes: Verdicts, worth: Worth, both_bad: BothBad, level: float, scale: EloScale | None) -> BradleyTerryFit:
    return finished(
        Tallies.of(votes),
        worth.board,
        worth.meat,
        partial(meetings, votes),
        both_bad=both_bad,
        interval="prompt",
        level=level,
        scale=scale,
    )


def _state(judged: JudgedVotes, n_judgments: int) -> State:
    if not judged.n_votes:
        return "no votes"
    if not n_judgments:
        return "no judgments"
    return "corrected" if judged.n_paired else "no overlap"


def _named(verdicts: Verdicts) -> Flags:
    """bool[M]: contenders with verdicts."""
    named = np.zeros(len(verdicts.names), dtype=bool)
    named[verdicts.a] = named[verdicts.b] = True
    return named
