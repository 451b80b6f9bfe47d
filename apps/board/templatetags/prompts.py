from django import template
from django.utils.translation import gettext

from apps.ratings.prompt_record import Met
from judgeboard.arena.outcome import Outcome

register = template.Library()


@register.filter
def in_short(met: Met) -> str:
    """`{{ met|in_short }}`: beat Briar, lost to Briar, tied with Briar, as bad as Briar."""
    said = {
        Outcome.MODEL_A: gettext("beat {name}"),
        Outcome.MODEL_B: gettext("lost to {name}"),
        Outcome.TIE: gettext("tied with {name}"),
        Outcome.BOTH_BAD: gettext("as bad as {name}"),
    }
    return said[met.outcome].format(name=met.opponent)
