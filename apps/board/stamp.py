"""What all that pages show follows from, in a few bytes: as long as it is the same, so are they."""

from django.contrib.admin.models import LogEntry
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from apps.ratings.models import Board, Figure, Leaderboard
from judgeboard import __version__

FRESH = (
    300  # seconds after which a page is made anew all the same: what commands and workers write leaves no trace here
)


def stamp() -> str:
    """One query: boards with their newest snapshots, the last snapshot, the last board's chart, the last admin edit."""
    newest = Leaderboard.objects.filter(board=OuterRef("pk"), category=None).order_by("-fitted_at", "-pk")
    figures = Figure.objects.filter(contender=None, view="")
    told = Board.objects.values_list(
        "pk",
        *(Subquery(newest.values(name)[:1]) for name in ("pk", "n_open", "n_unusable")),
        *(_last(rows) for rows in (Leaderboard.objects.all(), figures, LogEntry.objects.all())),
    )
    return repr((__version__, timezone.now().timestamp() // FRESH, list(told)))


def _last(rows: QuerySet) -> Subquery:
    return Subquery(rows.order_by("-pk").values("pk")[:1])
