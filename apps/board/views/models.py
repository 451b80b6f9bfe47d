from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from apps.board.context import Context, read_context
from apps.board.kept import kept
from apps.board.missing import missing
from apps.board.share import Share, share_model, share_page
from apps.board.whisker import Axis, axis_of
from apps.contenders.models import Contender
from apps.contenders.queries import contender_by_slug, contender_slugs
from apps.prompts.privacy import Viewer
from apps.ratings.board_state import nearest
from apps.ratings.figures import card_of, figures_of_model
from apps.ratings.model_record import ModelRecord, boards_of, model_record
from apps.ratings.models import Board


@require_safe
@kept
def model(request: HttpRequest, slug: str) -> HttpResponse:
    contender = contender_by_slug(slug, request.user)
    if contender is None:
        sentence = gettext("There is no model called “{word}”.").format(word=slug)
        return missing(request, sentence, "board:model", nearest(slug, contender_slugs()))
    context = read_context(request, _boards(contender, request.user))
    record = model_record(contender, context.selection) if context else None
    figures = figures_of_model(context.selection, contender, timezone.now()) if context else []
    shown = {
        "context": context,
        "contender": contender,
        "board": context.board if context else None,
        "record": record,
        "axis": _axis(record),
        "figures": figures,
        "share": _share(request, context, contender, record),
    }
    response = render(request, "board/model.html", shown)
    if any(figure.is_awaited for figure in figures):
        add_never_cache_headers(response)  # they are there in a moment
    return response


def _boards(contender: Contender, viewer: Viewer) -> list[Board]:
    """Those on which it stands; before it stands anywhere, the first of all."""
    return boards_of(contender, viewer=viewer) or list(Board.objects.public()[:1])


def _share(request: HttpRequest, context: Context | None, contender: Contender, record: ModelRecord | None) -> Share:
    """A badge says where it stands; before that there is none."""
    if context and record and record.is_on_board:
        card = card_of(record.leaderboard, context.selection.rater, contender)
        return share_model(request, context, contender, card)
    return share_page(request, contender.name, context)


def _axis(record: ModelRecord | None) -> Axis | None:
    if record is None:
        return None
    told = [record.judges, record.humans, *record.each_judge]
    told += [rating for row in record.categories for rating in (row.judges, row.humans)]
    return axis_of(told)
