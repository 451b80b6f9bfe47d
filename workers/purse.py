"""What one drain may spend: set aside when rows are claimed, replaced by the true cost when answers are stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.budgets.operations import settle
from apps.budgets.price import Price
from apps.leases import payments
from apps.leases.models import Leased
from apps.leases.payments import Reservation
from workers.meter import Meter
from workers.steps.step import Question, Step, Unaskable, Voice

Row = tuple[type[Leased], int]


@dataclass(frozen=True)
class Bill:
    """What a row's question did cost, and what was set aside for it."""

    usd: Decimal
    reservation: Reservation

    @property
    def change(self) -> tuple[int | None, Decimal]:
        """What its payer's account changes by, once the answer is stored."""
        return self.reservation.payer, self.usd - self.reservation.usd


class Purse:
    def __init__(self, price: Price | None, *, endpoint: str, token: UUID) -> None:
        self._price, self._endpoint, self._token = price, endpoint, token
        self._reserved: dict[Row, Reservation] = {}
        self._begun: set[Row] = set()

    def afford(self, step: Step, questions: Sequence[Question]) -> list[Question]:
        """The questions that are paid for; the others are given back, or cannot be asked at all."""
        self._begun -= {(step.model, question.key) for question in questions}
        if self._price is None:
            return self._without_price(step, questions)
        most = {question.key: self._price.of(question.at_most()) for question in questions}
        kept = payments.reserve(step.model, token=self._token, most=most)
        self._reserved |= {(step.model, key): reservation for key, reservation in kept.items()}
        return [question for question in questions if question.key in kept]

    def _without_price(self, step: Step, questions: Sequence[Question]) -> list[Question]:
        """Nothing can be reserved. Whoever set a cap relies on it, so those rows fail with a sentence."""
        keys = [question.key for question in questions]
        capped = set(step.model.objects.filter(pk__in=keys, payer__cap__isnull=False).values_list("pk", flat=True))
        sentence = f"No price is known for {self._endpoint}, and the run that pays for this has a budget."
        return [Unaskable(one.key, one.faults, sentence) if one.key in capped else one for one in questions]

    def begin(self, step: Step, question: Question, voice: Voice) -> Meter:
        self.begun_already(step, question)
        return Meter(voice, self._price)

    def begun_already(self, step: Step, question: Question) -> None:
        """From here on somebody may have been paid."""
        self._begun.add((step.model, question.key))

    def bill(self, step: Step, question: Question, meter: Meter) -> Bill:
        reservation = self._reserved.get((step.model, question.key), Reservation())
        return Bill(meter.usd(reserved=reservation.usd if reservation.payer else None), reservation)

    def begun(self, step: Step) -> list[int]:
        """The rows of this kind about which somebody was asked, answered since or not."""
        return [key for model, key in self._begun if model is step.model]


def settle_bills(bills: Iterable[Bill]) -> None:
    """To be called in the transaction that stores the answers, and only for answers that were stored."""
    settle(changes=(bill.change for bill in bills))
