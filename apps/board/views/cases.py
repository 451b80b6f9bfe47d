from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from apps.board.context import LONGEST_WORD, read_context
from apps.ratings.cases import SAYING
from apps.ratings.cases import cases as found_cases
from apps.ratings.models import Board

OWN = ("judges", "people")


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The matches of which most judges say one thing and most people another, or the same."""
    context = read_context(request, list(Board.objects.seen_by(request.user)), own=(*OWN, "page"))
    asked = {name: request.GET.get(name, "") for name in OWN}
    known = {name: word if word in SAYING else "" for name, word in asked.items()}
    notices = [
        gettext("Judges and people say a, b or tie, not “{word}”; this is whatever they say.").format(
            word=word[:LONGEST_WORD]
        )
        for word in asked.values()
        if word and word not in SAYING
    ]
    found = found_cases(context.selection, **known, page=request.GET.get("page")) if context else None
    return render(request, "board/cases.html", {"context": context, "cases": found, "notices": notices})
