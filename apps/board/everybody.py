"""Answers that are the same for everybody: rendered without the request, so that nothing of who asks can be in them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template import loader
from django.utils.cache import patch_cache_control

FIVE_MINUTES, A_YEAR = 300, 31_536_000  # seconds


def for_everybody(
    template: str, shown: Mapping[str, Any], content_type: str = "text/html; charset=utf-8"
) -> HttpResponse:
    """Anybody on the way may keep it for five minutes."""
    page = loader.render_to_string(template, {**shown, "for_everybody": True})
    return public(HttpResponse(page, content_type=content_type))


def public(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    return response


def for_good(response: HttpResponse) -> HttpResponse:
    """It will never change again."""
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
