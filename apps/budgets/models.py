from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from apps.budgets.price import NOTHING, PLACES


class DollarField(models.DecimalField):
    """To the billionth. SQLite keeps decimals as floats, so sums are made in Python."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"max_digits": 24, "decimal_places": PLACES}))


class Budget(models.Model):
    """Who pays. `spent` counts what calls cost and, while they are under way, what they may cost at most.

    `exhausted` is kept by the operations: the call that was refused last (`refused`) would still not fit.
    """

    cap = DollarField(null=True, blank=True, help_text="Dollars that may be spent; empty: no cap, it is only counted.")
    spent = DollarField(default=NOTHING, editable=False)
    refused = DollarField(default=NOTHING, editable=False, help_text="What the call that did not fit may cost.")
    exhausted = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self):
        return f"${self.spent:.2f} of {'any' if self.cap is None else f'${self.cap:.2f}'}"

    def fits(self, usd: Decimal) -> bool:
        return self.cap is None or self.spent + usd <= self.cap
