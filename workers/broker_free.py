"""The same work without a queue: look, drain every ready lane at once, refit, draw, and look again."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from django.conf import settings
from django.utils import timezone

from apps.ratings.figures import due_snapshots
from apps.ratings.models import Board
from apps.ratings.operations import SETTLED, refit_board
from apps.ratings.queries import boards_with_newer_evidence
from judgeboard.outage import AWAY
from workers import conductor
from workers.drain import drain
from workers.figures import draw
from workers.outage import in_database

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds


async def work(*, until_done: bool, stop: asyncio.Event, told: Callable[[str], object]) -> int:
    """Works until `stop` is set or, with `until_done`, until nothing is wanted; the number of rows answered."""
    drains: dict[int, asyncio.Task[None]] = {}
    answered = 0

    async def run(lane: int) -> None:
        nonlocal answered
        try:
            drained = await drain(lane, stop=stop)
        except AWAY:  # said already
            return await asyncio.sleep(LOOK_EVERY)
        except Exception:  # one lane's trouble is not the others': it is tried again at a later look
            log.exception("Lane %s could not be drained.", lane)
            return await asyncio.sleep(LOOK_EVERY)
        answered += drained.answered
        told(f"lane {lane}: {drained.answered} answered")
        return None

    while not stop.is_set():
        with suppress(*AWAY):  # until the next look
            found = await in_database(lambda: conductor.look(timezone.now()))
            drains = {lane: task for lane, task in drains.items() if not task.done()}
            drains |= {lane: asyncio.create_task(run(lane)) for lane in found.lanes if lane not in drains}
            for board in found.boards:
                await in_database(partial(_refit, board))
            for snapshot in found.snapshots:
                await draw(snapshot, now=timezone.now())
            if until_done and not drains and not await in_database(conductor.anything_open):
                break
        await _pause(stop, drains)
    await asyncio.gather(*drains.values())
    if not stop.is_set():
        await in_database(_refit_all, patience=settings.LEASE_SECONDS)
        with suppress(*AWAY):
            await _draw_all()
    return answered


async def _pause(stop: asyncio.Event, drains: dict[int, asyncio.Task[None]]) -> None:
    """Until the next look is due; a lane that ends early may have made others ready, so it ends the pause."""
    waits = [asyncio.create_task(stop.wait()), *drains.values()]
    await asyncio.wait(waits, timeout=LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
    waits[0].cancel()


def _refit_all() -> None:
    """What was said since a board was last rated, however short a while ago that was."""
    for board in boards_with_newer_evidence(fitted_before=timezone.now()):
        _refit(board)


async def _draw_all() -> None:
    """What would only be drawn once its board has settled too: nothing more will be said."""
    settled = timezone.now() + SETTLED
    for snapshot in await in_database(partial(due_snapshots, settled)):
        await draw(snapshot, now=settled)


def _refit(board_id: int) -> None:
    refit_board(board=Board.objects.get(pk=board_id), now=timezone.now())
