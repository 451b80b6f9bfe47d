from django import template
from django.utils.translation import gettext

from apps.ratings.match_record import MatchRecord
from judgeboard.arena.outcome import Outcome

register = template.Library()


@register.filter
def in_words(outcome: str, record: MatchRecord) -> str:
    """`{{ vote.outcome|in_words:record }}`: Aster is better, a tie, both are bad."""
    return {
        Outcome.MODEL_A: gettext("{name} is better").format(name=record.a.name),
        Outcome.MODEL_B: gettext("{name} is better").format(name=record.b.name),
        Outcome.TIE: gettext("a tie"),
        Outcome.BOTH_BAD: gettext("both are bad"),
    }[Outcome(outcome)]
