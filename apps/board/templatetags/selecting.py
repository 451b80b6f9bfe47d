from django import template

from apps.board.context import Context
from apps.ratings.selection import Release

register = template.Library()


@register.simple_tag
def selecting(context: Context, **changed: str) -> str:
    """`{% selecting context category='logic' %}`: the query of the board's own page, as here but for what is named."""
    return context.query(**changed)


@register.simple_tag
def older_releases(context: Context, first: Release) -> str:
    """The same page from that release back."""
    return context.url(release=first.key)
