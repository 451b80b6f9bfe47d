from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.board import wording
from apps.board.templatetags.figures import signed, span
from apps.prompts.models import PromptSet
from apps.ratings.style_worth import StyleWorth

register = template.Library()
register.filter(wording.in_sentence)


@register.filter
def listed(names: Iterable[object]) -> str:
    """`{{ judges|listed }}`: Gavel, Wig and Quill."""
    return wording.listed([name if isinstance(name, SafeString) else str(name) for name in names])


@register.filter
def strong(names: Iterable[object]) -> list[SafeString]:
    """`{{ judges|strong|listed }}`"""
    return [format_html("<strong>{}</strong>", name) for name in names]


@register.filter
def linked(sets: Iterable[PromptSet]) -> list[SafeString]:
    """`{{ prompt_sets|linked|listed }}`"""
    return [format_html('<a href="{}">{}</a>', reverse("board:prompt_set", args=[one.slug]), one.title) for one in sets]


@register.filter
def worths(found: Iterable[StyleWorth]) -> list[SafeString]:
    """`{{ style_worth|worths|listed }}`: +12 points (+3 to +21) twice as long."""
    return [
        format_html(
            gettext('<span class="num">{points}</span> points <span class="num muted">({interval})</span> {look}'),
            points=signed(worth.value),
            interval=span(worth.lower, worth.upper, "signed"),
            look=gettext(worth.meaning),
        )
        for worth in found
    ]
