from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.board.context import Context, read_board, read_context
from apps.board.headings import headings
from apps.board.kept import kept
from apps.board.missing import missing
from apps.board.share import share_board, share_page
from apps.board.whisker import rating_axis
from apps.ratings.agreement_lines import agreement_sections, rank_agreements
from apps.ratings.board_state import nearest
from apps.ratings.figures import ON_AGREEMENT, ON_BOARD, Shown, card_of, figures_in_view
from apps.ratings.models import Board
from apps.ratings.queries import home_board, latest_leaderboard
from judgeboard.arena.pairing.looks import EQUAL, LOOKS
from judgeboard.arena.pairing.plan import AUDIT, Plan
from judgeboard.arena.style.position import ONE_ORDER

OfBoard = Callable[[HttpRequest, list[Board], Board], HttpResponse]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first board; before there is one, what to do about it, which differs from visitor to visitor."""
    return _first_board(request) if Board.objects.public().exists() else render(request, "board/home.html")


@kept
def _first_board(request: HttpRequest) -> HttpResponse:
    boards = list(Board.objects.public())
    return _of_board(request, boards, boards[0].slug, "board:board", _board)


@require_safe
@kept
def board(request: HttpRequest, slug: str) -> HttpResponse:
    return _of_board(request, list(Board.objects.seen_by(request.user)), slug, "board:board", _board)


@require_safe
@kept
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Every figure of a board."""
    return _of_board(request, list(Board.objects.seen_by(request.user)), slug, "board:figures", _figures)


@require_safe
@kept
def agreement(request: HttpRequest) -> HttpResponse:
    context = read_context(request, list(Board.objects.seen_by(request.user)))
    selection = context.selection if context else None
    leaderboard = selection.leaderboard if selection else None
    figures = figures_in_view(selection, timezone.now(), *ON_AGREEMENT) if selection else Shown()
    shown = {
        "context": context,
        "board": selection.board if selection else None,
        "leaderboard": leaderboard,
        "shown": figures,
        "sections": agreement_sections(leaderboard, selection.rater) if selection and leaderboard else (),
        "rank_agreements": rank_agreements(leaderboard, selection.rater) if selection and leaderboard else (),
        "share": share_page(request, _titled(context), context),
    }
    return drawn_in_a_moment(render(request, "board/agreement.html", shown), figures)


def _titled(context: Context | None) -> str:
    if context is None:
        return gettext("Agreement of judges and people")
    return gettext("Agreement of judges and people on {board}").format(board=context.board.title)


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
        "share": share_page(request, gettext("Methodology")),
    }
    return render(request, "board/methodology.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "board/accessibility.html")


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


def _of_board(request: HttpRequest, boards: list[Board], slug: str, page: str, answer: OfBoard) -> HttpResponse:
    """One of the pages that name the board in their path."""
    found = _called(slug, boards)
    if found is None:
        sentence = gettext("There is no board called “{word}”.").format(word=slug)
        return missing(request, sentence, page, nearest(slug, _slugs(boards)))
    asked = _called(request.GET.get("board", ""), boards)
    if asked:  # the form names the board that is wanted, and may do so on the page of another
        return redirect(_own_address(request, asked, page))
    return answer(request, boards, found)


def _board(request: HttpRequest, boards: list[Board], board: Board) -> HttpResponse:
    context, state, table = read_board(request, boards, board)
    figures = figures_in_view(context.selection, timezone.now(), *ON_BOARD)
    shown = {
        "context": context,
        "state": state,
        "table": table,
        "headings": headings(state, context.narrowing, context.url),
        "axis": rating_axis(state.rows),
        "shown": figures,
        "share": share_board(request, context, state, card=card_of(state.leaderboard, context.selection.rater)),
    }
    return drawn_in_a_moment(render(request, "board/board.html", shown), figures)


def _figures(request: HttpRequest, boards: list[Board], board: Board) -> HttpResponse:
    context = read_context(request, boards, board=board, page="board:figures")
    assert context is not None  # there is this board
    figures = figures_in_view(context.selection, timezone.now())
    shown = {
        "context": context,
        "board": board,
        "leaderboard": context.selection.leaderboard,
        "shown": figures,
        "share": share_page(request, gettext("{board} in charts").format(board=board.title), context),
    }
    return drawn_in_a_moment(render(request, "board/figures.html", shown), figures)


def drawn_in_a_moment(response: HttpResponse, figures: Shown) -> HttpResponse:
    """Not to be kept while a drawing is missing."""
    if not figures.is_drawn:
        add_never_cache_headers(response)
    return response


def _own_address(request: HttpRequest, board: Board, page: str) -> str:
    """The page of the board, with all else that was asked for."""
    words = request.GET.copy()
    del words["board"]
    for name in [name for name, word in words.items() if not word]:
        del words[name]
    return reverse(page, args=[board.slug]) + (f"?{words.urlencode()}" if words else "")


def _called(slug: str, boards: list[Board]) -> Board | None:
    return next((board for board in boards if board.slug == slug), None)


def _slugs(boards: list[Board]) -> list[str]:
    return [board.slug for board in boards]
