from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.runs import status as installation


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    found = installation.status(now=timezone.now(), viewer=request.user)
    return render(request, "board/status.html", {"status": found})
