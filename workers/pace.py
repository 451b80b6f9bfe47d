"""How many calls a lane may have under way at once, and when it had better rest. No clock, no database, no network.

up:    one more a round, while answers come
down:  half, when the endpoint asks for less (429, time-outs)
rest:  as long as the endpoint says (a moment that few of many calls are told of is chance); or when nobody seems to be
       there, until one call alone finds out
"""

from judgeboard.llm.errors import CallFailed, Lasting, Passing, RateLimited, TimedOut

TRIED = 4  # calls at once to an endpoint that has not answered yet
MOST_FAILED = 1 / 6  # of what a round has begun, by its end a third of it; fewer are chance: busy servers fail some
A_MOMENT = 1.0  # seconds; whoever names a longer time has one in mind and is obeyed at once
SEEMS_DEAD = 4  # faults without an answer, at least
FIRST_REST, FIRST_REST_OF_STRANGERS, LONGEST_REST = 5.0, 30.0, 600.0  # seconds


class Pace:
    """What one drain learns of its lane, from what was learnt before it.

    most:     the owner's limit
    at_once:  calls under way now at most
    learnt:   calls that went well at once; None while nothing was ever answered
    breaks:   rests in a row without an answer between them
    """

    def __init__(self, most: int, *, learnt: int | None = None, breaks: int = 0) -> None:
        self.most, self.breaks = most, breaks
        self._known = learnt is not None
        self._allowed = float(min(most, TRIED if learnt is None else max(learnt, 1)))
        self._faults = 0
        self._old_news = 0  # results to come of calls that were begun before the last change for the worse
        self._new_round()

    def _new_round(self) -> None:
        """A round is over when as many calls were heard of as may be under way."""
        self._heard = self._pleas = 0
        self._wait = 0.0

    @property
    def at_once(self) -> int:
        return 1 if self.breaks else int(self._allowed)

    @property
    def learnt(self) -> int | None:
        return int(self._allowed) if self._known else None

    def heard(self, result: object, *, under_way: int) -> float:
        """What came of a call while others are under way; the seconds that the lane should rest from now.

        Those others were begun before it was known: what comes of them makes nothing worse.
        """
        is_old, self._old_news = self._old_news > 0, max(0, self._old_news - 1)
        self._heard += not is_old
        rest = max(self._told(result, None if is_old else under_way), _named(result))
        if self._heard >= self._allowed:
            self._new_round()
        return rest

    def _told(self, result: object, under_way: int | None) -> float:
        """under_way: None where it is old news."""
        if not isinstance(result, CallFailed) or isinstance(result, Lasting):
            self._answered()
            return 0.0
        rest = self._asked_for_less(result, under_way) if isinstance(result, RateLimited | TimedOut) else 0.0
        return rest if isinstance(result, RateLimited) else max(rest, self._doubted(under_way))

    def _answered(self) -> None:
        """A refusal for good is an answer too: somebody is there."""
        self._faults = self.breaks = 0
        if not self._known:
            self._known, self._allowed = True, float(self.most)
        self._allowed = min(self.most, self._allowed + 1 / self._allowed)

    def _asked_for_less(self, plea: RateLimited | TimedOut, under_way: int | None) -> float:
        if under_way is None:
            return plea.retry_after or 0.0
        self._pleas += 1
        self._wait = max(self._wait, plea.retry_after or 0.0)
        if self._is_chance(self._pleas, under_way):
            return 0.0
        wait, self._allowed, self._old_news = self._wait, max(1.0, self._allowed / 2), under_way
        self._new_round()
        return wait

    def _is_chance(self, failures: int, under_way: int) -> bool:
        """Failures come back before answers do, so they are counted against what is under way as well."""
        return failures <= MOST_FAILED * (self._heard + under_way)

    def _doubted(self, under_way: int | None) -> float:
        self._faults += 1
        if under_way is not None and (self.breaks or self._seems_dead(under_way)):
            self.breaks, self._old_news = self.breaks + 1, under_way
        if not self.breaks:
            return 0.0
        first = FIRST_REST if self._known else FIRST_REST_OF_STRANGERS
        rest: float = min(LONGEST_REST, first * 2.0 ** (self.breaks - 1))
        return rest

    def _seems_dead(self, under_way: int) -> bool:
        return self._faults >= SEEMS_DEAD and not self._is_chance(self._faults, under_way)


def _named(result: object) -> float:
    """Seconds for which the endpoint wants no call from anybody."""
    wait = (result.retry_after or 0.0) if isinstance(result, Passing) else 0.0
    return wait if wait > A_MOMENT else 0.0
