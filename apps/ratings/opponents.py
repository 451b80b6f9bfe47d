"""Against whom a model was compared, and how it fared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from apps.contenders.models import Contender
from apps.leases.models import LeasedQuerySet
from apps.ratings.evidence import board_judgments, board_votes
from apps.ratings.selection import Selection
from judgeboard.arena.outcome import Outcome


@dataclass
class Tally:
    """What was said about it against one opponent. A tie, or both bad, is half a point."""

    won: int = 0
    tied: int = 0
    lost: int = 0

    @property
    def n(self) -> int:
        return self.won + self.tied + self.lost

    @property
    def share(self) -> float | None:
        return (self.won + self.tied / 2) / self.n if self.n else None

    def add(self, outcome: Outcome, times: int) -> None:
        """Counts an outcome told with it as side a."""
        if outcome is Outcome.MODEL_A:
            self.won += times
        elif outcome is Outcome.MODEL_B:
            self.lost += times
        else:
            self.tied += times


@dataclass(frozen=True)
class Opponent:
    contender: Contender
    judges: Tally = field(default_factory=Tally)
    humans: Tally = field(default_factory=Tally)


def opponents(contender: Contender, selection: Selection) -> tuple[Opponent, ...]:
    """Everybody it was compared with, most judgments first."""
    judged = list(_told(selected_judgments(selection).done(), contender))
    voted = list(_told(board_votes(selection.board, selection.category), contender))
    met = Contender.objects.in_bulk({key for key, *_ in (*judged, *voted)})
    found = {key: Opponent(other) for key, other in met.items()}
    for key, outcome, times in judged:
        found[key].judges.add(outcome, times)
    for key, outcome, times in voted:
        found[key].humans.add(outcome, times)
    return tuple(sorted(found.values(), key=lambda met: (-met.judges.n, -met.humans.n, met.contender.name)))


def selected_judgments(selection: Selection) -> LeasedQuerySet:
    """Those that count in what is selected, in whatever state."""
    told = board_judgments(selection.board, selection.category)
    return told.filter(judge=selection.rater.judge) if selection.rater.judge else told


def _told(said: QuerySet, contender: Contender) -> Iterator[tuple[int, Outcome, int]]:
    """Opponent's key, outcome with the contender as side a, how often."""
    yield from _counted(said.filter(match__output_a__contender=contender), "b")
    for key, outcome, times in _counted(said.filter(match__output_b__contender=contender), "a"):
        yield key, outcome.flipped(), times


def _counted(said: QuerySet, other: str) -> Iterable[tuple[int, Outcome, int]]:
    rows = said.order_by().values_list(f"match__output_{other}__contender", "outcome").annotate(n=Count("pk"))
    return ((key, Outcome(outcome), times) for key, outcome, times in rows)
