"""Names as they fit: cut where they are long. The whole name is told where the pointer rests, and in the table."""

from unicodedata import combining, east_asian_width

from judgeboard.charts.theme import SIZE

MOST = 24  # letters of usual width
LETTER = 0.58 * SIZE  # pixels, of a letter of usual width


def shortened(name: str, most: int = MOST) -> str:
    """The name, or as much of it as is no wider than so many letters, with an ellipsis. Wide letters count twice."""
    return name if width(name) <= most else _cut(name, most - 1) + "…"


def _cut(name: str, most: int) -> str:
    end = next(end for end in range(len(name), -1, -1) if width(name[:end]) <= most)
    return name[:end].rstrip()


def pixels(text: str) -> float:
    """How wide the text is drawn, about."""
    return width(text) * LETTER


def width(text: str) -> float:
    """How wide the text is, about, in letters of usual width."""
    return sum(_letter(letter) for letter in text)


def _letter(letter: str) -> float:
    if combining(letter):
        return 0
    if east_asian_width(letter) in "WF":
        return 2
    return 1.35 if letter.isupper() or letter in "mw@%" else 1
