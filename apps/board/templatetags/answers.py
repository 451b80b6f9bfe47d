from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from apps.board.text import rendered
from apps.board.word_diff import WordDiff, word_diff
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


@register.simple_tag
def differences(a: str | None, b: str | None) -> WordDiff | None:
    """`{% differences turn.answer_a turn.answer_b as diff %}`: None where one is missing or they are too long."""
    return word_diff(a, b) if a and b else None
