from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse


def missing(
    request: HttpRequest,
    sentence: str,
    url_name: str = "",
    nearest: str | None = None,
    args: Sequence[object] | None = None,
) -> HttpResponse:
    """404 with a sentence, and a link to what was probably meant; `args` where its slug alone makes no address."""
    url = reverse(url_name, args=args or [nearest]) if nearest else ""
    context = {"sentence": sentence, "nearest": nearest, "url": url}
    return render(request, "404.html", context, status=404)
