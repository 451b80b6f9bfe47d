"""What visitors are told when something breaks, and when it is only the database that is away for a moment."""

import sys
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views.defaults import bad_request, server_error

# Refused, cut off, starting up, too busy: the same request may well work in a moment. Any other fault is ours.
AWAY = (OperationalError, InterfaceError)
RETRY_AFTER = 5  # seconds
SENTENCE = "The database does not answer just now; send the request again in a few seconds."


def broken(request: HttpRequest) -> HttpResponse:
    """`handler500`: Django calls it for whatever a view, the session or any other middleware let through."""
    return away(request) if isinstance(sys.exc_info()[1], AWAY) else server_error(request)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: a session that could not be saved is told as the visitor's fault by Django, whatever the cause."""
    is_outage = any(isinstance(cause, AWAY) for cause in _causes(exception))
    return away(request) if is_outage else bad_request(request, exception)


def away(request: HttpRequest) -> HttpResponse:
    answer = _as_json() if request.path.startswith("/api/") else HttpResponse(loader.render_to_string("503.html"))
    answer.status_code = 503
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _as_json() -> HttpResponse:
    return JsonResponse({"detail": SENTENCE})
