"""What is asked of the next matches."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from judgeboard.arena.arrays import Integers
from judgeboard.arena.pairing.rules import RULES

Orders = Literal["one", "both"]
AUDIT = 0.1


class BadPlan(ValueError):
    """A plan that no choice can follow. The sentence says what was found and what was expected."""


class UnknownRule(BadPlan):
    """A rule that is none of RULES."""


@dataclass(frozen=True)
class Plan:
    """Matches for exactly `calls` calls to a judge, by one of RULES.

    orders:      "one" shows most matches in one order, balanced by pair; then a position term belongs in the fit
                 (`shown_first`). "both" shows each in both: right where answers are dearer than verdicts
    audit:       the share of matches that are judged in both orders even so, to see whether the judge holds to its word
    exploration: the share of the draws of an adaptive rule that is spread evenly, so that no pair is ever starved
    newcomer:    only pairs with this contender
    baseline:    the one opponent of the rule "baseline"

    Raises UnknownRule, BadPlan.
    """

    rule: str
    calls: int
    orders: Orders = "one"
    audit: float = AUDIT
    exploration: float = 0.1
    newcomer: int | None = None
    baseline: int | None = None

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise UnknownRule(f"There is no rule {self.rule!r}; there are {', '.join(RULES)}.")
        if self.calls < 0:
            raise BadPlan(f"Expected a number of calls, found {self.calls}.")
        if self.orders not in ("one", "both"):
            raise BadPlan(f'Expected the orders "one" or "both", found {self.orders!r}.')
        for name, share in (("audit", self.audit), ("exploration", self.exploration)):
            if not 0 <= share <= 1:
                raise BadPlan(f"Expected {name} to be a share from 0 to 1, found {share}.")
        if (self.rule == "baseline") != (self.baseline is not None):
            raise BadPlan(f'The rule {self.rule!r} has the baseline {self.baseline}; "baseline" alone has one.')

    @property
    def matches(self) -> int:
        """A match judged in both orders is two calls."""
        return int(np.ceil(self.calls / (1 + (self.audit if self.orders == "one" else 1.0))))

    def support(self, size: int) -> Integers:
        """int32[P, 2]: the pairs (i, j), i < j, of `size` contenders that may be judged. Raises BadPlan."""
        pairs = np.column_stack(np.triu_indices(size, 1)).astype(np.int32)
        for name, contender in (("newcomer", self.newcomer), ("baseline", self.baseline)):
            if contender is not None:
                pairs = pairs[(pairs == contender).any(axis=1)]
                if not 0 <= contender < size:
                    raise BadPlan(f"The {name} {contender} is not one of the {size} contenders.")
        return pairs
