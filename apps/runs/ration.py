"""What the runs of one visitor may spend in a day and a night: else whoever signs up could spend the site's money."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext

from apps.budgets.price import NOTHING
from apps.endpoints.models import Endpoint
from apps.runs.choosing import RunCannotStart
from apps.runs.models import Run

SPAN = timedelta(hours=24)


def ration_left(user: User | None, *, now: datetime) -> Decimal | None:
    """Dollars that somebody's next run may spend; None: any number, as for maintainers."""
    most = _ration(user)
    return None if most is None else _left(user, most, now)


def rationed_budget(
    user: User | None, usd: Decimal | None, endpoints: Iterable[Endpoint], *, now: datetime, beside: Run | None = None
) -> Decimal | None:
    """The budget of a run that asks these endpoints, or of `beside`: what was wished, or all that is left.

    Only what the site pays for is rationed: endpoints of nobody's that have a price. Raises RunCannotStart.
    """
    most = _ration(user)
    if user is None or most is None or not any(one.owner_id is None and one.price for one in endpoints):
        return usd
    User.objects.select_for_update().get(pk=user.pk)  # two runs started at once do not get the same dollar
    left = _left(user, most, now, beside)
    if left < (usd or Decimal("0.01")):
        told = gettext("Your runs may spend ${most} in 24 hours; of that ${left} are left.")
        raise RunCannotStart(told.format(most=f"{most:.2f}", left=f"{left:.2f}"))
    return left if usd is None else usd


def _ration(user: User | None) -> Decimal | None:
    return None if user is None or user.is_staff else settings.VISITOR_DOLLARS_A_DAY


def _left(user: User | None, most: Decimal, now: datetime, beside: Run | None = None) -> Decimal:
    """A run counts with its whole budget, since it may go on; a cancelled one with what it spent."""
    begun = Run.objects.filter(owner=user, created_at__gt=now - SPAN).select_related("budget")
    others = begun.exclude(pk=beside.pk) if beside else begun
    return max(most - sum(map(_counts, others), NOTHING), NOTHING)


def _counts(run: Run) -> Decimal:
    if run.budget is None:
        return NOTHING
    return run.budget.spent if run.cancelled_at else max(run.budget.cap or NOTHING, run.budget.spent)
