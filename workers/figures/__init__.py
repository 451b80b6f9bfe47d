"""The figures of a snapshot: told by the ratings, drawn by the charts, stored. One that cannot be drawn is left out."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from asgiref.sync import async_to_sync
from django.conf import settings

from apps.ratings.figures import claim_snapshot, due_snapshots, store_figures, want_figures
from apps.ratings.models import Board, Figure, Leaderboard
from apps.ratings.told import Told
from apps.ratings.told.agreement import confusion_told, raters_told
from apps.ratings.told.calibration import agreement_by_gap_told, calibration_told
from apps.ratings.told.pairs import meetings_told, win_chances_told
from apps.ratings.told.price import price_told
from apps.ratings.told.ranks import rank_chances_told, ranks_by_rater_told
from apps.ratings.told.ratings import judges_and_people_told, ratings_told
from workers.outage import in_database

log = logging.getLogger(__name__)

TELLING = (
    *(ratings_told, judges_and_people_told, price_told),
    *(rank_chances_told, ranks_by_rater_told, win_chances_told, meetings_told),
    *(raters_told, confusion_told, calibration_told, agreement_by_gap_told),
)
"""In the order in which they are shown."""


async def draw(leaderboard_id: int, *, now: datetime) -> None:
    """Draws the figures of one snapshot, unless somebody else does; the database is free meanwhile."""
    told = await in_database(partial(_claimed, leaderboard_id, now))
    if told is None:
        return
    figures = await asyncio.to_thread(_drawn, *told)
    store = partial(store_figures, leaderboard_id=leaderboard_id, figures=figures)
    await in_database(store, patience=settings.LEASE_SECONDS)


def draw_now(board: Board, *, now: datetime) -> None:
    """Draws the newest snapshots of the board anew, and whatever else is due."""
    want_figures(board=board, now=now)
    for leaderboard_id in due_snapshots(now):
        async_to_sync(draw)(leaderboard_id, now=now)


def _claimed(leaderboard_id: int, now: datetime) -> tuple[Leaderboard, list[Told]] | None:
    leaderboard = claim_snapshot(leaderboard_id=leaderboard_id, now=now)
    if leaderboard is None:
        return None
    return leaderboard, [told for tell in TELLING if (told := tell(leaderboard))]


def _drawn(leaderboard: Leaderboard, told: Iterable[Told]) -> list[Figure]:
    return [figure for one in told if (figure := _figure(leaderboard, one))]


def _figure(leaderboard: Leaderboard, told: Told) -> Figure | None:
    from workers.figures.charts import CHARTS  # takes half a second and 100 MB: only where something is to be drawn

    try:
        svg = CHARTS[told.name](told, leaderboard)
    except Exception:
        log.exception("The figure %s of snapshot %s could not be drawn.", told.name, leaderboard.pk)
        return None
    return Figure(
        leaderboard=leaderboard,
        name=told.name,
        title=told.title,
        caption=told.caption,
        summary=told.summary,
        svg=svg,
        columns=told.columns,
        rows=list(told.rows),
        n_rows=len(told.rows),
    )
