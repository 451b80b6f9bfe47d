"""How a run wishes to choose its matches, and what it cannot wish for."""

import math

from django.utils.translation import gettext

from apps.runs.models import Run
from judgeboard.arena.pairing.rules import RULES

CHOOSING = tuple(rule for rule in RULES if rule != "baseline")  # which needs an opponent that nobody can name here
FOR_PRECISION, FOR_ORDER = "equal_width", "gap_optimal"
FINEST = 1  # Elo points; one takes half a million verdicts a model, and half of that four times as many


class RunCannotStart(ValueError):
    """Says in one sentence what is missing."""


def chosen_rule(
    *,
    rule: str | None = None,
    precision: float | None = None,
    order: bool = False,
    max_calls: int | None = None,
    pairs_per_prompt: int | None = None,
) -> str | None:
    """The rule by which a run chooses its matches; None: it plans them all at once, as nothing of this is asked for.

    precision: Elo points to either side at which it stops, every interval being as narrow as that; order: it stops when
    all neighbours are told apart. What serves the one does not serve the other, so it is one of them, or neither; and
    then max_calls to judges, which can also be set beside them, end it. Raises RunCannotStart.
    """
    if rule is None and precision is None and not order and max_calls is None:
        return None
    if rule is not None and rule not in CHOOSING:
        raise RunCannotStart(f"There is no rule {rule!r} to choose matches by; there are {', '.join(CHOOSING)}.")
    if pairs_per_prompt is not None:
        raise RunCannotStart(
            "A run that chooses its matches has no number of pairs a prompt; expected the one or the other."
        )
    if precision is not None and not FINEST <= precision < math.inf:
        raise RunCannotStart(f"Expected a precision of at least {FINEST} Elo point, found {precision:g}.")
    if precision is not None and order:
        raise RunCannotStart(
            "A run stops at a precision or at the order, not at both: what tells neighbours apart leaves the ends "
            "unsure."
        )
    if max_calls is not None and max_calls < 1:
        raise RunCannotStart(f"Expected at least one call to a judge, found {max_calls}.")
    if precision is None and not order and max_calls is None:
        raise RunCannotStart(
            f"The rule {rule} has no end; expected a precision, the order or a number of calls with it."
        )
    return rule or (FOR_ORDER if order else FOR_PRECISION)


def wish_of(run: Run) -> str:
    """Of a run that chooses its matches, what it goes on for: "until every model is known to ±20 Elo points"."""
    told = {"model": run.newcomer.name if run.newcomer else "", "points": f"{run.precision or 0:g}"}
    told["calls"] = "" if run.max_calls is None else f"{run.max_calls:,}"
    return _wish(run).format(**told)


def _wish(run: Run) -> str:
    one, most = run.newcomer is not None, run.max_calls is not None
    if run.precision is not None and one and most:
        return gettext("until {model} is known to ±{points} Elo points, with at most {calls} calls to judges")
    if run.precision is not None and one:
        return gettext("until {model} is known to ±{points} Elo points")
    if run.precision is not None and most:
        return gettext("until every model is known to ±{points} Elo points, with at most {calls} calls to judges")
    if run.precision is not None:
        return gettext("until every model is known to ±{points} Elo points")
    if run.order and one and most:
        return gettext("until {model} and its neighbours are told apart, with at most {calls} calls to judges")
    if run.order and one:
        return gettext("until {model} and its neighbours are told apart")
    if run.order and most:
        return gettext("until all neighbours are told apart, with at most {calls} calls to judges")
    if run.order:
        return gettext("until all neighbours are told apart")
    return gettext("until {calls} calls to judges are made")
