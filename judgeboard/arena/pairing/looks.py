"""A run that chooses its matches: it looks at what is known, stops or draws a batch, and looks again when it is judged.

verdicts --seen--> a reason to stop | what it still takes --batch--> calls --drawn--> pairs, prompts, orders
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.pairing.choice import choose
from judgeboard.arena.pairing.knowledge import Knowledge
from judgeboard.arena.pairing.meetings import NOWHERE, Meetings, prompts_for
from judgeboard.arena.pairing.plan import Plan
from judgeboard.arena.pairing.stopping import Limits, Outlook, outlook, widest_half_width
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit
from judgeboard.arena.rating.few_matches import FEW
from judgeboard.arena.style.fit import StyleFit
from judgeboard.arena.style.position import fit_positions
from judgeboard.arena.verdicts import Verdicts

EQUAL = 20.0
"""Elo points; neighbours that surely differ by no more are one tier. To tell smaller gaps apart takes calls without
end: 11 million for one point."""
LOOKS = 20  # that a run takes at the order, as a rule
MARGIN = 1.25  # of the first batch beyond the fewest matches from which an interval can be trusted
MOST, LEAST = 0.5, 0.1  # of what is judged already, in the next batch

Reason = Literal["half_width", "order", "calls", "nothing"]


@dataclass(frozen=True)
class Aim:
    """What a run asks for: a half-width in Elo points, or the order, or neither, and then it goes on while it may.

    newcomer: the one contender whose place is asked about; None: all.
    """

    rule: str
    half_width: float | None = None
    order: bool = False
    newcomer: int | None = None


@dataclass(frozen=True, eq=False)
class Look:
    """What was seen. reason: why to stop, None to go on; half_width: Elo points, the widest of those asked about, None
    while one of them has too few matches; unresolved: neighbours not told apart; needed: further verdicts, about."""

    reason: Reason | None
    half_width: float | None
    unresolved: int
    needed: int | None
    known: Knowledge


@dataclass(frozen=True, eq=False)
class Drawn:
    """k matches to be judged. pairs: int32[k, 2]; prompt: int64[k]; first: int8[k], 0, 1 or -1 for both orders;
    share: float64[k], the probability with which each became its pair."""

    pairs: Integers
    prompt: Integers
    first: Integers
    share: Floats


def seen(
    verdicts: Verdicts, aim: Aim, meetings: Meetings, *, raters: int = 1, left: int | None = None, looks: int = 1
) -> Look:
    """raters: how many judge each match; left: calls that may still be made, None for any number; looks: this one's
    number. A contender of fewer matches than an interval can be trusted from keeps the limits out of reach, unless it
    can meet nobody any more. Raises BadLimits where the aim has no end and `left` is None."""
    found = fit_positions(verdicts)
    everybody = np.ones(len(found.rating), dtype=bool)
    about = everybody if aim.newcomer is None else np.arange(len(everybody)) == aim.newcomer
    rating = np.where(about & (found.profiled | ~found.bounded), np.nan, found.rating)
    behind = len(verdicts)
    limits = Limits(aim.half_width, aim.order, EQUAL, None if left is None else behind + max(left, 0))
    level = 1 - 0.05 / max(LOOKS, looks) if aim.order else 0.95

    def told(asked: Flags, among: Flags) -> Outlook:
        spread = found.covariance[np.ix_(among, among)]
        return outlook(rating[among], spread, behind, limits, level=level, about=asked[among])

    whole, can_meet = told(about, everybody), _can_meet(aim, meetings)
    hopeful = can_meet | np.isfinite(rating)
    stuck = not can_meet.any() or told(about & can_meet, hopeful).reason in ("half_width", "order")
    widest = widest_half_width(rating, found.covariance, about)
    aimed = whole.order or whole.half_width
    return Look(
        reason=_reason(whole) or ("nothing" if stuck else None),
        half_width=widest if np.isfinite(widest) else None,
        unresolved=len(whole.unresolved),
        needed=aimed.calls_needed if aimed else left,
        known=_known(found, verdicts, raters),
    )


def batch(look: Look, verdicts: int, *, raters: int = 1, newcomer: bool = False) -> int:
    """How many calls to each rater come next.

    At first as many as give every contender matches enough for an interval that can be trusted; then as many as seem
    to be needed, but at most half of what there is, for nothing is known yet of what they will say.
    """
    size, made = len(look.known), verdicts / raters
    opening = int(np.ceil(MARGIN * FEW * (1 if newcomer else size / 2)))
    if look.needed is None:
        return opening
    return int(np.clip(np.ceil(look.needed / raters), max(LEAST * made, 1), max(opening, MOST * made)))


def drawn(look: Look, aim: Aim, meetings: Meetings, calls: int, *, seed: int) -> Drawn:
    """Matches for at most so many calls to each rater: fewer where pairs have met on nearly all prompts."""
    plan = Plan(aim.rule, calls, newcomer=aim.newcomer)
    among = meetings.among(plan.support(len(look.known)))
    room = int(meetings.left[among[:, 0], among[:, 1]].sum() * (1 + plan.audit))  # more would leave audits alone
    choice = choose(look.known, replace(plan, calls=max(min(calls, room), 1)), seed=seed, among=among)
    prompt = prompts_for(choice.pairs, meetings, seed=seed)
    kept = prompt != NOWHERE
    return Drawn(choice.pairs[kept], prompt[kept], choice.first[kept], choice.propensity[kept])


def _reason(whole: Outlook) -> Reason | None:
    return "calls" if whole.reason == "budget" else whole.reason


def _can_meet(aim: Aim, meetings: Meetings) -> Flags:
    """bool[M]: those whose next match is still to come. Where they are known well enough, the others can be helped no
    more."""
    left = meetings.left if aim.newcomer is None else meetings.left[[aim.newcomer]]
    able: Flags = left.sum(axis=0) > 0
    if aim.newcomer is not None:
        able[aim.newcomer] = able.any()
    return able


def _known(found: BradleyTerryFit | StyleFit, verdicts: Verdicts, raters: int) -> Knowledge:
    """In verdicts of one rater: each match is to be judged by all of them, in the same order."""
    size = len(verdicts.names)
    first, second = np.where(verdicts.first == 1, (verdicts.b, verdicts.a), (verdicts.a, verdicts.b))
    share = np.where(verdicts.first < 0, 0.5, 1.0) / raters
    shown = np.zeros((size, size))
    np.add.at(shown, (first, second), share)
    unknown = verdicts.first < 0
    np.add.at(shown, (second[unknown], first[unknown]), share[unknown])
    return Knowledge(found.rating, shown)
