from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.board.everybody import public

# Doors for people; and the same rows in another order, or part of them.
CLOSED = (
    "/admin/",
    "/vote/",
    "/submit/",
    "/import/",
    "/sign-in/",
    "/sign-up/",
    "/oembed",
    "/*battles.jsonl",
    "/*sort=",
    "/*name=",
    "/*max_price=",
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("board:sitemap"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), f"Sitemap: {sitemap}", ""]
    return public(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))
