"""One lane, emptied: claim a batch, speak to the model many times at once, store as answers land, until nothing is left
or the time slice is over.

    claim --> todo --speakers (as many as the endpoint allows)--> heard --> store
      ^                                                                      |
      +------------------------ while there is time -------------------------+

The database is only touched from the one loop at the bottom, between two looks at what was heard.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from judgeboard.llm.client import Speaker
from judgeboard.llm.errors import CallFailed, Unavailable
from judgeboard.llm.guard import networks
from workers.lane import Asked, Lane
from workers.steps.step import Answer, Question, Step, Voice

Todo = asyncio.Queue[tuple[Step, Question]]
Heard = asyncio.Queue[Asked]


@dataclass
class Drained:
    """What one drain did."""

    held: bool = True  # False: another drain had the lane
    answered: int = 0


async def drain(
    endpoint_id: int,
    *,
    seconds: float | None = None,
    clock: Callable[[], datetime] = timezone.now,
    stop: asyncio.Event | None = None,
) -> Drained:
    """Works on one lane for at most `seconds` of claiming; calls under way are always awaited and stored."""
    lane = await sync_to_async(Lane.enter)(endpoint_id, clock())
    if lane is None:
        return Drained(held=False)
    until = time.monotonic() + (settings.DRAIN_SLICE if seconds is None else seconds)
    try:
        async with Speaker(lane.endpoint, allowed=networks(settings.ALLOWED_NETWORKS)) as speaker:
            return await _Drain(lane, speaker, clock, until, stop or asyncio.Event()).run()
    finally:
        await sync_to_async(lane.leave)()


class _Drain:
    def __init__(
        self, lane: Lane, speaker: Speaker, clock: Callable[[], datetime], until: float, stop: asyncio.Event
    ) -> None:
        self._lane, self._speaker, self._clock, self._until, self._stop = lane, speaker, clock, until, stop
        self._todo: Todo = asyncio.Queue()
        self._heard: Heard = asyncio.Queue()
        self._open = 0  # claimed and not stored yet
        self._dry = False  # the last claim found less than was asked for
        self._beat = time.monotonic()

    async def run(self) -> Drained:
        drained = Drained()
        speakers = [asyncio.create_task(self._speak()) for _ in range(self._lane.endpoint.concurrency)]
        try:
            await self._claim()
            while self._open:
                drained.answered += await self._store(await self._listen())
                if not await self._keep():
                    drained.held = False  # fenced off: what is still under way will be dropped on arrival
                    break
                await self._claim()
        finally:
            for speaker in speakers:
                speaker.cancel()
            await asyncio.gather(*speakers, return_exceptions=True)
        return drained

    async def _speak(self) -> None:
        while True:
            step, question = await self._todo.get()
            meter = self._lane.purse.begin(step, question, self._speaker)
            result = await _ask(question, meter)
            self._heard.put_nowait(Asked(step, question, result, self._lane.purse.bill(step, question, meter)))

    async def _listen(self) -> list[Asked]:
        """Everything that has been heard: what lands while a batch is stored makes the next batch, and nothing waits.

        An answer that is heard but not stored is paid for again when the worker is killed.
        """
        wait = max(0.05, self._beat + settings.LEASE_HEARTBEAT - time.monotonic())
        try:
            heard = [await asyncio.wait_for(self._heard.get(), wait)]
        except TimeoutError:
            return []
        while not self._heard.empty():
            heard.append(self._heard.get_nowait())
        return heard

    async def _store(self, asked: list[Asked]) -> int:
        if not asked:
            return 0
        answered = await sync_to_async(self._lane.store)(asked, self._clock())
        self._open -= len(asked)
        self._dry = False  # stored outputs may have made judgments of this very lane ready
        return answered

    async def _keep(self) -> bool:
        if time.monotonic() < self._beat + settings.LEASE_HEARTBEAT:
            return True
        self._beat = time.monotonic()
        return await sync_to_async(self._lane.keep)(self._clock())

    async def _claim(self) -> None:
        """Keeps the speakers busy for about two rounds ahead, as long as there is time."""
        room = 2 * self._lane.endpoint.concurrency - self._open
        late = time.monotonic() >= self._until or self._stop.is_set()
        if late:
            self._drop_unasked()
        if late or self._dry or room < self._lane.endpoint.concurrency // 2 + 1:
            return
        claimed = await sync_to_async(partial(self._lane.claim, room, self._clock()))()
        self._dry = len(claimed) < room
        self._open += len(claimed)
        for one in claimed:
            self._todo.put_nowait(one)

    def _drop_unasked(self) -> None:
        """Past the slice nothing new is begun; `Lane.leave` gives the leases back."""
        while not self._todo.empty():
            self._todo.get_nowait()
            self._open -= 1


async def _ask(question: Question, speaker: Voice) -> Answer | CallFailed:
    try:
        return await question.ask(speaker)
    except CallFailed as failure:
        return failure
    except Exception as error:  # a reply no code of ours foresaw must cost one row, not the drain
        return Unavailable(f"The answer could not be handled ({type(error).__name__}).")
