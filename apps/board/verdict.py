"""The sentence a board opens with, for its page and for wherever the page is shown elsewhere."""

from django.utils.translation import gettext

from apps.board.templatetags.figures import grouped, percent
from apps.board.wording import in_sentence
from apps.ratings.board_state import BoardState
from apps.ratings.leading import leading


def verdict(state: BoardState) -> str:
    """Who leads, in what and in whose eyes; before there is anybody to compare, what is missing."""
    if not state.is_measured:
        return f"{state.board.title}: {_missing(state)}"
    leaders = state.groups[0].leaders
    told = _seen(leading([row.contender.name for row in leaders]), state)
    return gettext("{told} with style left aside").format(told=told) if state.selection.rater.is_controlled else told


def trusted(state: BoardState) -> str:
    """How far its judges agree with people."""
    told, ceiling = state.trust, state.ceiling
    if told is None:
        return gettext("How far the judges agree with people is not measured.")
    share, n = percent(told.agreement), grouped(told.n)
    if ceiling is None:
        return gettext("The judges side with people on {share} of {n} votes.").format(share=share, n=n)
    sentence = gettext("The judges side with people on {share} of {n} votes; two people agree on {people}.")
    return sentence.format(share=share, n=n, people=percent(ceiling.agreement))


def _missing(state: BoardState) -> str:
    if not state.rows:
        return gettext("no match judged yet") if state.leaderboard else gettext("nothing rated yet")
    by_people = state.selection.rater.is_people
    return gettext("nobody has voted on two models yet") if by_people else gettext("nobody to compare with yet")


def _seen(leads: str, state: BoardState) -> str:
    """In which category, and in whose eyes."""
    rater, category = state.selection.rater, in_sentence(state.category.name) if state.category else ""
    if rater.is_people:
        told = gettext("{leads} in {category} in people’s eyes") if category else gettext("{leads} in people’s eyes")
    elif rater.judge:
        told = (
            gettext("{leads} in {category} in the eyes of {judge}")
            if category
            else gettext("{leads} in the eyes of {judge}")
        )
    else:
        told = gettext("{leads} in {category}") if category else "{leads}"
    return told.format(leads=leads, category=category, judge=rater.judge)
