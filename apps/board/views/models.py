from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from apps.board.context import Context, read_context
from apps.board.kept import kept
from apps.board.missing import missing
from apps.board.share import Share, share_model, share_page
from apps.board.whisker import axis_over
from apps.contenders.models import Contender
from apps.contenders.queries import contender_by_slug, contender_slugs
from apps.ratings.board_state import nearest
from apps.ratings.figures import figures_of_model, without_card
from apps.ratings.model_record import ModelRecord, boards_of, model_record
from apps.ratings.models import Board, Figure


@require_safe
@kept
def model(request: HttpRequest, slug: str) -> HttpResponse:
    contender = contender_by_slug(slug)
    if contender is None:
        sentence = f"There is no model called “{slug}”."
        return missing(request, sentence, "board:model", nearest(slug, contender_slugs()))
    context = read_context(request, _boards(contender))
    record = model_record(contender, context.selection) if context else None
    figures = figures_of_model(record.leaderboard, contender, timezone.now()) if record else []
    shown = {
        "context": context,
        "contender": contender,
        "board": context.board if context else None,
        "record": record,
        "axis": _axis(record),
        "figures": without_card(figures),
        "share": _share(request, context, contender, record, figures),
    }
    response = render(request, "board/model.html", shown)
    if not all(figure.svg or figure.problem for figure in figures):
        add_never_cache_headers(response)  # they are there in a moment
    return response


def _boards(contender: Contender) -> list[Board]:
    """Those on which it stands; before it stands anywhere, the first of all."""
    return boards_of(contender) or list(Board.objects.all()[:1])


def _share(
    request: HttpRequest,
    context: Context | None,
    contender: Contender,
    record: ModelRecord | None,
    figures: list[Figure],
) -> Share:
    """A badge says where it stands; before that there is none."""
    if context and record and record.is_on_board:
        return share_model(request, context, contender, figures)
    return share_page(request, contender.name, context)


def _axis(record: ModelRecord | None) -> object:
    if record is None:
        return None
    told = [record.judges, record.humans, *record.each_judge]
    told += [rating for row in record.categories for rating in (row.judges, row.humans)]
    ends = [end for rating in told if rating and rating.rating is not None for end in (rating.lower, rating.upper)]
    return axis_over([end for end in ends if end is not None])
