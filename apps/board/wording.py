"""How sentences are put together where languages differ: lists of names, and names within a sentence."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext


def listed(names: Sequence[str]) -> str:
    """`Aster, Briar and Clove`; markup in it is escaped, unless it is known to be safe."""
    if len(names) < 2:
        return format_html("{}", names[0]) if names else ""
    return format_html(gettext("{most} and {last}"), most=_with_commas(names[:-1]), last=names[-1])


def in_sentence(name: str) -> str:
    """A category's name among other words: English writes it small there, German does not."""
    return name.lower() if get_language() == "en" else name


def _with_commas(names: Sequence[str]) -> SafeString:
    told = format_html("{}", names[0])
    for name in names[1:]:
        told = format_html("{}, {}", told, name)
    return told
