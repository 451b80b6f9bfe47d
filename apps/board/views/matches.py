from enum import StrEnum

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
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


TITLES = {
    View.READ: gettext_lazy("As read"),
    View.RAW: gettext_lazy("As written"),
    View.DIFF: gettext_lazy("Word by word"),
}


@require_safe
def match(request: HttpRequest, pk: int) -> HttpResponse:
    record = match_record(pk, request.user)
    if record is None:
        return missing(request, gettext("There is no match {n}.").format(n=pk))
    title = gettext("{one} and {other} on {prompt}")
    title = title.format(one=record.a.name, other=record.b.name, prompt=record.match.prompt.key)
    share = share_page(request, title, None, **pictured(request, card_of_prompts(record.match.prompt.prompt_set)))
    shown = {"record": record, "share": share, "view": _view(request), "views": TITLES}
    return render(request, "board/match.html", shown)


def _view(request: HttpRequest) -> View:
    asked = request.GET.get("view") or View.READ
    if asked in list(View):
        return View(asked)
    sentence = gettext("Answers cannot be shown as “{word}”; this is how they are read.")
    messages.warning(request, sentence.format(word=asked[:LONGEST_WORD]))
    return View.READ
