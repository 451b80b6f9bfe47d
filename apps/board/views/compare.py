from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from apps.board.missing import missing
from apps.contenders.models import Contender
from apps.contenders.queries import contender_slugs, contenders_by_name, contenders_by_slug
from apps.ratings.board_state import nearest
from apps.ratings.duel_matches import Show, listing
from apps.ratings.head_to_head import Duel, duel
from apps.ratings.model_record import boards_of
from apps.ratings.models import Board
from apps.ratings.queries import home_board


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Two selects; once both are chosen, the way to their comparison."""
    models = {model.slug: model for model in contenders_by_name()}
    asked = {side: request.GET.get(side, "") for side in ("a", "b")}
    for slug in asked.values():
        if slug and slug not in models:
            messages.warning(request, f"There is no model called “{slug}”; choose another.")
    if all(slug in models for slug in asked.values()):
        return redirect(_address(request, asked["a"], asked["b"]))
    return render(request, "board/compare_choose.html", {"models": models.values(), **asked})


@require_safe
def compare(request: HttpRequest, a: str, b: str) -> HttpResponse:
    found = contenders_by_slug(a, b)
    if not {a, b} <= found.keys():
        return _missing(request, found, a, b)
    boards = boards_of(*found.values())
    board = _board(request, boards)
    if a == b or board is None:
        context = {"models": contenders_by_name(), "a": a, "b": "" if a == b else b, "found": found, "alone": a == b}
        return render(request, "board/compare_choose.html", context)
    told = duel(found[a], found[b], board, request.GET.get("category", ""))
    _say_unknown_category(request, told)
    listed = listing(told, _show(request), request.GET.get("page"))
    return render(request, "board/compare.html", {"duel": told, "boards": boards, "listing": listed})


def _say_unknown_category(request: HttpRequest, told: Duel) -> None:
    slug = request.GET.get("category")
    if slug and told.category is None:
        messages.warning(request, f"{told.board} has no category called “{slug}”; this is all of them.")


def _show(request: HttpRequest) -> Show:
    asked = request.GET.get("show", Show.ALL)
    try:
        return Show(asked)
    except ValueError:
        messages.warning(request, f"There is no list of matches called “{asked}”; these are all of them.")
        return Show.ALL


def _board(request: HttpRequest, boards: list[Board]) -> Board | None:
    """The one asked for if both stand there, else the first on which both do."""
    slug = request.GET.get("board")
    found = next((board for board in boards if board.slug == slug), boards[0] if boards else home_board())
    if slug and found and found.slug != slug:
        messages.warning(request, f"The two do not both stand on a board called “{slug}”; this is {found}.")
    return found


def _missing(request: HttpRequest, found: Mapping[str, Contender], a: str, b: str) -> HttpResponse:
    slugs = list(contender_slugs())
    unknown = " and ".join(f"“{slug}”" for slug in dict.fromkeys((a, b)) if slug not in found)
    meant = [slug if slug in found else nearest(slug, slugs) for slug in (a, b)]
    nearest_pair = f"{meant[0]} and {meant[1]}" if all(meant) else None
    return missing(request, f"There is no model called {unknown}.", "board:compare", nearest_pair, args=meant)


def _address(request: HttpRequest, a: str, b: str) -> str:
    kept = {name: request.GET[name] for name in ("board", "category") if request.GET.get(name)}
    return reverse("board:compare", args=[a, b]) + (f"?{urlencode(kept)}" if kept else "")
