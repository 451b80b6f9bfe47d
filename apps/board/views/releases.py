"""The dated snapshots of a board: what each changed, and each as it was."""

from datetime import UTC, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from apps.board.context import Context, read_context
from apps.board.everybody import for_everybody, for_good
from apps.board.headings import headings
from apps.board.kept import kept
from apps.board.missing import missing
from apps.board.share import Share, share_board, share_page
from apps.board.whisker import rating_axis
from apps.ratings.board_state import board_state, nearest
from apps.ratings.figures import ON_BOARD, figures_of
from apps.ratings.models import Board
from apps.ratings.narrowing import ALL_ROWS, narrowed
from apps.ratings.release_steps import release_steps
from apps.ratings.selection import Release, select

STRAGGLING = timedelta(hours=1)  # a refit that began before midnight is done by then, and its charts are drawn
OF_TODAY = ("published", "price", "win_cost")  # columns that the release does not hold


@require_safe
@kept
def releases(request: HttpRequest) -> HttpResponse:
    context = read_context(request, list(Board.objects.seen_by(request.user)))
    steps = release_steps(context.selection) if context else None
    shown = {"context": context, "steps": steps, "share": _share(request, context)}
    return render(request, "board/releases.html", shown)


def _share(request: HttpRequest, context: Context | None) -> Share:
    if context is None:
        return share_page(request, gettext("Releases"))
    return share_page(
        request,
        gettext("Releases of {board}").format(board=context.board.title),
        context,
        description=gettext(
            "What changed from one release to the next: who came, who moved, who leads, what more was said."
        ),
        feed=reverse("board:feed", args=[context.board.slug]),
    )


@require_safe
def release(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """The board as it was; nothing of who looks, nothing of today, so that it can be kept for good."""
    board = Board.objects.public().filter(slug=slug).first()
    if board is None:
        meant = nearest(slug, Board.objects.public().values_list("slug", flat=True))
        sentence = gettext("There is no board called “{word}”.").format(word=slug)
        return missing(request, sentence, "board:board", meant)
    selection = select(board, release=day)
    if selection.release is None:
        known = nearest(day, (known.key for known in selection.releases))
        sentence = gettext("{board} has no release of “{word}”.").format(board=board, word=day)
        return missing(request, sentence, "board:release", known, args=[slug, known])
    context = Context(reverse("board:board", args=[slug]), (board,), selection, in_path=True)
    if request.GET:  # part of it, or in another order: the board's own page shows that
        return redirect(context.path + f"?{request.GET.urlencode()}&release={day}")
    response = for_everybody("board/release.html", _shown(request, context))
    return for_good(response) if _is_over(selection.release) else response


def _shown(request: HttpRequest, context: Context) -> dict[str, object]:
    state = board_state(context.selection)
    columns = headings(state, ALL_ROWS, context.url)
    return {
        "context": context,
        "state": state,
        "table": narrowed(state, ALL_ROWS),
        "headings": {column: heading for column, heading in columns.items() if column not in OF_TODAY},
        "axis": rating_axis(state.rows),
        "figures": figures_of(state.leaderboard, *ON_BOARD),
        "share": share_board(request, context, state, at=request.path),
    }


def _is_over(shown: Release) -> bool:
    """No other snapshot of its day will come."""
    return timezone.now() > datetime.combine(shown.day, time.max, UTC) + STRAGGLING
