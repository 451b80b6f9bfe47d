"""A picture of the size that other sites show beside a link: a sentence, and some lines of a ranking with intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from judgeboard.charts.axes import Ends, Interval, ends_around
from judgeboard.charts.names import shortened, width
from judgeboard.charts.svg import SVG
from judgeboard.charts.theme import ACCENT, INK, LINE, SOFT, SURFACE

WIDTH, HEIGHT = 1200, 630
EDGE = 64
LETTERS, SENTENCE, SMALL = 26, 46, 22  # pixels
LETTERS_OF_A_LINE = 41  # of the sentence, of usual width
FIRST, APART = 304, 45  # the middle of the first line from the top, and from one to the next
NAMES, MARKS, END = 164, 560, 860  # where names begin, and where intervals begin and end
MOST_LETTERS = 24  # of a name
FONT = "sans-serif"


@dataclass(frozen=True)
class Ranked:
    """One line. `meant`: the sentence speaks of it."""

    rank: str
    model: str
    rating: Interval
    meant: bool


def card(title: str, sentence: str, lines: Sequence[Ranked], foot: str) -> str:
    """SVG of at least one line; a long sentence takes two lines and ends there."""
    root = Element(
        "svg", {"xmlns": SVG, "viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": str(WIDTH), "height": str(HEIGHT)}
    )
    root.set("font-family", FONT)
    SubElement(root, "rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": SURFACE})
    SubElement(root, "rect", {"width": "14", "height": str(HEIGHT), "fill": ACCENT})
    _mark(root)
    _text(root, EDGE + 52, 82, LETTERS, "judgeboard", bold=True)
    _text(root, WIDTH - EDGE, 82, LETTERS, shortened(title, 48), fill=SOFT, anchor="end")
    for number, words in enumerate(_wrapped(sentence)):
        _text(root, EDGE, 168 + number * 58, SENTENCE, words, bold=True)
    ends = ends_around(line.rating for line in lines)
    for number, line in enumerate(lines):
        _ranked(root, FIRST + number * APART, line, ends)
    _text(root, EDGE, HEIGHT - 30, SMALL, foot, fill=SOFT)
    return tostring(root, encoding="unicode")


def _ranked(root: Element, y: float, line: Ranked, ends: Ends) -> None:
    colour = ACCENT if line.meant else SOFT
    _text(root, EDGE, y + 9, LETTERS, line.rank, fill=colour, bold=True)
    _text(root, NAMES, y + 9, LETTERS, shortened(line.model, MOST_LETTERS), bold=line.meant)
    _rule(root, MARKS, END, y, LINE, 1)
    lower, value, upper = (
        MARKS + (END - MARKS) * (ends.within(at) - ends.low) / (ends.high - ends.low)
        for at in (line.rating.lower, line.rating.value, line.rating.upper)
    )
    _rule(root, lower, upper, y, colour, 5)
    dot = {"cx": f"{value:.1f}", "cy": f"{y}", "r": "9", "fill": colour if line.meant else SURFACE}
    SubElement(root, "circle", dot | {"stroke": colour, "stroke-width": "4"})
    _text(root, WIDTH - EDGE, y + 8, SMALL, str(line.rating), fill=SOFT, anchor="end")


def _mark(root: Element) -> None:
    """The site's: judges a filled dot, people a hollow diamond."""
    mark = SubElement(root, "g", {"transform": f"translate({EDGE} 52) scale(1.25)", "stroke-width": "2"})
    SubElement(mark, "path", {"d": "M3 11h26", "stroke": ACCENT})
    SubElement(mark, "circle", {"cx": "19", "cy": "11", "r": "4.5", "fill": ACCENT})
    SubElement(mark, "path", {"d": "M6 22h20", "stroke": INK})
    SubElement(mark, "path", {"d": "M13 17l5 5-5 5-5-5z", "fill": SURFACE, "stroke": INK})


def _wrapped(sentence: str) -> Iterator[str]:
    """At most two lines, the second with all that is left, as far as it fits."""
    first, left = "", sentence.split()
    while left and (not first or width(f"{first} {left[0]}") <= LETTERS_OF_A_LINE):
        first = f"{first} {left.pop(0)}".strip()
    yield shortened(first, LETTERS_OF_A_LINE)
    if left:
        yield shortened(" ".join(left), LETTERS_OF_A_LINE)


def _rule(root: Element, start: float, end: float, y: float, colour: str, width: int) -> None:
    ends = {"x1": f"{start:.1f}", "x2": f"{end:.1f}", "y1": f"{y}", "y2": f"{y}"}
    SubElement(root, "line", ends | {"stroke": colour, "stroke-width": str(width), "stroke-linecap": "round"})


def _text(
    root: Element,
    x: float,
    y: float,
    size: int,
    words: str,
    *,
    fill: str = INK,
    bold: bool = False,
    anchor: str = "start",
) -> None:
    looks = {"font-size": str(size), "font-weight": "700" if bold else "400", "fill": fill, "text-anchor": anchor}
    SubElement(root, "text", {"x": f"{x}", "y": f"{y}"} | looks).text = words
