"""The figures of a snapshot: told by the ratings, drawn by the charts, stored. One that cannot be drawn is left out."""

import asyncio
import logging
from datetime import datetime
from functools import partial

from asgiref.sync import async_to_sync
from django.conf import settings

from apps.ratings.figures import (
    claim_snapshot,
    due_snapshots,
    figure_of,
    is_drawn,
    store_figures,
    told_by,
    undrawn,
    want_figures,
)
from apps.ratings.models import Board, Figure, Leaderboard
from apps.ratings.told.board import board_told
from apps.ratings.told.card import CARD
from apps.ratings.told.prompts import prompts_told
from workers.outage import in_database

log = logging.getLogger(__name__)


async def draw(leaderboard_id: int, *, now: datetime) -> None:
    """Draws what is wanted of one snapshot, unless somebody else does; the database is free meanwhile."""
    wanted = await in_database(partial(_claimed, leaderboard_id, now))
    if wanted is None:
        return
    figures = await asyncio.to_thread(_drawn, wanted)
    store = partial(store_figures, leaderboard_id=leaderboard_id, figures=figures, now=now)
    await in_database(store, patience=settings.LEASE_SECONDS)


def draw_now(board: Board, *, now: datetime) -> None:
    """Draws the newest snapshots of the board anew, and whatever else is due."""
    want_figures(board=board, now=now)
    for leaderboard_id in due_snapshots(now):
        async_to_sync(draw)(leaderboard_id, now=now)


def _claimed(leaderboard_id: int, now: datetime) -> list[Figure] | None:
    """Those of the board unless they are there, and those of models and views that somebody looked for."""
    leaderboard = claim_snapshot(leaderboard_id=leaderboard_id, now=now)
    if leaderboard is None:
        return None
    return [*([] if is_drawn(leaderboard) else _of_board(leaderboard)), *undrawn(leaderboard)]


def _of_board(leaderboard: Leaderboard) -> list[Figure]:
    """Those of the board itself, and of each of its prompt sets."""
    own = [figure_of(leaderboard, told) for told in board_told(leaderboard)]
    return own + [figure_of(leaderboard, told, view=view) for view, told in prompts_told(leaderboard)]


def _drawn(wanted: list[Figure]) -> list[Figure]:
    """The same, each with its drawing or the reason why it has none."""
    for figure in wanted:
        _draw(figure)
    return wanted


def _draw(figure: Figure) -> None:
    # Takes half a second and 100 MB: only where something is to be drawn.
    from judgeboard.charts.axes import NothingToDraw
    from judgeboard.charts.png import picture
    from workers.figures.charts import CHARTS

    try:
        svg = CHARTS[figure.name](told_by(figure), figure)
        figure.svg, figure.png = svg, picture(svg) if figure.name == CARD else b""
    except NothingToDraw as nothing:
        figure.problem = str(nothing)
    except Exception:
        log.exception("The figure %s of snapshot %s could not be drawn.", figure.name, figure.leaderboard_id)
        figure.problem = "The drawing failed; the log of the worker says why."
