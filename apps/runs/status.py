"""What the whole installation is doing, in one look: who asks whom, what waits and why, and what was spent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings

from apps.endpoints.models import Endpoint, Viewer, Worker
from apps.runs.lanes import Lane, lanes
from apps.runs.spend import Spending, spending

PATIENCE = timedelta(seconds=30)  # by then whatever is ready should have been taken up


class State(StrEnum):
    ASKING = "asking"
    SOON = "taken up soon"
    NOT_TAKEN_UP = "not taken up"
    NO_WORKER = "no worker"
    RESTING = "resting"
    UNPAID = "out of budget"
    QUIET = "quiet"


@dataclass(frozen=True)
class Seen:
    """A worker as it was last heard of. One that fell silent on a lane was killed, or is cut off."""

    host: str
    process: int
    started_at: datetime
    beat_at: datetime
    alive: bool
    lanes: tuple[int, ...]  # that it is on, or was
    endpoints: tuple[str, ...]  # their names

    @property
    def state(self) -> str:
        if not self.alive:
            return "silent"
        return "asking" if self.lanes else "ready"


@dataclass(frozen=True)
class Status:
    at: datetime
    lanes: list[Lane]
    workers: list[Seen]
    last_heard: datetime | None  # of any worker
    spending: Spending

    @property
    def alive(self) -> list[Seen]:
        return [worker for worker in self.workers if worker.alive]

    @property
    def asking(self) -> list[Seen]:
        return [worker for worker in self.alive if worker.lanes]

    @property
    def n_hosts(self) -> int:
        return len({worker.host for worker in self.asking})

    @property
    def n_asked(self) -> int:
        """Endpoints that workers are on."""
        return len({lane for worker in self.asking for lane in worker.lanes})

    @property
    def wanted(self) -> int:
        return sum(lane.wanted for lane in self.lanes)

    @property
    def unpaid(self) -> int:
        return sum(lane.unpaid for lane in self.lanes)

    @property
    def under_way(self) -> int:
        return sum(lane.under_way for lane in self.lanes)

    @property
    def last_minute(self) -> int:
        return sum(lane.last_minute for lane in self.lanes)

    @property
    def last_hour(self) -> int:
        return sum(lane.last_hour for lane in self.lanes)

    @property
    def open_lanes(self) -> list[Lane]:
        return [lane for lane in self.lanes if lane.is_open]

    @property
    def n_done_with(self) -> int:
        """Endpoints that answered within the hour and have nothing open."""
        return len(self.lanes) - len(self.open_lanes)

    @property
    def n_resting(self) -> int:
        return sum(lane.resting_until is not None for lane in self.lanes)

    @property
    def ready_since(self) -> datetime | None:
        """Since when the oldest waits that may be asked now."""
        return min((lane.ready_since for lane in self.lanes if lane.ready_since), default=None)

    @property
    def next_at(self) -> datetime | None:
        return min((lane.next_at for lane in self.lanes if lane.next_at), default=None)

    @property
    def state(self) -> State:
        if self.asking:
            return State.ASKING
        if not self.wanted and not self.under_way:
            return State.UNPAID if self.unpaid else State.QUIET
        if not self.alive:
            return State.NO_WORKER
        if self.wanted and self.ready_since is None:
            return State.RESTING
        waits_long = self.ready_since is not None and self.at - self.ready_since > PATIENCE
        return State.NOT_TAKEN_UP if waits_long else State.SOON


def status(*, now: datetime, viewer: Viewer) -> Status:
    """As `viewer` may see it."""
    heard = list(Worker.objects.all())
    return Status(
        at=now,
        lanes=lanes(now=now, viewer=viewer),
        workers=_seen(heard, now),
        last_heard=max((worker.beat_at for worker in heard), default=None),
        spending=spending(now=now, viewer=viewer),
    )


def _seen(heard: list[Worker], now: datetime) -> list[Seen]:
    """Those that are there, or fell silent on a lane. Who left its lanes and is silent may be idle, or has ended."""
    since = now - timedelta(seconds=settings.LEASE_SECONDS)
    asked = {lane for worker in heard for lane in worker.lanes}
    names = dict(Endpoint.objects.filter(pk__in=asked).values_list("pk", "name"))
    return [
        Seen(
            host=worker.host,
            process=worker.process,
            started_at=worker.started_at,
            beat_at=worker.beat_at,
            alive=worker.beat_at >= since,
            lanes=tuple(worker.lanes),
            endpoints=tuple(names[lane] for lane in worker.lanes if lane in names),
        )
        for worker in heard
        if worker.beat_at >= since or worker.lanes
    ]
