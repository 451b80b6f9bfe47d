from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from apps.board.context import read_context
from apps.board.missing import missing
from apps.board.share import share_page
from apps.prompts import queries
from apps.prompts.models import PromptSet
from apps.ratings.board_state import nearest
from apps.ratings.figures import map_of
from apps.ratings.prompt_record import boards_with, prompt_record


@require_safe
def prompts(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "board/prompts.html",
        {"prompt_sets": list(queries.prompt_sets(request.user)), "share": share_page(request, gettext("Prompts"))},
    )


@require_safe
def prompt_set(request: HttpRequest, slug: str) -> HttpResponse:
    versions = queries.prompt_set_versions(slug, request.user)
    found = queries.prompt_set(slug, _version(request, versions), request.user)
    if found is None:
        known = {row.slug for row in queries.prompt_sets()}
        sentence = gettext("There is no prompt set called “{word}”.").format(word=slug)
        return missing(request, sentence, "board:prompt_set", nearest(slug, known))
    drawn = map_of(found, request.user)
    context = {
        "prompt_set": found,
        "versions": versions,
        "prompts": list(queries.prompts_of(found)),
        "figures": [drawn] if drawn else [],
        "share": share_page(request, str(found)),
    }
    return render(request, "board/prompt_set.html", context)


@require_safe
def prompt(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """One prompt with what every model answered."""
    versions = queries.prompt_set_versions(slug, request.user)
    found = queries.prompt_set(slug, _version(request, versions), request.user)
    place = queries.place_in(found, n) if found else None
    if found is None or place is None:
        meant = nearest(slug, {row.slug for row in queries.prompt_sets()})
        sentence = gettext("There is no prompt {n} in a set called “{word}”.").format(n=n, word=slug)
        return missing(request, sentence, "board:prompt_set", meant)
    context = read_context(request, boards_with(place.prompt, request.user), own=("version", "page"))
    selection = context.selection if context else None
    shown = {
        "context": context,
        "prompt_set": found,
        "versions": versions,
        "place": place,
        "share": share_page(request, f"{place.prompt.key}, {found}", context, api=_api(request, found, place)),
        "record": prompt_record(place.prompt, selection, request.GET.get("page")),
    }
    return render(request, "board/prompt.html", shown)


def _api(request: HttpRequest, prompt_set: PromptSet, place: queries.Place) -> str:
    path = reverse("api:prompt", args=[prompt_set.slug, place.n])
    return request.build_absolute_uri(f"{path}?version={prompt_set.version}")


def _version(request: HttpRequest, versions: list[int]) -> int | None:
    """The version asked for, if it is one; else the newest."""
    asked = request.GET.get("version", "")
    return int(asked) if asked in map(str, versions) else None
