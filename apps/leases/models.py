"""What an output, a judgment and an endpoint check have in common: each is a question to a model, kept as a row.

waiting --> wanted --claim--> leased --finish (fenced by the token)--> done | unusable | failed
              ^                 |
              +-- postpone, or the lease ran out; time after time: failed
"""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone

from apps.budgets.models import Budget, DollarField
from apps.budgets.price import NOTHING


class LeasedQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        return self.filter(status=Leased.Status.WAITING)

    def wanted(self) -> Self:
        return self.filter(status=Leased.Status.WANTED)

    def payable(self) -> Self:
        """Wanted at nobody's expense, or at that of somebody who can still pay."""
        return self.wanted().filter(Leased.PAYABLE)

    def ready(self, now: datetime) -> Self:
        """To be asked now: paid for, and not told to come back later."""
        return self.payable().filter(next_at__lte=now)

    def unasked(self) -> Self:
        return self.filter(status__in=(Leased.Status.WAITING, Leased.Status.WANTED))

    def stranded(self) -> Self:
        """Unasked, and nobody pays, or nobody who can."""
        return self.unasked().exclude(payer__exhausted=False)

    def leased(self) -> Self:
        return self.filter(status=Leased.Status.LEASED)

    def done(self) -> Self:
        return self.filter(status=Leased.Status.DONE)

    def answered(self) -> Self:
        """Settled, whichever way: done, of no use, or failed."""
        return self.filter(answered_at__isnull=False)

    def open(self) -> Self:
        """Not answered yet, one way or another."""
        return self.filter(status__in=Leased.OPEN)


class Leased(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", "waiting for what it is about"
        WANTED = "wanted", "wanted"
        LEASED = "leased", "being asked"
        DONE = "done", "done"
        UNUSABLE = "unusable", "answered, but of no use"  # the answer is kept, counted and shown, and changes no rating
        FAILED = "failed", "failed"  # no answer came; it can be asked again

    PAYABLE = models.Q(payer=None) | models.Q(payer__exhausted=False)
    OPEN = (Status.WAITING, Status.WANTED, Status.LEASED)

    status = models.CharField(max_length=10, choices=Status, default=Status.WANTED)
    wanted_at = models.DateTimeField(default=timezone.now, editable=False)
    next_at = models.DateTimeField(default=timezone.now, help_text="Not to be asked before.")
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    calls = models.PositiveIntegerField(default=0, help_text="Calls made for it, failed ones included.")
    faults = models.PositiveSmallIntegerField(default=0, help_text="Calls that failed through the provider.")
    lost = models.PositiveSmallIntegerField(default=0, help_text="Leases in a row that ran out: their holder died.")
    problem = models.CharField(max_length=500, blank=True, help_text="What went wrong last, in one sentence.")
    answered_at = models.DateTimeField(null=True)
    # Whoever wants a row first pays for it.
    payer = models.ForeignKey(Budget, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    reserved = DollarField(default=NOTHING, editable=False, help_text="What the call under way may cost at most.")
    usd = DollarField(default=NOTHING, editable=False, help_text="What its calls did cost, as far as is known.")

    objects = LeasedQuerySet.as_manager()

    class Meta:
        abstract = True
