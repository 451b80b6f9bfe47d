"""The geometry of a bar of wins, ties and losses, with the points and their interval below. Draws nothing."""

from dataclasses import dataclass

from judgeboard.arena.rating.head_to_head import HeadToHead
from judgeboard.arena.share import Share

WIDTH = 1000.0


@dataclass(frozen=True)
class Piece:
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """From the left: won, tied, lost. `lower`, `mark`, `upper`: the points on the same axis from 0 to 100 %."""

    won: Piece
    tied: Piece
    lost: Piece
    lower: float
    mark: float
    upper: float

    width = WIDTH


def bar_of(told: HeadToHead) -> Bar | None:
    """None where nothing was said."""
    if not told.n:
        return None
    won, tied = _x(told.won.share), _x(told.tied.share)
    pieces = Piece(0, won), Piece(won, tied), Piece(round(won + tied, 1), round(WIDTH - won - tied, 1))
    return Bar(*pieces, *_interval(told.points))


def _interval(points: Share) -> tuple[float, float, float]:
    return _x(points.lower), _x(points.share), _x(points.upper)


def _x(share: float | None) -> float:
    return round(WIDTH * (share or 0), 1)
