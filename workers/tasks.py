"""Decorators only: what is done stands in conductor, drain and apps.ratings.

A task that finds the database away ends, for nothing is lost with it: the next tick rings again.
"""

from contextlib import suppress

from asgiref.sync import async_to_sync
from celery import shared_task
from django.utils import timezone

from apps.ratings.models import Board
from apps.ratings.operations import refit_board
from judgeboard.outage import AWAY
from workers import conductor
from workers.drain import drain
from workers.ending import ENDING
from workers.figures import draw
from workers.outage import outage_noticed

# The next tick rings again, so a message that nobody took in this time may be forgotten.
STALE_AFTER = 5.0  # seconds


@shared_task(name="tick")
def tick() -> None:
    """Rings for every lane, board and snapshot that has work."""
    with suppress(*AWAY), outage_noticed():
        work = conductor.look(timezone.now())
        for lane in work.lanes:
            drain_lane.apply_async((lane,), expires=STALE_AFTER)
        for board in work.boards:
            refit.apply_async((board,), expires=STALE_AFTER)
        for snapshot in work.snapshots:
            draw_figures.apply_async((snapshot,), expires=STALE_AFTER)


@shared_task(name="drain")
def drain_lane(endpoint_id: int) -> None:
    with suppress(*AWAY):
        async_to_sync(drain)(endpoint_id, stop=ENDING)


@shared_task(name="refit")
def refit(board_id: int) -> None:
    with suppress(*AWAY), outage_noticed():
        refit_board(board=Board.objects.get(pk=board_id), now=timezone.now())


@shared_task(name="draw")
def draw_figures(leaderboard_id: int) -> None:
    with suppress(*AWAY):
        async_to_sync(draw)(leaderboard_id, now=timezone.now())
