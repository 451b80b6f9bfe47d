"""The matches behind a judge's scorecard: where people say the opposite, where the order decided, the latest."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet

from apps.humans.models import Vote
from apps.judging.models import Judge, Judgment
from apps.leases.models import LeasedQuerySet
from apps.matches.models import Match
from apps.ratings.disputes import disputed, flipped
from apps.ratings.opponents import selected_judgments
from apps.ratings.rater import Rater
from apps.ratings.selection import Selection
from judgeboard.arena.outcome import Outcome

SHOWN = 20


class Show(StrEnum):
    """Which of its matches."""

    DISPUTED = "human-differs"
    FLIPPED = "order-flipped"
    LATEST = "latest"


CHOSEN: dict[Show, Callable[[LeasedQuerySet], QuerySet[Judgment]]] = {
    Show.DISPUTED: disputed,
    Show.FLIPPED: flipped,
    Show.LATEST: LeasedQuerySet.done,
}


@dataclass(frozen=True)
class JudgedMatch:
    """What the judge said of it, in each order, and how many people said what."""

    match: Match
    judgments: tuple[Judgment, ...]
    votes: Counter[str]

    @property
    def reason(self) -> Judgment | None:
        """The first in which it gives one."""
        return next((judgment for judgment in self.judgments if judgment.reason), None)

    @property
    def voted_a(self) -> int:
        return self.votes[Outcome.MODEL_A]

    @property
    def voted_b(self) -> int:
        return self.votes[Outcome.MODEL_B]

    @property
    def voted_tie(self) -> int:
        return self.votes[Outcome.TIE] + self.votes[Outcome.BOTH_BAD]


def judged_matches(judge: Judge, selection: Selection, show: Show) -> tuple[JudgedMatch, ...]:
    """The newest of that kind, twenty at most, in four queries; asked match by match, so that it can stop there."""
    said = selected_judgments(replace(selection, rater=Rater(judge)))
    of_kind = CHOSEN[show](said.filter(match=OuterRef("pk")))
    on_board = Match.objects.filter(prompt__prompt_set__in=selection.board.prompt_sets.values("pk"))
    keys = list(on_board.filter(Exists(of_kind)).order_by("-pk").values_list("pk", flat=True)[:SHOWN])
    related = Match.objects.select_related("prompt__category", "output_a__contender", "output_b__contender")
    matches = related.defer("prompt__messages", "output_a__texts", "output_b__texts").in_bulk(keys)
    judgments = Judgment.objects.done().filter(judge=judge, match__in=keys).defer("raw", "chances")
    by_match = {
        key: tuple(told) for key, told in groupby(judgments.order_by("match", "order"), lambda told: told.match_id)
    }
    votes: dict[int, Counter[str]] = {key: Counter() for key in keys}
    for key, outcome in Vote.objects.filter(match__in=keys).values_list("match", "outcome"):
        votes[key][outcome] += 1
    return tuple(JudgedMatch(matches[key], by_match[key], votes[key]) for key in keys)
