"""How many calls a lane may have under way at once, and when it had better rest. No clock, no database, no network.

up:    one more a round, while answers come
down:  half, when the endpoint asks for less (429, time-outs)
rest:  as long as a 429 says; or when nobody seems to be there, until one call alone finds out
"""

from judgeboard.llm.errors import CallFailed, Lasting, RateLimited, TimedOut

TRIED = 4  # calls at once to an endpoint that has not answered yet
PLEAS = 16  # calls at once for each plea in a row that is taken for chance: servers under load refuse a few at random
MOST_PLEAS = 5
SEEMS_DEAD = 4  # faults in a row
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
        self._pleas = self._faults = 0
        self._wait = 0.0
        self._old_news = 0  # results to come of calls that were begun before the last change for the worse

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
        if not isinstance(result, CallFailed) or isinstance(result, Lasting):
            self._answered()
            return 0.0
        worse = None if is_old else under_way
        rest = self._asked_for_less(result, worse) if isinstance(result, RateLimited | TimedOut) else 0.0
        return rest if isinstance(result, RateLimited) else max(rest, self._doubted(worse))

    def _answered(self) -> None:
        """A refusal for good is an answer too: somebody is there."""
        self._pleas = self._faults = self.breaks = 0
        self._wait = 0.0
        if not self._known:
            self._known, self._allowed = True, float(self.most)
        self._allowed = min(self.most, self._allowed + 1 / self._allowed)

    def _asked_for_less(self, plea: RateLimited | TimedOut, under_way: int | None) -> float:
        self._pleas += 1
        self._wait = max(self._wait, plea.retry_after or 0.0)
        if self._pleas < min(max(1, int(self._allowed) // PLEAS), MOST_PLEAS):
            return 0.0
        if under_way is not None:
            self._allowed, self._old_news = max(1.0, self._allowed / 2), under_way
        return self._wait

    def _doubted(self, under_way: int | None) -> float:
        self._faults += 1
        if self._faults < SEEMS_DEAD and not self.breaks:
            return 0.0
        if under_way is not None:
            self.breaks, self._old_news = self.breaks + 1, under_way
        first = FIRST_REST if self._known else FIRST_REST_OF_STRANGERS
        rest: float = min(LONGEST_REST, first * 2.0 ** (self.breaks - 1))
        return rest
