from django import template

from apps.ratings.prompt_record import Met
from judgeboard.arena.outcome import Outcome

register = template.Library()


@register.filter
def in_short(met: Met) -> str:
    """`{{ met|in_short }}`: beat Briar, lost to Briar, tied with Briar, as bad as Briar."""
    said = {
        Outcome.MODEL_A: "beat",
        Outcome.MODEL_B: "lost to",
        Outcome.TIE: "tied with",
        Outcome.BOTH_BAD: "as bad as",
    }
    return f"{said[met.outcome]} {met.opponent}"
