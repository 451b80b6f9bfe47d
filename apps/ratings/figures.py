"""The figures of a snapshot: due when it is stored, drawn by a worker afterwards, so that no rating waits for them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from apps.ratings.models import Board, Figure, Leaderboard

ON_BOARD = ("ratings", "judges-and-people")
ON_AGREEMENT = ("raters", "confusion", "calibration", "agreement-by-gap")
LEASE = timedelta(minutes=2)  # after which a snapshot whose worker died is due again


def due_snapshots(now: datetime) -> tuple[int, ...]:
    """Snapshots whose figures are to be drawn now."""
    return tuple(Leaderboard.objects.filter(draw_at__lte=now).order_by("draw_at").values_list("pk", flat=True))


def want_figures(*, board: Board, now: datetime) -> None:
    """The newest snapshots of the board, over all categories and of each, are to be drawn now, drawn already or not."""
    newest: dict[int | None, int] = {}
    for key, category in board.leaderboards.values_list("pk", "category"):
        newest.setdefault(category, key)
    Leaderboard.objects.filter(pk__in=newest.values()).update(draw_at=now)


def claim_snapshot(*, leaderboard_id: int, now: datetime) -> Leaderboard | None:
    """The snapshot to draw, kept from others for a while; None if it is gone, drawn, or somebody else's."""
    if not Leaderboard.objects.filter(pk=leaderboard_id, draw_at__lte=now).update(draw_at=now + LEASE):
        return None
    return Leaderboard.objects.select_related("board", "category").filter(pk=leaderboard_id).first()


@transaction.atomic
def store_figures(*, leaderboard_id: int, figures: Iterable[Figure]) -> None:
    """In place of those it had. A snapshot that was superseded while it was drawn needs none."""
    if not Leaderboard.objects.select_for_update().filter(pk=leaderboard_id).exists():
        return
    Figure.objects.filter(leaderboard=leaderboard_id).delete()
    Figure.objects.bulk_create(figures)
    Leaderboard.objects.filter(pk=leaderboard_id).update(draw_at=None)


def figures_of(leaderboard: Leaderboard | None, *names: str) -> list[Figure]:
    """All or those of these names, in the order in which they are shown, without rows; none before they are drawn."""
    if leaderboard is None:
        return []
    drawn = leaderboard.figures.defer("rows")
    return list(drawn.filter(name__in=names) if names else drawn)
