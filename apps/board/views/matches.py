from enum import StrEnum

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.board.context import LONGEST_WORD
from apps.board.missing import missing
from apps.board.share import pictured, share_page
from apps.ratings.figures import card_of_prompts
from apps.ratings.match_record import match_record


class View(StrEnum):
    """How the two answers are shown."""

    READ = "read"
    RAW = "raw"
    DIFF = "diff"


TITLES = {View.READ: "As read", View.RAW: "As written", View.DIFF: "Word by word"}


@require_safe
def match(request: HttpRequest, pk: int) -> HttpResponse:
    record = match_record(pk, request.user)
    if record is None:
        return missing(request, f"There is no match {pk}.")
    picture = pictured(request, card_of_prompts(record.match.prompt.prompt_set))
    share = share_page(request, f"{record.a.name} and {record.b.name} on {record.match.prompt.key}", None, **picture)
    shown = {"record": record, "share": share, "view": _view(request), "views": TITLES}
    return render(request, "board/match.html", shown)


def _view(request: HttpRequest) -> View:
    asked = request.GET.get("view") or View.READ
    if asked in list(View):
        return View(asked)
    messages.warning(request, f"Answers cannot be shown as “{asked[:LONGEST_WORD]}”; this is how they are read.")
    return View.READ
