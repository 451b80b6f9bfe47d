"""What a figure tells before anybody draws it: rows, and the words around them. None where too little is known.

One file a question. Summaries are read aloud in place of the drawing, so each says what is to be seen, with numbers.
Words are lazy: they are told once, and stored in every language.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.ratings.rater import Rater

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LEAST = 2  # models; one alone has no place
FlatRow = dict[str, Any]


class Column(NamedTuple):
    """Of a figure's table. `form`: how its cells are written, and where a name or a count leads."""

    key: str
    heading: "StrOrPromise"
    form: str


@dataclass(frozen=True)
class Told:
    name: str
    title: "StrOrPromise"
    caption: "StrOrPromise"
    summary: "StrOrPromise"
    columns: tuple[Column, ...]
    rows: tuple[FlatRow, ...]


MODEL = Column("model", gettext_lazy("Model"), "model")
OTHER = Column("other", gettext_lazy("Against"), "other")


def interval_columns(key: str, heading: "StrOrPromise", form: str, prefix: str = "") -> tuple[Column, Column, Column]:
    """A value and the ends of its interval, which stand in the rows under this prefix."""
    ends = {"lower": gettext_lazy("from"), "upper": gettext_lazy("to")}
    lower, upper = (Column(prefix + end, told, form) for end, told in ends.items())
    return Column(key, heading, form), lower, upper


def sentences(*told: "StrOrPromise") -> "StrOrPromise":
    """One after the other, without those that are empty."""
    said = [one for one in told if one]
    return format_lazy(" ".join(["{}"] * len(said)), *said)


def eyes(rater: Rater) -> "StrOrPromise":
    """What a caption opens with: whose ratings, where they are not all judges', and that style is left aside."""
    if rater.is_people and rater.is_controlled:
        return gettext_lazy("In people’s eyes, with style left aside.")
    if rater.is_people:
        return gettext_lazy("In people’s eyes.")
    if rater.judge and rater.is_controlled:
        return format_lazy(gettext_lazy("In the eyes of {judge}, with style left aside."), judge=rater.judge)
    if rater.judge:
        return format_lazy(gettext_lazy("In the eyes of {judge}."), judge=rater.judge)
    return gettext_lazy("With style left aside.") if rater.is_controlled else ""


def judges_columns(rater: Rater, form: str = "points") -> tuple[Column, Column, Column]:
    """Of the ratings by judges: the chosen one's, or those of all together."""
    if rater.judge:
        return interval_columns("rating", format_lazy(gettext_lazy("{judge}’s rating"), judge=rater.judge), form)
    return interval_columns("rating", gettext_lazy("Judges’ rating"), form)


def percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NARROW NO-BREAK SPACE}%"


def percent_between(share: float, lower: float, upper: float) -> "StrOrPromise":
    """66 % (63 to 69)."""
    ends = {"lower": f"{100 * lower:.0f}", "upper": f"{100 * upper:.0f}"}
    return format_lazy(gettext_lazy("{share} ({lower} to {upper})"), share=percent(share), **ends)


def written(number: float) -> str:
    """A rating, with a minus sign that is one."""
    return f"{number:.0f}".replace("-", "−")
