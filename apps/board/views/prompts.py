from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.board.missing import missing
from apps.board.share import share_page
from apps.prompts import queries
from apps.ratings.board_state import nearest


@require_safe
def prompts(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "board/prompts.html",
        {"prompt_sets": list(queries.prompt_sets()), "share": share_page(request, "Prompts")},
    )


@require_safe
def prompt_set(request: HttpRequest, slug: str) -> HttpResponse:
    versions = queries.prompt_set_versions(slug)
    found = queries.prompt_set(slug, _version(request, versions))
    if found is None:
        known = {row.slug for row in queries.prompt_sets()}
        return missing(request, f"There is no prompt set called “{slug}”.", "board:prompt_set", nearest(slug, known))
    context = {
        "prompt_set": found,
        "versions": versions,
        "prompts": list(queries.prompts_of(found)),
        "share": share_page(request, str(found)),
    }
    return render(request, "board/prompt_set.html", context)


def _version(request: HttpRequest, versions: list[int]) -> int | None:
    """The version asked for, if it is one; else the newest."""
    asked = request.GET.get("version", "")
    return int(asked) if asked in map(str, versions) else None
