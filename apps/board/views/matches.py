from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.board.missing import missing
from apps.board.share import share_page
from apps.ratings.match_record import match_record


@require_safe
def match(request: HttpRequest, pk: int) -> HttpResponse:
    record = match_record(pk)
    if record is None:
        return missing(request, f"There is no match {pk}.")
    share = share_page(request, f"{record.a.name} and {record.b.name} on {record.match.prompt.key}")
    return render(request, "board/match.html", {"record": record, "share": share})
