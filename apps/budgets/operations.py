"""Every write of a budget. Each locks what it changes, so that two workers never spend the same dollar.

Sums are made in Python under the lock and not by the database: SQLite would make them in binary floating point, where
fifty times $0.02 is more than $1.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import transaction

from apps.budgets.models import Budget
from apps.budgets.price import NOTHING

Change = tuple[int | None, Decimal]  # who pays, and the dollars to add; mostly negative


@transaction.atomic
def change_cap(*, budget: Budget, cap: Decimal | None) -> None:
    """A cap below what is spent already stops at once and takes nothing back."""
    for locked in _locked([budget.pk]):
        locked.cap = cap
        _keep(locked)
    budget.refresh_from_db()


@transaction.atomic
def reserve(*, wanted: Mapping[int, Sequence[Decimal]]) -> dict[int, int]:
    """Counts as spent, by budget, what calls may cost at most: how many of the calls, from the first on, are paid for.

    The first call that does not fit ends it, even where a cheaper one behind it would fit: the order of work is not
    a matter of money. Until that call fits the budget is exhausted.
    """
    paid = {}
    for budget in _locked(wanted):
        paid[budget.pk] = _take(budget, wanted[budget.pk])
        _keep(budget)
    return paid


def _take(budget: Budget, costs: Sequence[Decimal]) -> int:
    budget.refused = NOTHING
    for number, usd in enumerate(costs):
        if not budget.fits(usd):
            budget.refused = usd
            return number
        budget.spent += usd
    return len(costs)


def settle(*, changes: Iterable[Change]) -> None:
    """Puts what calls did cost in the place of what they might have cost. Changes without a payer are nobody's."""
    by_budget: dict[int, Decimal] = defaultdict(Decimal)
    for payer, usd in changes:
        if payer is not None and usd:
            by_budget[payer] += usd
    if by_budget:  # answers without a price, which are most, cost no transaction
        _change(by_budget)


@transaction.atomic(savepoint=False)
def _change(by_budget: Mapping[int, Decimal]) -> None:
    for budget in _locked(by_budget):
        budget.spent += by_budget[budget.pk]
        _keep(budget)


def _locked(keys: Iterable[int]) -> Iterable[Budget]:
    """In one order, so that two who lock several never wait for each other; rows may name a payer meanwhile."""
    keys = list(keys)
    if not keys:
        return ()
    return Budget.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")


def _keep(budget: Budget) -> None:
    budget.exhausted = not budget.fits(budget.refused)
    budget.save(update_fields=["cap", "spent", "refused", "exhausted"])
