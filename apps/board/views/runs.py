from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from apps.board.forms import AddressForm, BudgetForm
from apps.board.templatetags.figures import usd
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import want_check
from apps.runs.live import live_run, run_list
from apps.runs.models import Run
from apps.runs.operations import RunCannotStart, cancel_run, change_budget, retry_failed

PER_PAGE = 25


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    page = Paginator(run_list(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "board/runs.html", {"page": page})


@never_cache
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "board/run.html", _context(request, _run(request, pk)))


@never_cache
@require_safe
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page alone; its last rendering tells htmx to stop asking."""
    context = _context(request, _run(request, pk))
    return render(request, "board/_progress.html", context, status=HTMX_STOP_POLLING if context["settled"] else 200)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    cancel_run(run=_own_run(request, pk), now=timezone.now())
    messages.success(request, gettext("The run is cancelled. What was answered stays and counts."))
    return redirect("board:run", pk)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    asked = retry_failed(run=_own_run(request, pk), now=timezone.now())
    told = ngettext("{n} failed answer will be asked for again.", "{n} failed answers will be asked for again.", asked)
    messages.success(request, told.format(n=asked))
    return redirect("board:run", pk)


@require_POST
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """Another cap: a run that was out of budget goes on."""
    found = _own_run(request, pk)
    form = BudgetForm(request.POST)
    if form.is_valid():
        try:
            change_budget(run=found, usd=form.cleaned_data["budget_usd"], by=cast(User, request.user))
        except RunCannotStart as problem:
            form.add_error("budget_usd", str(problem))
    if form.errors:
        return render(request, "board/run.html", _context(request, found) | {"budget_form": form}, status=400)
    messages.success(request, gettext("The budget is {usd} now.").format(usd=usd(form.cleaned_data["budget_usd"])))
    return redirect("board:run", pk)


@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = _endpoint(_own_run(request, pk))
    if endpoint is None:
        raise PermissionDenied(gettext("This run has no endpoint to check."))
    want_check(endpoint=endpoint)
    messages.success(request, gettext("The endpoint will be checked again."))
    return redirect("board:run", pk)


@sensitive_post_parameters("key")
@require_POST
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """A mistyped key or address is no reason to submit under another name."""
    found = _run(request, pk)
    endpoint = _endpoint(found)
    if endpoint is None or not endpoint.is_shown_to(request.user):
        raise PermissionDenied(gettext("Only the endpoint's owner may do that."))
    form = AddressForm.to_mend(endpoint, asked=found.planned_at is not None, data=request.POST)
    if not form.is_valid():
        return render(request, "board/run.html", _context(request, found) | {"form": form}, status=400)
    form.mend(endpoint)
    messages.success(request, gettext("The endpoint is changed and will be checked again."))
    return redirect("board:run", pk)


def _run(request: HttpRequest, pk: int) -> Run:
    seen = Run.objects.seen_by(request.user)
    return get_object_or_404(seen.select_related("board", "newcomer__endpoint", "owner", "budget"), pk=pk)


def _own_run(request: HttpRequest, pk: int) -> Run:
    found = _run(request, pk)
    if not _may_manage(request, found):
        raise PermissionDenied(gettext("Only the run's owner may do that."))
    return found


def _may_manage(request: HttpRequest, run: Run) -> bool:
    return request.user.is_staff or (request.user.is_authenticated and run.owner_id == request.user.pk)


def _endpoint(run: Run) -> Endpoint | None:
    return run.newcomer.endpoint if run.newcomer else None


def _context(request: HttpRequest, run: Run) -> dict[str, object]:
    live = live_run(run)
    endpoint = _endpoint(run)
    mendable = endpoint if endpoint and endpoint.is_shown_to(request.user) else None
    return {
        "run": run,
        "live": live,
        "progress": live.progress,
        "settled": live.is_settled(timezone.now()),
        "may_manage": _may_manage(request, run),
        "budget_form": BudgetForm.to_change(run),
        "endpoint": mendable,
        "form": AddressForm.to_mend(mendable, asked=run.planned_at is not None) if mendable else None,
    }
