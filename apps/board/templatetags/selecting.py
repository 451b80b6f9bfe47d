from django import template

from apps.board.context import Context

register = template.Library()


@register.simple_tag
def selecting(context: Context, **changed: str) -> str:
    """`{% selecting context category='logic' %}`: the query of the board's own page, as here but for what is named."""
    return context.query(**changed)
