"""What was spent: by run and submitter as their budgets say, by judge and day as the rows say.

A budget also counts what is set aside for calls under way and what killed workers may have spent; the rows count what
was answered, wherever a price is known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import TruncDate

from apps.budgets.price import NOTHING, SMALLEST
from apps.contenders.models import Output
from apps.endpoints.models import EndpointCheck, Viewer
from apps.judging.models import Judgment, Score
from apps.runs.models import Run

PAID_FOR = (Output, Judgment, Score, EndpointCheck)
RUNS_SHOWN = 10


@dataclass(frozen=True)
class Spend:
    name: str
    usd: Decimal
    cap: Decimal | None = None


def by_run() -> list[Spend]:
    """Newest first."""
    runs = Run.objects.filter(budget__isnull=False).select_related("budget", "newcomer")
    return [Spend(_told(run), run.budget.spent, run.budget.cap) for run in runs if run.budget]


def by_submitter() -> list[Spend]:
    """Dearest first; the runs of maintainers at the command line have no owner."""
    owned = Run.objects.filter(budget__isnull=False).values_list("owner__username", "budget__spent")
    return _dearest((name or "(nobody)", usd) for name, usd in owned.order_by())


def by_judge() -> list[Spend]:
    """Dearest first; each version by itself."""
    paid = (model.objects.filter(usd__gt=0) for model in (Judgment, Score))
    judged = (rows.values_list("judge__name", "judge__version").annotate(Sum("usd")).order_by() for rows in paid)
    return _dearest(
        (f"{name} v{version}" if version > 1 else name, usd) for rows in judged for name, version, usd in rows
    )


def by_day() -> list[Spend]:
    """Newest first: the day (UTC) on which the answer came; what was spent on rows still open comes before all."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for model in PAID_FOR:
        daily = model.objects.filter(usd__gt=0).values_list(TruncDate("answered_at")).annotate(Sum("usd"))
        for day, usd in daily.order_by():
            found[f"{day:%Y-%m-%d}" if day else "not answered yet"] += Decimal(usd)
    return [Spend(day, found[day].quantize(SMALLEST)) for day in sorted(found, reverse=True)]


@dataclass(frozen=True)
class Spending:
    """Of the newest runs, as their own pages tell everybody; the sums are for maintainers, and None for others."""

    runs: list[Run]
    today: Decimal | None = None  # since midnight, UTC
    last_7_days: Decimal | None = None


def spending(*, now: datetime, viewer: Viewer) -> Spending:
    paid = Q(budget__spent__gt=0) | Q(budget__cap__isnull=False)
    runs = list(Run.objects.seen_by(viewer).filter(paid).select_related("budget", "newcomer")[:RUNS_SHOWN])
    if not viewer.is_staff:
        return Spending(runs)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Spending(runs, _spent_since(midnight), _spent_since(now - timedelta(days=7)))


def _spent_since(moment: datetime) -> Decimal:
    """On rows that were answered since then."""
    paid = (model.objects.filter(answered_at__gte=moment, usd__gt=0) for model in PAID_FOR)
    sums = (rows.aggregate(usd=Sum("usd"))["usd"] or NOTHING for rows in paid)
    return sum(map(Decimal, sums), NOTHING).quantize(SMALLEST)


SPEND_BY: dict[str, Callable[[], list[Spend]]] = {
    "run": by_run,
    "submitter": by_submitter,
    "judge": by_judge,
    "day": by_day,
}


def _dearest(spent: Iterable[tuple[str, Decimal]]) -> list[Spend]:
    sums: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for name, usd in spent:
        sums[name] += Decimal(usd)
    return sorted((Spend(name, usd.quantize(SMALLEST)) for name, usd in sums.items()), key=lambda one: -one.usd)


def _told(run: Run) -> str:
    return f"{run}: {run.newcomer}" if run.newcomer else str(run)
