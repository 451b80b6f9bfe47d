"""How a comparison of two models is drawn and told."""

from typing import Any

from django import template
from django.utils.translation import gettext

from apps.board.bar import bar_of
from apps.board.whisker import PERCENT, Whisker
from apps.ratings.duel_matches import Show
from apps.ratings.head_to_head import Duel
from judgeboard.arena.outcome import Outcome
from judgeboard.arena.rating.head_to_head import HeadToHead
from judgeboard.arena.share import Share

register = template.Library()


@register.inclusion_tag("components/_outcome_bar.html")
def outcome_bar(told: HeadToHead, who: str) -> dict[str, Any]:
    """Won, tied and lost by `who` ("judges" or "people"), with the points below."""
    return {"bar": bar_of(told), "who": who}


@register.inclusion_tag("components/_whiskers.html")
def points_whiskers(judges: HeadToHead, people: HeadToHead) -> dict[str, Any]:
    """The points by judges and by people over each other, on the axis from 0 to 100 %."""
    return {"axis": PERCENT, "judges": _drawn(judges.points), "humans": _drawn(people.points)}


@register.filter
def said_of(outcome: Outcome | None, duel: Duel) -> str:
    """`{{ told.judges.outcome|said_of:duel }}`: Aster, Briar, a tie, both are bad."""
    names = {Outcome.MODEL_A: duel.one.name, Outcome.MODEL_B: duel.other.name}
    names |= {Outcome.TIE: gettext("a tie"), Outcome.BOTH_BAD: gettext("both are bad")}
    return names[outcome] if outcome else gettext("nobody")


@register.filter
def titled(show: Show, duel: Duel) -> str:
    """`{{ preset|titled:duel }}`: what a list of matches is called."""
    return {
        Show.ALL: gettext("All matches"),
        Show.LOST: gettext("{name} lost").format(name=duel.one.name),
        Show.WON: gettext("{name} lost").format(name=duel.other.name),
        Show.TIED: gettext("Tied"),
        Show.SPLIT: gettext("Judges disagree"),
        Show.FLIPPED: gettext("Order flipped"),
        Show.DIFFER: gettext("Human differs"),
        Show.BAD: gettext("Both bad"),
    }[show]


def _drawn(told: Share) -> Whisker | None:
    if told.share is None or told.lower is None or told.upper is None:
        return None
    return PERCENT.whisker(100 * told.share, 100 * told.lower, 100 * told.upper)
