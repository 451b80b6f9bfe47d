"""One lane, emptied: claim a batch, speak to the model many times at once, store as answers land, until nothing is left
or the time slice is over.

    claim --> todo --calls (as many as the pace allows, each in its turn of the allowance)--> heard --> store
      ^                                                                                                  |
      +-------------------------------------- while there is time ---------------------------------------+

The database is only touched from the one loop at the bottom, between two looks at what was heard.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from judgeboard.llm.client import Speaker
from judgeboard.llm.errors import CallFailed, Unavailable
from judgeboard.llm.guard import networks
from workers.allowance import Allowance
from workers.ending import Stop
from workers.lane import Asked, Lane
from workers.outage import in_database
from workers.pace import Pace
from workers.purse import Row
from workers.steps.step import Answer, Question, Step, Voice
from workers.turns import InTurn

log = logging.getLogger(__name__)

T = TypeVar("T")
Call = asyncio.Task[Asked | None]

GATHER = 0.05  # seconds in which answers come together to be stored
LOOK_UP = 1.0  # seconds after which the end of the slice, or of the worker, is noticed though nothing lands
FIRST_STEP = 32  # rows loaded before the first call begins
SHORT = 2.0  # seconds for which a drain rests, or waits for rows to come back, rather than leave the lane
LAST_WORDS = 25.0  # seconds for which calls under way are awaited after the word to stop


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
    stop: Stop | None = None,
) -> Drained:
    """Works on one lane for at most `seconds` of claiming; calls under way are awaited and stored.

    Told to `stop`, it claims no more, and awaits them no longer than LAST_WORDS: their rows are given back then.
    """
    lane = await in_database(lambda: Lane.enter(endpoint_id, clock()))
    if lane is None:
        return Drained(held=False)
    until = time.monotonic() + (settings.DRAIN_SLICE if seconds is None else seconds)
    try:
        async with Speaker(lane.endpoint, allowed=networks(settings.ALLOWED_NETWORKS)) as speaker:
            return await _Drain(lane, speaker, clock, until, stop or asyncio.Event()).run()
    finally:
        await _patiently(lane.leave)


class _Drain:
    def __init__(self, lane: Lane, speaker: Speaker, clock: Callable[[], datetime], until: float, stop: Stop) -> None:
        self._lane, self._speaker, self._clock, self._until, self._stop = lane, speaker, clock, until, stop
        self._pace = Pace(lane.endpoint.concurrency, learnt=lane.learnt, breaks=lane.breaks)
        self._allowance = Allowance(lane.limits)
        self._todo: deque[tuple[Step, Question]] = deque()
        self._calls: dict[Call, Row] = {}
        self._queueing: set[Call] = set()  # those of them that wait for their turn
        self._heard: asyncio.Queue[Asked | None] = asyncio.Queue()
        self._open: set[Row] = set()  # claimed and not stored yet
        self._lost = 0  # of those, rows whose lease a slow moment of ours let run out
        self._dry = False  # the last claim found less than was asked for
        self._beat = time.monotonic()
        self._rest_until = 0.0
        self._stopped: float | None = None  # when the word to stop was heard
        self._trouble = ""

    async def run(self) -> Drained:
        drained = Drained()
        try:
            await self._claim()
            while not self._must_leave() and (self._open or await self._more_to_come()):
                drained.answered += await self._store(await self._listen())
                if not await self._keep():
                    drained.held = False  # fenced off: what is still under way will be dropped on arrival
                    break
                await self._claim()
        finally:
            self._drop_unasked()
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)
        await _patiently(lambda: self._lane.note(self._pace, self._resting_until(), self._trouble))
        return drained

    # --- calls --------------------------------------------------------------------------------------------------------
    def _begin(self) -> None:
        """As many calls as the pace allows. Each that ends makes room for another."""
        while self._todo and len(self._calls) < self._pace.at_once and not self._is_over():
            if (rest := self._rest_until - time.monotonic()) > 0:
                asyncio.get_running_loop().call_later(rest, self._begin)
                return
            step, question = self._todo.popleft()
            call = asyncio.create_task(self._call(step, question))
            self._calls[call] = _row(step, question)
            self._queueing.add(call)
            call.add_done_callback(self._ended)  # which hears of calls too that are cancelled before they begin

    def _ended(self, call: Call) -> None:
        row, asked = self._calls.pop(call), _outcome(call)
        self._queueing.discard(call)
        if asked is None:
            self._open.discard(row)
        self._heard.put_nowait(asked)
        self._begin()

    async def _call(self, step: Step, question: Question) -> Asked | None:
        """None: given back unasked."""
        counted = await self._turn(question)
        if counted is None:
            return None
        call = asyncio.current_task()
        assert call is not None
        self._queueing.discard(call)
        purse = self._lane.purse
        meter = purse.begin(step, question, InTurn(self._speaker, self._allowance, counted))
        result = await _ask(question, meter)
        self._learn(question, result)
        return Asked(step, question, result, purse.bill(step, question, meter))

    async def _turn(self, question: Question) -> int | None:
        """As how many tokens it counts; None: not to be asked, for by then the slice is over or the lane rests long."""
        counted = await self._allowance.take(question.tokens) if question.tokens else 0
        await asyncio.sleep(max(0.0, self._rest_until - time.monotonic()))
        if not self._is_over() and time.monotonic() >= self._rest_until:
            return counted
        self._allowance.give_back(counted)
        return None

    def _learn(self, question: Question, result: Answer | CallFailed) -> None:
        if not question.tokens:
            return  # answered from memory, or not to be asked at all: that tells nothing of the endpoint
        rest = self._pace.heard(result, under_way=len(self._calls) - 1)
        self._trouble = str(result) if isinstance(result, CallFailed) and self._pace.breaks else ""
        self._rest_until = max(self._rest_until, time.monotonic() + rest)

    # --- the loop -----------------------------------------------------------------------------------------------------
    async def _listen(self) -> list[Asked]:
        """Everything that has been heard, together with what lands in a moment: a batch costs little more than a row.

        No call waits for that. An answer that is heard but not stored is paid for again when the worker is killed.
        """
        wait = min(LOOK_UP, max(0.05, self._beat + settings.LEASE_HEARTBEAT - time.monotonic()))
        try:
            heard = [await asyncio.wait_for(self._heard.get(), wait)]
        except TimeoutError:
            return []
        await asyncio.sleep(GATHER)
        while not self._heard.empty():
            heard.append(self._heard.get_nowait())
        return [asked for asked in heard if asked is not None]

    async def _store(self, asked: list[Asked]) -> int:
        if not asked:
            return 0
        answered = await _patiently(lambda: self._lane.store(asked, self._clock()))
        self._open -= {_row(one.step, one.question) for one in asked}
        self._dry = False  # stored outputs may have made judgments of this very lane ready
        return answered

    async def _keep(self) -> bool:
        if time.monotonic() < self._beat + settings.LEASE_HEARTBEAT:
            return True
        self._beat = time.monotonic()
        kept = await _patiently(lambda: self._lane.keep(self._clock()))
        self._lost = max(0, len(self._open) - kept.rows)
        self._dry = self._dry and not self._lost
        return kept.lane

    async def _claim(self) -> None:
        """Keeps the calls coming for about two rounds ahead, as long as there is time.

        From nothing in steps that double, so that the first call does not wait until hundreds of rows are loaded.
        """
        while not self._is_over() and not self._dry and (room := self._room()):
            limit = min(room, max(len(self._open), FIRST_STEP))
            claimed = await _patiently(partial(self._claimed, limit))
            self._dry, self._lost = len(claimed) < limit, 0
            self._todo.extend(one for one in claimed if not self._taken_back(*one))
            self._begin()
        if self._is_over():
            self._drop_unasked()

    def _claimed(self, limit: int) -> list[tuple[Step, Question]]:
        return self._lane.claim(limit, self._clock())

    def _taken_back(self, step: Step, question: Question) -> bool:
        """Whether the row was ours all along: its lease had run out, but its call is under way or about to begin."""
        row = _row(step, question)
        if row not in self._open:
            self._open.add(row)
            return False
        if row in self._calls.values():
            self._lane.purse.begun_already(step, question)
        return True

    def _room(self) -> int:
        """Rows that could be claimed; 0 as long as they are too few to be worth a look into the database."""
        room = 2 * self._pace.at_once - len(self._open) + self._lost
        return room if room > self._pace.at_once // 2 or self._lost else 0

    async def _more_to_come(self) -> bool:
        """Waits for rows that a passing fault sends back in a moment, rather than leave and be called again."""
        if self._is_over():
            return False
        due = await _patiently(lambda: self._lane.due(self._clock() + timedelta(seconds=SHORT)))
        if due is None:
            return False
        await asyncio.sleep(max(0.0, (due - self._clock()).total_seconds()))
        self._dry = False
        await self._claim()
        return bool(self._open)

    def _is_over(self) -> bool:
        now = time.monotonic()
        return now >= self._until or self._stop.is_set() or self._rest_until - now > SHORT

    def _must_leave(self) -> bool:
        """Whoever told us to stop waits no longer."""
        if self._stopped is None and self._stop.is_set():
            self._stopped = time.monotonic()
        return self._stopped is not None and time.monotonic() - self._stopped >= LAST_WORDS

    def _drop_unasked(self) -> None:
        """Nothing new is begun; `Lane.leave` gives the leases back."""
        self._open -= {_row(*one) for one in self._todo}
        self._todo.clear()
        for call in self._queueing:
            call.cancel()

    def _resting_until(self) -> datetime | None:
        rest = self._rest_until - time.monotonic()
        return self._clock() + timedelta(seconds=rest) if rest > 0 else None


def _row(step: Step, question: Question) -> Row:
    return step.model, question.key


def _outcome(call: Call) -> Asked | None:
    if call.cancelled():
        return None
    if (error := call.exception()) is not None:
        log.error("A call did not come to its end; its row is given back.", exc_info=error)
        return None
    return call.result()


async def _patiently(do: Callable[[], T]) -> T:
    """What is under way is worth waiting for the database: for as long as its lease was good for."""
    return await in_database(do, patience=settings.LEASE_SECONDS)


async def _ask(question: Question, speaker: Voice) -> Answer | CallFailed:
    try:
        return await question.ask(speaker)
    except CallFailed as failure:
        return failure
    except Exception as error:  # a reply no code of ours foresaw must cost one row, not the drain
        return Unavailable(f"The answer could not be handled ({type(error).__name__}).")
