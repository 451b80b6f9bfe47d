"""Where a model stands, small enough for a README: as a picture, and as data for shields.io."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from apps.board.everybody import FIVE_MINUTES, for_everybody, public
from apps.board.templatetags.figures import points, ranks, span
from apps.ratings.models import Board
from apps.ratings.place import Place, place
from apps.ratings.selection import select

WORDS = ("category", "release", "rater")
CHARACTER, EDGE = 6.2, 12  # pixels of width, at 11 pixels of height; around a text
LONGEST = 40  # characters


@dataclass(frozen=True)
class Piece:
    text: str

    @property
    def width(self) -> int:
        return round(len(self.text) * CHARACTER) + EDGE

    @property
    def middle(self) -> float:
        return self.width / 2

    @property
    def length(self) -> int:
        """Of the text, whatever font it is set in."""
        return self.width - EDGE


@dataclass(frozen=True)
class Badge:
    label: Piece
    message: Piece
    is_measured: bool

    @property
    def width(self) -> int:
        return self.label.width + self.message.width

    @property
    def middle(self) -> float:
        """Of the message."""
        return self.label.width + self.message.middle


@require_safe
def svg(request: HttpRequest, slug: str, model: str) -> HttpResponse:
    return for_everybody("board/badge.svg", {"badge": _badge(request, slug, model)}, "image/svg+xml")


@require_safe
def data(request: HttpRequest, slug: str, model: str) -> HttpResponse:
    """https://shields.io/badges/endpoint-badge"""
    badge = _badge(request, slug, model)
    told = {
        "schemaVersion": 1,
        "label": badge.label.text,
        "message": badge.message.text,
        "color": "00637a" if badge.is_measured else "lightgrey",
        "cacheSeconds": FIVE_MINUTES,
    }
    return public(JsonResponse(told))


def _badge(request: HttpRequest, slug: str, model: str) -> Badge:
    board = Board.objects.public().filter(slug=slug).first()
    asked = {name: request.GET[name] for name in WORDS if name in request.GET}
    selection = select(board, **asked) if board else None
    found = place(selection, model) if selection and not selection.unknown else None
    if selection is None or found is None:
        raise Http404("There is no such place.")
    label = selection.board.title + (f", {selection.category.name.lower()}" if selection.category else "")
    return Badge(Piece(_short(label)), Piece(_message(found)), found.rating is not None)


def _message(found: Place) -> str:
    told, simulated = found.rating, " (simulated)" if found.contender.simulated else ""
    if told is None:
        return "not measured" + simulated
    return f"rank {ranks(told)} of {found.among}, {points(told.rating)} ({span(told.lower, told.upper)}){simulated}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
