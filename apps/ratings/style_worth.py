"""What style is worth in the eyes of a rater, as a snapshot has found it."""

from typing import NamedTuple

from django.utils.translation import gettext_noop

from apps.ratings.models import Finding, Leaderboard
from apps.ratings.rater import Rater

MEANING = {
    "characters": gettext_noop("twice as long"),
    "headers": gettext_noop("with headings where the other has none"),
    "list_items": gettext_noop("with lists where the other has none"),
    "bold": gettext_noop("with bold type where the other has none"),
}


class StyleWorth(NamedTuple):
    """Elo points by which the answer of this look is ahead of an equal one."""

    meaning: str
    value: float
    lower: float
    upper: float


def style_worth(leaderboard: Leaderboard, rater: Rater) -> tuple[StyleWorth, ...]:
    """Of the looks in which its answers differ."""
    found = leaderboard.findings.filter(name=Finding.Name.STYLE).first()
    judge = rater.judge.pk if rater.judge else None
    own = [row for row in found.rows if (row["by"], row["judge"]) == (rater.by, judge)] if found else []
    return tuple(StyleWorth(MEANING[row["name"]], row["value"], row["lower"], row["upper"]) for row in own)
