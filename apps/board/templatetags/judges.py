"""How judges are told of on pages."""

from django import template
from django.utils.translation import gettext, gettext_lazy

from apps.board.whisker import PERCENT
from apps.judging import queries
from apps.judging.models import Judge, Judgment
from apps.matches.models import Match
from apps.ratings.judge_matches import Show
from apps.ratings.traits import Trait
from judgeboard.arena.outcome import Outcome

register = template.Library()

WHY_NOT = {
    "never varies": gettext_lazy("not measured: it never varies"),
    "confounded": gettext_lazy("not measured: it cannot be told from the models’ strengths"),
    "without end": gettext_lazy("not measured: it alone tells every verdict"),
}
TITLES = {
    Show.DISPUTED: gettext_lazy("People say the opposite"),
    Show.FLIPPED: gettext_lazy("The order decided"),
    Show.LATEST: gettext_lazy("Newest matches"),
}


@register.filter
def key(judge: Judge) -> str:
    """`{% url 'board:judge' judge|key %}`"""
    return queries.judge_key(judge)


@register.filter
def why_not(trait: Trait) -> str:
    """`{{ trait|why_not }}`: why there is no value."""
    return str(WHY_NOT.get(trait.state, gettext("not measured")))


@register.filter
def titled(show: Show) -> str:
    return str(TITLES[show])


@register.filter
def chosen_in(outcome: str, match: Match) -> str:
    """`{{ judgment.outcome|chosen_in:match }}`: Aster, a tie, both are bad."""
    names = {Outcome.MODEL_A: match.output_a.contender.name, Outcome.MODEL_B: match.output_b.contender.name}
    return ({Outcome.TIE: gettext("a tie"), Outcome.BOTH_BAD: gettext("both are bad")} | names)[Outcome(outcome)]


@register.filter
def shown(judgment: Judgment, match: Match) -> str:
    """Which answer it saw first; nothing where it saw no order."""
    if judgment.order == Judgment.Order.MERGED:
        return ""
    side = match.output_a if judgment.order == Judgment.Order.A_FIRST else match.output_b
    return gettext("{name} first").format(name=side.contender.name)


@register.inclusion_tag("components/_whiskers.html")
def trait_whisker(trait: Trait, who: str = "judges") -> dict[str, object]:
    """A share on the axis from 0 to 100 %, with the mark of `who`: judges or humans."""
    known = trait.value is not None and trait.lower is not None and trait.upper is not None
    drawn = PERCENT.whisker(*(100 * (end or 0) for end in (trait.value, trait.lower, trait.upper))) if known else None
    return {"axis": PERCENT, who: drawn, "alone": True}
