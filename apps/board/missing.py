from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse


def missing(request: HttpRequest, sentence: str, url_name: str = "", nearest: str | None = None) -> HttpResponse:
    """404 with a sentence, and a link to what was probably meant."""
    context = {"sentence": sentence, "nearest": nearest, "url": reverse(url_name, args=[nearest]) if nearest else ""}
    return render(request, "404.html", context, status=404)
