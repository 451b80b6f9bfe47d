from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from apps.board.context import SELECTING, read_context
from apps.board.lists import shown_list
from apps.board.missing import missing
from apps.board.share import pictured, share_page
from apps.board.wording import listed
from apps.contenders.models import Contender
from apps.contenders.queries import contender_slugs, contenders_by_name, contenders_by_slug
from apps.prompts.privacy import Viewer
from apps.ratings.board_state import nearest
from apps.ratings.duel_matches import Show, listing
from apps.ratings.figures import card_of
from apps.ratings.head_to_head import duel
from apps.ratings.model_record import boards_of
from apps.ratings.models import Board


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Two selects; once both are chosen, the way to their comparison."""
    models = {model.slug: model for model in contenders_by_name(request.user)}
    asked = {side: request.GET.get(side, "") for side in ("a", "b")}
    for slug in asked.values():
        if slug and slug not in models:
            sentence = gettext("There is no model called “{word}”; choose another.")
            messages.warning(request, sentence.format(word=slug))
    if all(slug in models for slug in asked.values()):
        return redirect(_address(request, asked["a"], asked["b"]))
    return render(request, "board/compare_choose.html", {"models": models.values(), **asked})


@require_safe
def compare(request: HttpRequest, a: str, b: str) -> HttpResponse:
    found = contenders_by_slug(a, b, viewer=request.user)
    if not {a, b} <= found.keys():
        return _missing(request, found, a, b)
    context = read_context(request, _boards(found.values(), request.user), own=("show", "page"))
    if a == b or context is None:
        shown = {
            "models": contenders_by_name(request.user),
            "a": a,
            "b": "" if a == b else b,
            "found": found,
            "alone": a == b,
        }
        return render(request, "board/compare_choose.html", shown)
    context, show = shown_list(request, context, Show.ALL, gettext("all of them"))
    told = duel(found[a], found[b], context.selection)
    listed = listing(told, show, request.GET.get("page"))
    api = request.build_absolute_uri(reverse("api:compare", args=[a, b]) + context.carried)
    title = gettext("{one} against {other} on {board}").format(one=told.one, other=told.other, board=told.board)
    picture = pictured(request, card_of(context.selection.leaderboard, context.selection.rater))
    share = share_page(request, title, context, api=api, **picture)
    return render(request, "board/compare.html", {"context": context, "duel": told, "listing": listed, "share": share})


def _boards(both: Iterable[Contender], viewer: Viewer) -> list[Board]:
    """Those on which both stand; before there is one, the first of all."""
    return boards_of(*both, viewer=viewer) or list(Board.objects.public()[:1])


def _missing(request: HttpRequest, found: Mapping[str, Contender], a: str, b: str) -> HttpResponse:
    slugs = list(contender_slugs())
    unknown = listed([gettext("“{word}”").format(word=slug) for slug in dict.fromkeys((a, b)) if slug not in found])
    meant = [slug if slug in found else nearest(slug, slugs) for slug in (a, b)]
    nearest_pair = listed([str(slug) for slug in meant]) if all(meant) else None
    sentence = gettext("There is no model called {names}.").format(names=unknown)
    return missing(request, sentence, "board:compare", nearest_pair, args=meant)


def _address(request: HttpRequest, a: str, b: str) -> str:
    kept = {name: request.GET[name] for name in ("board", *SELECTING) if request.GET.get(name)}
    return reverse("board:compare", args=[a, b]) + (f"?{urlencode(kept)}" if kept else "")
