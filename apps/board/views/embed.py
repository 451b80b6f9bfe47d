"""A board's table on other people's pages: in a frame, and found by oEmbed."""

from urllib.parse import parse_qsl

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from apps.board.citation import SITE
from apps.board.context import query, read_board
from apps.board.everybody import FIVE_MINUTES, for_everybody, public
from apps.board.share import FRAME_HEIGHT, FRAME_WIDTH, frame
from apps.board.verdict import verdict
from apps.ratings.models import Board
from apps.ratings.queries import home_board

ROWS = 10
LEAST = 200  # pixels of a frame's width or height
THEMES = ("light", "dark")

# No script, no form; other sites may frame it.
FRAMED = {
    "default-src": [NONE],
    "style-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": settings.FRAME_ANCESTORS,
}


@xframe_options_exempt
@csp(FRAMED)  # type: ignore[arg-type]  # its types know no views with arguments
@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    board = Board.objects.public().filter(slug=slug).first()
    if board is None:
        raise Http404(f"There is no board called “{slug}”.")
    context, state, table = read_board(request, (board,), board, own=("theme",))
    theme = request.GET.get("theme")
    shown = {
        "context": context,
        "state": state,
        "verdict": verdict(state),
        "rows": table.rows[:ROWS],
        "n": table.n,
        "page": request.build_absolute_uri(context.url()),
        "theme": theme if theme in THEMES else "",
    }
    return for_everybody("board/embed.html", shown)


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """https://oembed.com/, in JSON: the frame for the address of a board, of part of it, or of one of its releases."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse("Only format=json is known here.\n", status=501, content_type="text/plain; charset=utf-8")
    board, words = _board_at(request, request.GET.get("url", ""))
    if board is None:
        return JsonResponse({"detail": "There is no board at this address."}, status=404)
    width, height = _at_most(request, "maxwidth", FRAME_WIDTH), _at_most(request, "maxheight", FRAME_HEIGHT)
    told = {
        "version": "1.0",
        "type": "rich",
        "title": board.title,
        "provider_name": SITE,
        "provider_url": request.build_absolute_uri("/"),
        "cache_age": FIVE_MINUTES,
        "html": frame(request, board.slug, words, board.title, width, height),
        "width": width,
        "height": height,
    }
    return public(JsonResponse(told))


def _board_at(request: HttpRequest, address: str) -> tuple[Board | None, str]:
    """The board whose page that is, and the query that selects the same of it."""
    origin, host, rest = address.partition(f"://{request.get_host()}/")
    path, _, asked = rest.partition("#")[0].partition("?")
    found = _page(f"/{path}") if host and origin in ("http", "https") else None
    if found is None or found.view_name not in ("board:home", "board:board", "board:release"):
        return None, ""
    words = dict(parse_qsl(asked)) | ({"release": found.kwargs["day"]} if "day" in found.kwargs else {})
    slug = found.kwargs.get("slug")
    return Board.objects.public().filter(slug=slug).first() if slug else home_board(), query(words)


def _page(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _at_most(request: HttpRequest, name: str, usual: int) -> int:
    asked = request.GET.get(name, "")
    return max(LEAST, min(usual, int(asked))) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else usual
