from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.board.missing import missing
from apps.board.whisker import rating_axis
from apps.ratings.agreement_lines import agreement_sections, rank_agreements
from apps.ratings.board_state import board_state, nearest
from apps.ratings.figures import figures_of
from apps.ratings.models import Board
from apps.ratings.queries import home_board, latest_leaderboard
from judgeboard.arena.pairing.looks import EQUAL, LOOKS
from judgeboard.arena.pairing.plan import AUDIT, Plan
from judgeboard.arena.style.position import ONE_ORDER


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first board; before there is one, what to do about it."""
    found = home_board()
    return _board(request, found) if found else render(request, "board/home.html")


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    boards = list(Board.objects.all())
    found = next((board for board in boards if board.slug == slug), None)
    if found is None:
        return missing(request, f"There is no board called “{slug}”.", "board:board", nearest(slug, _slugs(boards)))
    return _board(request, found)


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    found = chosen_board(request)
    leaderboard = latest_leaderboard(found) if found else None
    context = {
        "board": found,
        "boards": list(Board.objects.all()),
        "leaderboard": leaderboard,
        "sections": agreement_sections(leaderboard) if leaderboard else (),
        "rank_agreements": rank_agreements(leaderboard) if leaderboard else (),
    }
    return render(request, "board/agreement.html", context)


@require_safe
def methodology(request: HttpRequest) -> HttpResponse:
    found = home_board()
    context = {
        "board": found,
        "leaderboard": latest_leaderboard(found) if found else None,
        "least_elo": settings.JUDGE_LEAST_HUMAN_ELO,
        "audit": AUDIT,
        "exploration": Plan.exploration,
        "equal": EQUAL,
        "looks": LOOKS,
        "order_level": 100 - 5 / LOOKS,
        "one_order": ONE_ORDER,
    }
    return render(request, "board/methodology.html", context)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def chosen_board(request: HttpRequest) -> Board | None:
    """The board of `?board=`; an unknown one is said and the first board shown instead."""
    slug = request.GET.get("board")
    if not slug:
        return home_board()
    found = Board.objects.filter(slug=slug).first()
    if found is None:
        messages.warning(request, f"There is no board called “{slug}”; this is the first one.")
    return found or home_board()


def _board(request: HttpRequest, found: Board) -> HttpResponse:
    slug = request.GET.get("category", "")
    state = board_state(found, slug)
    if slug and state.category is None:
        messages.warning(request, f"{found} has no category called “{slug}”; this is the board over all of them.")
    context = {
        "state": state,
        "axis": rating_axis(state.rows),
        "boards": list(Board.objects.all()),
        "figures": figures_of(state.leaderboard),
    }
    return render(request, "board/board.html", context)


def _slugs(boards: list[Board]) -> list[str]:
    return [board.slug for board in boards]
