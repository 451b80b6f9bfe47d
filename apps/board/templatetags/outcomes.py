from django import template

from apps.ratings.match_record import MatchRecord
from judgeboard.arena.outcome import Outcome

register = template.Library()


@register.filter
def in_words(outcome: str, record: MatchRecord) -> str:
    """`{{ vote.outcome|in_words:record }}`: Aster is better, a tie, both are bad."""
    return {
        Outcome.MODEL_A: f"{record.a.name} is better",
        Outcome.MODEL_B: f"{record.b.name} is better",
        Outcome.TIE: "a tie",
        Outcome.BOTH_BAD: "both are bad",
    }[Outcome(outcome)]
