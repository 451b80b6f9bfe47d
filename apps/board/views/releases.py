"""The dated snapshots of a board: what each changed, and each as it was."""

from datetime import UTC, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from apps.board.context import Context, read_context
from apps.board.headings import headings
from apps.board.missing import missing
from apps.board.whisker import rating_axis
from apps.ratings.board_state import board_state, nearest
from apps.ratings.figures import figures_of
from apps.ratings.models import Board
from apps.ratings.narrowing import ALL_ROWS, narrowed
from apps.ratings.release_steps import release_steps
from apps.ratings.selection import Release, select

A_YEAR, FIVE_MINUTES = 31_536_000, 300  # seconds
STRAGGLING = timedelta(hours=1)  # a refit that began before midnight is done by then, and its charts are drawn
OF_TODAY = ("published", "price", "win_cost")  # columns that the release does not hold


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    context = read_context(request, list(Board.objects.all()))
    steps = release_steps(context.selection) if context else None
    return render(request, "board/releases.html", {"context": context, "steps": steps})


@require_safe
def release(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """The board as it was; nothing of who looks, nothing of today, so that it can be kept for good."""
    board = Board.objects.filter(slug=slug).first()
    if board is None:
        meant = nearest(slug, Board.objects.values_list("slug", flat=True))
        return missing(request, f"There is no board called “{slug}”.", "board:board", meant)
    selection = select(board, release=day)
    if selection.release is None:
        known = nearest(day, (known.key for known in selection.releases))
        return missing(request, f"{board} has no release of “{day}”.", "board:release", known, args=[slug, known])
    context = Context(reverse("board:board", args=[slug]), (board,), selection, in_path=True)
    if request.GET:  # part of it, or in another order: the board's own page shows that
        return redirect(context.path + f"?{request.GET.urlencode()}&release={day}")
    return _kept(HttpResponse(loader.render_to_string("board/release.html", _shown(context))), selection.release)


def _shown(context: Context) -> dict[str, object]:
    state = board_state(context.selection)
    columns = headings(state, ALL_ROWS, context.url)
    return {
        "context": context,
        "state": state,
        "table": narrowed(state, ALL_ROWS),
        "headings": {column: heading for column, heading in columns.items() if column not in OF_TODAY},
        "axis": rating_axis(state.rows),
        "figures": figures_of(state.leaderboard),
        "for_everybody": True,
    }


def _kept(response: HttpResponse, shown: Release) -> HttpResponse:
    """A day that is over gets no other snapshot."""
    ends = datetime.combine(shown.day, time.max, UTC) + STRAGGLING
    is_over = timezone.now() > ends
    if is_over:
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    return response
