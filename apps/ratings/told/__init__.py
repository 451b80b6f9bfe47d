"""What a figure tells before anybody draws it: rows, and the words around them. None where too little is known.

One file a question. Summaries are read aloud in place of the drawing, so each says what is to be seen, with numbers.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from apps.ratings.rater import Rater

LEAST = 2  # models; one alone has no place
FlatRow = dict[str, Any]


class Column(NamedTuple):
    """Of a figure's table. `form`: how its cells are written, and where a name or a count leads."""

    key: str
    heading: str
    form: str


@dataclass(frozen=True)
class Told:
    name: str
    title: str
    caption: str
    summary: str
    columns: tuple[Column, ...]
    rows: tuple[FlatRow, ...]


MODEL = Column("model", "Model", "model")
OTHER = Column("other", "Against", "other")


def interval_columns(key: str, heading: str, form: str, prefix: str = "") -> tuple[Column, Column, Column]:
    """A value and the ends of its interval, which stand in the rows under this prefix."""
    return Column(key, heading, form), Column(f"{prefix}lower", "from", form), Column(f"{prefix}upper", "to", form)


def eyes(rater: Rater) -> str:
    """What a caption opens with: whose ratings, where they are not all judges', and that style is left aside."""
    whose = "In people’s eyes" if rater.is_people else f"In the eyes of {rater.judge}" if rater.judge else ""
    style = "with style left aside" if rater.is_controlled else ""
    told = ", ".join(words for words in (whose, style) if words)
    return f"{told[0].upper()}{told[1:]}. " if told else ""


def judges_columns(rater: Rater, form: str = "points") -> tuple[Column, Column, Column]:
    """Of the ratings by judges: the chosen one's, or those of all together."""
    return interval_columns("rating", f"{rater.judge}’s rating" if rater.judge else "Judges’ rating", form)


def percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NARROW NO-BREAK SPACE}%"


def percent_between(share: float, lower: float, upper: float) -> str:
    """66 % (63 to 69)."""
    return f"{percent(share)} ({100 * lower:.0f} to {100 * upper:.0f})"


def written(number: float) -> str:
    """A rating, with a minus sign that is one."""
    return f"{number:.0f}".replace("-", "−")
