"""Models are let answer somebody's own prompts: a run that only they see, on a board that only they see."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.board.own_run_form import OwnRunForm
from apps.board.views.submit import SignedIn
from apps.prompts.models import PromptSet
from apps.ratings.models import Board
from apps.runs.plan import own_offer


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_run(request: SignedIn, slug: str) -> HttpResponse:
    """The plan stands there when the page is opened; "Check the plan" counts it anew, "Start the run" writes."""
    own = PromptSet.objects.filter(private_to=request.user, slug=slug)
    prompt_set = get_object_or_404(own.order_by("-version")[:1])
    board = get_object_or_404(Board.objects.filter(private_to=request.user, prompt_sets=prompt_set)[:1])
    offered = own_offer(board, prompt_set, request.user)
    asked = request.method == "POST"
    form = OwnRunForm(request.POST, offer=offered) if asked else OwnRunForm.to_begin_with(offered)
    if form.is_valid() and form.starts:
        run = form.start(request.user)
        if run:
            return redirect("board:run", run.pk)
    plan = form.plan(request.user) if form.is_valid() else None
    shown = {"form": form, "prompt_set": prompt_set, "board": board, "plan": plan}
    return render(request, "board/own_run.html", shown)
