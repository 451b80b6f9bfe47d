"""The columns of a board's table, and where each of their headings leads: the same rows sorted by it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext

from apps.board.chips import written
from apps.ratings.board_state import BoardState
from apps.ratings.narrowing import BACKWARDS, Narrowing
from apps.ratings.rater import Rater
from apps.ratings.rows import Row

ASCENDING = ("model", "price", "win_cost")  # the best there is the first or the least

# Columns that are left out where no row has anything to say.
OPTIONAL: dict[str, Callable[[Row], bool]] = {
    "shift": lambda row: row.shift is not None,
    "corrected": lambda row: row.corrected is not None and row.corrected.rating is not None,
    "published": lambda row: row.published is not None,
    "change": lambda row: row.change is not None,
    "price": lambda row: row.contender.endpoint is not None and row.contender.endpoint.price is not None,
    "win_cost": lambda row: row.usd_per_win is not None,
}


@dataclass(frozen=True)
class Heading:
    column: str
    label: str
    beside: str  # a figure, where a row stands as a card without headings
    title: str
    url: str
    order: str  # ascending or descending where the rows are sorted by it


def headings(state: BoardState, asked: Narrowing, to: Callable[..., str]) -> dict[str, Heading]:
    """By column, in their order, those that have something to show; `to`: the page with other words."""
    told = {
        column: words
        for column, words in _columns(state.selection.rater, _since(state)).items()
        if column not in OPTIONAL or any(OPTIONAL[column](row) for row in state.rows)
    }
    beside = _beside(state.selection.rater)
    return {
        column: Heading(
            column, label, beside.get(column, label), title, to(sort=_word(column, asked)), _order(column, asked)
        )
        for column, (label, title) in told.items()
    }


def _since(state: BoardState) -> str:
    """The day of the release that changes are counted from."""
    before = next((row.before for row in state.rows if row.before), None)
    return written(before.leaderboard.fitted_at.date()) if before else ""


def _columns(rater: Rater, since: str) -> dict[str, tuple[str, str]]:
    """By column: its heading, and what it means where that is short."""
    judged = gettext("{judge}’s rating").format(judge=rater.judge) if rater.judge else gettext("Judges’ rating")
    changed = gettext("change since {day}, the release 30 days before").format(day=since)
    return {
        "rank": (gettext("Rank"), ""),
        "model": (gettext("Model"), ""),
        "judges": (judged, ""),
        "people": (gettext("People’s rating"), ""),
        "difference": (gettext("Difference"), gettext("judges minus people")),
        "shift": (
            gettext("Style shift"),
            gettext("rating with style left aside, minus the one in which it counts"),
        ),
        "corrected": (gettext("Human equivalent"), gettext("people’s rating, sharpened by the judges")),
        "published": (gettext("Published"), gettext("human rating published elsewhere")),
        "wins": (gettext("Wins"), gettext("share of points")),
        "change": (gettext("30 days"), changed),
        "price": (gettext("$ per M"), gettext("dollars per million tokens, in and out")),
        "win_cost": (gettext("$ per win"), gettext("dollars for one won match")),
        "judgments": (gettext("Judgments"), gettext("with the votes below")),
    }


def _beside(rater: Rater) -> dict[str, str]:
    """By column: what stands beside a figure of it alone, where that is not its heading."""
    return {
        "judges": str(rater.judge or gettext("Judges")),
        "people": gettext("People"),
        "change": gettext("In 30 days"),
        "price": gettext("$ per million tokens"),
    }


def _word(column: str, asked: Narrowing) -> str:
    """The best first; where they stand so already, the other way round. By rank is the default."""
    if column == "rank":
        return ""
    return BACKWARDS + column if asked.sort == column else column


def _order(column: str, asked: Narrowing) -> str:
    if not asked.sort:
        return "ascending" if column == "rank" else ""
    if asked.sort.removeprefix(BACKWARDS) != column:
        return ""
    return "ascending" if (column in ASCENDING) != asked.sort.startswith(BACKWARDS) else "descending"
