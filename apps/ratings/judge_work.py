"""What a judge was asked on a board, what came of it, and what it took."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Self

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from apps.budgets.price import NOTHING
from apps.judging.models import Score
from apps.leases.models import Leased
from apps.prompts.models import Category
from apps.ratings.evidence import board_judgments
from apps.ratings.models import Board

Status = Leased.Status
DONE = Q(status=Status.DONE)
TOOK: dict[str, Aggregate] = {
    "timed": Count("latency_ms", filter=DONE),
    "latency": Sum("latency_ms", filter=DONE),
    "told": Count("tokens_out", filter=DONE),
    "tokens": Sum("tokens_out", filter=DONE),
    "usd": Sum("usd"),
}
CAME: dict[str, Aggregate] = {
    "n_done": Count("pk", filter=DONE),
    "n_unusable": Count("pk", filter=Q(status=Status.UNUSABLE)),
    "n_failed": Count("pk", filter=Q(status=Status.FAILED)),
}


@dataclass(frozen=True)
class Work:
    """Sums. `timed`, `told`: calls whose time, whose tokens are known; a pointwise judge is called for scores alone."""

    n_done: int = 0
    n_unusable: int = 0
    n_failed: int = 0
    timed: int = 0
    latency: float = 0
    told: int = 0
    tokens: int = 0
    usd: Decimal = NOTHING

    def __add__(self, other: Self) -> Self:
        sums = (getattr(self, field.name) + getattr(other, field.name) for field in fields(self))
        return type(self)(*sums)

    @property
    def figures(self) -> dict[str, float | None]:
        """The fields of a JudgeRecord; what is not known is None, never 0."""
        return {
            "n_done": self.n_done,
            "n_unusable": self.n_unusable,
            "n_failed": self.n_failed,
            "latency_ms": self.latency / self.timed if self.timed else None,
            "tokens_out": self.tokens / self.told if self.told else None,
            "usd": float(self.usd / self.n_done) if self.usd and self.n_done else None,
        }


@dataclass(frozen=True)
class BoardWork:
    """By key of the judge, and of the category."""

    by: dict[tuple[int, int], Work]

    def of(self, judge: int, category: Category | None) -> Work:
        keys = [key for key in self.by if key[0] == judge and (category is None or key[1] == category.pk)]
        return sum((self.by[key] for key in keys), start=Work())


def board_work(board: Board) -> BoardWork:
    """In two queries, whatever the number of judges and categories."""
    judged = board_judgments(board).order_by()
    scored = Score.objects.filter(output__prompt__prompt_set__in=board.prompt_sets.values("pk")).order_by()
    found: defaultdict[tuple[int, int], Work] = defaultdict(Work)
    for judge, category, work in _grouped(judged, "match__prompt__category", CAME | TOOK):
        found[judge, category] += work
    for judge, category, work in _grouped(scored, "output__prompt__category", TOOK):
        found[judge, category] += work
    return BoardWork(found)


def _grouped(rows: QuerySet, category: str, sums: Mapping[str, Aggregate]) -> Iterator[tuple[int, int, Work]]:
    # Under other names: a sum called like the column it is of would hide that from the next one.
    told = rows.values_list("judge", category).annotate(**{f"sum_{name}": summed for name, summed in sums.items()})
    for judge, of, *row in told:
        known = {name: value for name, value in zip(sums, row, strict=True) if value is not None}
        yield judge, of, Work(**known)
