from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from apps.board.submit_form import SubmitForm
from apps.ratings.models import Board
from apps.runs.plan import offer, open_boards


class SignedIn(HttpRequest):
    user: User
    htmx: HtmxDetails


@sensitive_post_parameters("key")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedIn) -> HttpResponse:
    """One form, two steps: "Check the plan" counts, "Start the run" writes."""
    boards = list(open_boards())
    board = _chosen(request, boards)
    offered = offer(board, request.user) if board else None
    context = {"boards": boards, "board": board, "offer": offered}
    if offered is None or offered.missing:
        return render(request, "board/submit_empty.html", context)
    form = SubmitForm(request.POST or None, offer=offered)
    return _answer(request, form, context | {"form": form})


def _chosen(request: SignedIn, boards: list[Board]) -> Board | None:
    slug = request.GET.get("board")
    if slug:
        return get_object_or_404(Board.objects.public(), slug=slug)
    return boards[0] if boards else None


def _answer(request: SignedIn, form: SubmitForm, context: dict) -> HttpResponse:
    if form.is_bound and form.is_valid():
        run = form.submit(request.user) if form.starts else None
        if run:
            return redirect("board:run", run.pk)
        context["foretold"] = form.foretold(request.user) if form.is_valid() else None
        context["plan"] = form.plan() if form.is_valid() else None
    template = "board/submit_plan.html" if request.htmx else "board/submit.html"
    return render(request, template, context)
