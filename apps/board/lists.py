"""Which of its lists of matches a page shows: the word `show` of its address."""

from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext

from apps.board.context import LONGEST_WORD, Context

Show = TypeVar("Show", bound=StrEnum)


def shown_list(request: HttpRequest, context: Context, default: Show, these: str) -> tuple[Context, Show]:
    """The list that is asked for; one that is not there is noticed, and the default shown: "these are ..."."""
    asked = request.GET.get("show") or default
    lists = type(default)
    if asked in list(lists):
        return context, lists(asked)
    notice = gettext("There is no list of matches called “{word}”; these are {these}.")
    notice = notice.format(word=asked[:LONGEST_WORD], these=these)
    return replace(context, notices=(*context.notices, notice)), default
