"""The sentence a board opens with, for its page and for wherever the page is shown elsewhere."""

from apps.board.templatetags.figures import grouped, percent
from apps.ratings.board_state import BoardState
from apps.ratings.leading import leading
from apps.ratings.rater import Rater


def verdict(state: BoardState) -> str:
    """Who leads, in what and in whose eyes; before there is anybody to compare, what is missing."""
    if not state.is_measured:
        return f"{state.board.title}: {_missing(state)}"
    leaders = state.groups[0].leaders
    rater = state.selection.rater
    return leading([row.contender.name for row in leaders]) + _within(state) + _eyes(rater) + _styleless(rater)


def trusted(state: BoardState) -> str:
    """How far its judges agree with people."""
    told, ceiling = state.trust, state.ceiling
    if told is None:
        return "How far the judges agree with people is not measured."
    among = f"; two people agree on {percent(ceiling.agreement)}" if ceiling else ""
    return f"The judges side with people on {percent(told.agreement)} of {grouped(told.n)} votes{among}."


def _missing(state: BoardState) -> str:
    if not state.rows:
        return "no match judged yet" if state.leaderboard else "nothing rated yet"
    by_people = state.selection.rater.is_people
    return "nobody has voted on two models yet" if by_people else "nobody to compare with yet"


def _within(state: BoardState) -> str:
    return f" in {state.category.name.lower()}" if state.category else ""


def _eyes(rater: Rater) -> str:
    if rater.is_people:
        return " in people’s eyes"
    return f" in the eyes of {rater.judge}" if rater.judge else ""


def _styleless(rater: Rater) -> str:
    return " with style left aside" if rater.is_controlled else ""
