"""A figure's drawing and its rows, to keep. A drawn figure never changes: another snapshot has figures of its own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from apps.board.everybody import for_good
from apps.exchange.tables import write_table
from apps.prompts.privacy import seen_by
from apps.ratings.models import Figure


@require_safe
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """One figure with its whole table."""
    return render(request, "board/figure.html", {"figure": _figure(request, pk)})


@require_safe
def svg(request: HttpRequest, pk: int) -> HttpResponse:
    figure = _figure(request, pk)
    if not figure.svg:
        raise Http404
    return _kept(HttpResponse(figure.svg, content_type="image/svg+xml"), figure, "svg")


@require_safe
def png(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the one that other sites show beside a link."""
    figure = _figure(request, pk)
    if not figure.png:
        raise Http404
    return _kept(HttpResponse(bytes(figure.png), content_type="image/png"), figure, "png")


@require_safe
def csv(request: HttpRequest, pk: int) -> HttpResponse:
    figure = _figure(request, pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    write_table(figure.rows, [key for key, *_ in figure.columns], "csv", response)
    return _kept(response, figure, "csv")


def _figure(request: HttpRequest, pk: int) -> Figure:
    seen = Figure.objects.filter(seen_by(request.user, "leaderboard__board__"))
    return get_object_or_404(seen.select_related("leaderboard__board", "leaderboard__category", "contender"), pk=pk)


def _kept(response: HttpResponse, figure: Figure, form: str) -> HttpResponse:
    """For good, by anybody on the way; what is private by nobody."""
    response["Content-Disposition"] = f'inline; filename="{figure.filename}.{form}"'
    if figure.leaderboard.board.private_to_id:
        patch_cache_control(response, private=True, no_store=True)
        return response
    return for_good(response)
