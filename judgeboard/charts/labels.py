"""Where names can stand beside points without covering a point or another name. Points without room stay unnamed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from judgeboard.charts.names import pixels, shortened
from judgeboard.charts.theme import SIZE

DOT = 5.0  # pixels from a point's middle to its edge
ASIDE, ABOVE = 8.0, 9.0  # pixels from the point to the name


@dataclass(frozen=True)
class Point:
    """What is to be named, and where: pixels from the left and from the top."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Label:
    """`y` is the middle of the text; `x` its left end, or its right end if it is `before` the point."""

    text: str
    x: float
    y: float
    before: bool


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def inside(self, side: float) -> bool:
        return min(self.left, self.top) >= 0 and max(self.right, self.bottom) <= side


def labels(points: Sequence[Point], side: float) -> Iterator[Label]:
    """Names inside a square of so many pixels, the first point's first."""
    taken = [Box(point.x - DOT, point.y - DOT, point.x + DOT, point.y + DOT) for point in points]
    for point in points:
        for label in _places(point):
            box = _box(label)
            if box.inside(side) and not any(box.meets(other) for other in taken):
                taken.append(box)
                yield label
                break


def _places(point: Point) -> Iterator[Label]:
    text = shortened(point.name)
    for y in (point.y - ABOVE, point.y + ABOVE):
        yield Label(text, point.x + ASIDE, y, before=False)
        yield Label(text, point.x - ASIDE, y, before=True)


def _box(label: Label) -> Box:
    length = pixels(label.text)
    left = label.x - length if label.before else label.x
    return Box(left, label.y - SIZE / 2, left + length, label.y + SIZE / 2)
