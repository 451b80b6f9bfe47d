"""Which pairs to judge next, in which order to show them, and how likely each choice was."""

from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.pairing.dealing import dealt, first_sides
from judgeboard.arena.pairing.knowledge import Knowledge
from judgeboard.arena.pairing.plan import Plan
from judgeboard.arena.pairing.rules import ADAPTIVE, RULES

BOTH_ORDERS = -1


@dataclass(frozen=True, eq=False)
class Choice:
    """k matches to be judged next, with the plan and the seed that chose them.

    pairs:      int32[k, 2], the contenders (i, j) of each match, i < j
    first:      int8[k], who is shown first: 0 = i, 1 = j, -1 = both orders are judged, which is two calls
    propensity: float64[k], the probability with which the match became this pair
    support:    int32[P, 2], all pairs there were to choose from; share: float64[P], the probability of each
    """

    pairs: Integers
    first: Integers
    propensity: Floats
    support: Integers
    share: Floats
    plan: Plan
    seed: int


def choose(known: Knowledge, plan: Plan, *, seed: int, among: Integers | None = None) -> Choice:
    """The next matches. Each becomes pair p with the probability share[p], whatever the others become, and all
    together hold k * share[p] of them, give or take less than one. Deterministic for a seed. Raises BadPlan.

    among: int32[P, 2], of the plan's pairs those that can still meet, at least one; None: all.
    """
    rng = np.random.default_rng(seed)
    support = plan.support(len(known)) if among is None else among
    share = shares(known, plan, support)
    drawn = dealt(share, plan.matches, rng)
    return Choice(
        pairs=support[drawn],
        first=_first(known, support, drawn, plan.calls - plan.matches, rng),
        propensity=share[drawn],
        support=support,
        share=share,
        plan=plan,
        seed=seed,
    )


def shares(known: Knowledge, plan: Plan, among: Integers | None = None) -> Floats:
    """float64[P]: the probability of each pair of the plan's support, or of those in `among`. Raises BadPlan."""
    support = plan.support(len(known)) if among is None else among
    share = RULES[plan.rule](known, support, max(plan.calls, 1))
    if plan.rule in ADAPTIVE:
        share = (1 - plan.exploration) * share + plan.exploration / len(support)
    return share


def _first(known: Knowledge, support: Integers, drawn: Integers, audits: int, rng: np.random.Generator) -> Integers:
    """int8[k]. The matches are in random order, so the first are as good an audit as any."""
    i, j = support.T
    lead = np.rint(known.shown[i, j] - known.shown[j, i]).astype(np.int64)
    alone = first_sides(drawn[audits:], lead, rng)
    return np.concatenate([np.full(audits, BOTH_ORDERS, dtype=np.int8), alone])
