"""Money for leased rows: set aside before anybody is asked.

claim --> reserve --(fits)--> asked --> finish | postpone, and the payer's account settled
             |                     +--> sweep: the holder died, what was reserved counts as spent
             +--(does not fit)--> given back unasked, and not ready while the payer cannot pay
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Value, When

from apps.budgets import operations as budgets
from apps.budgets.models import DollarField
from apps.budgets.price import NOTHING
from apps.leases.models import Leased
from apps.leases.operations import UNLEASED, lock


@dataclass(frozen=True)
class Reservation:
    """Dollars set aside for what one row's calls may cost at most, and by which budget."""

    payer: int | None = None
    usd: Decimal = NOTHING


@transaction.atomic
def reserve(model: type[Leased], *, token: UUID, most: Mapping[int, Decimal]) -> dict[int, Reservation]:
    """Sets aside what each row may cost at most (`most`, dollars by key, in the order of work).

    Rows that the answer does not name are not to be asked: their payer cannot pay, and they are given back, or their
    lease is lost already.
    """
    held = model.objects.leased().filter(lease_token=token, pk__in=most)
    payer_of = dict(lock(held).values_list("pk", "payer"))
    kept = _paid_for({key: Reservation(payer_of[key], most[key]) for key in most if key in payer_of})
    held.exclude(pk__in=kept).update(status=Leased.Status.WANTED, **UNLEASED)
    _note(model, {key: one.usd for key, one in kept.items() if one.payer and one.usd})
    return kept


def _paid_for(asked: Mapping[int, Reservation]) -> dict[int, Reservation]:
    by_payer: dict[int, list[int]] = defaultdict(list)
    for key, one in asked.items():
        if one.payer is not None:
            by_payer[one.payer].append(key)
    paid = budgets.reserve(wanted={payer: [asked[key].usd for key in keys] for payer, keys in by_payer.items()})
    refused = {key for payer, keys in by_payer.items() for key in keys[paid.get(payer, 0) :]}
    return {key: one for key, one in asked.items() if key not in refused}


def _note(model: type[Leased], usd: Mapping[int, Decimal]) -> None:
    """Writes into each row what is set aside for it."""
    if usd:
        amounts = Case(*(When(pk=key, then=Value(amount)) for key, amount in usd.items()), output_field=DollarField())
        model.objects.filter(pk__in=usd).update(reserved=amounts)
