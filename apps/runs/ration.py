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


def ration_left(user: User | None, *, now: datetime, beside: Run | None = None) -> Decimal | None:
    """Dollars that somebody's next run may spend, or `beside` all told; None: any number, as for maintainers.

    A run counts with its whole budget, since it may go on; a cancelled one with what it spent.
    """
    most = settings.VISITOR_DOLLARS_A_DAY
    if most is None or user is None or user.is_staff:
        return None
    begun = Run.objects.filter(owner=user, created_at__gt=now - SPAN).select_related("budget")
    others = begun.exclude(pk=beside.pk) if beside else begun
    return max(most - sum(map(_counts, others), NOTHING), NOTHING)


def rationed_budget(
    user: User | None, usd: Decimal | None, endpoints: Iterable[Endpoint], *, now: datetime, beside: Run | None = None
) -> Decimal | None:
    """The budget of a run that asks these endpoints: what was wished, or all that is left. Raises RunCannotStart.

    Only what the site pays for is rationed: endpoints of nobody's that have a price.
    """
    if user is not None:
        User.objects.select_for_update().get(pk=user.pk)  # two runs started at once do not get the same dollar
    left = ration_left(user, now=now, beside=beside)
    if left is None or not any(endpoint.owner_id is None and endpoint.price for endpoint in endpoints):
        return usd
    if left < (usd or Decimal("0.01")):
        told = gettext("Your runs may spend ${most} in 24 hours; of that ${left} are left.")
        raise RunCannotStart(told.format(most=f"{settings.VISITOR_DOLLARS_A_DAY:.2f}", left=f"{left:.2f}"))
    return left if usd is None else usd


def _counts(run: Run) -> Decimal:
    if run.budget is None:
        return NOTHING
    return run.budget.spent if run.cancelled_at else max(run.budget.cap or NOTHING, run.budget.spent)
