from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from apps.board.text import rendered
from apps.prompts.messages import plain_text

register = template.Library()


@register.filter
def answer(text: str) -> SafeString:
    """`{{ text|answer }}`: what a model or a person wrote, as Markdown."""
    return mark_safe(rendered(text))  # noqa: S308 (nh3 has cleaned it)


@register.filter
def plain(content: str | list[dict[str, Any]]) -> str:
    """`{{ message.content|plain }}`: a message as it was typed; pictures are named."""
    return plain_text(content)
