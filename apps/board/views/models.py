from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.board.missing import missing
from apps.board.whisker import axis_over
from apps.contenders.queries import contender_by_slug, contender_slugs
from apps.ratings.board_state import nearest
from apps.ratings.model_record import ModelRecord, boards_of, model_record
from apps.ratings.models import Board
from apps.ratings.queries import home_board


@require_safe
def model(request: HttpRequest, slug: str) -> HttpResponse:
    contender = contender_by_slug(slug)
    if contender is None:
        sentence = f"There is no model called “{slug}”."
        return missing(request, sentence, "board:model", nearest(slug, contender_slugs()))
    boards = boards_of(contender)
    board = _board(request, boards)
    record = model_record(contender, board) if board else None
    context = {"contender": contender, "boards": boards, "board": board, "record": record, "axis": _axis(record)}
    return render(request, "board/model.html", context)


def _board(request: HttpRequest, boards: list[Board]) -> Board | None:
    """The one asked for if the model stands there, else the first on which it does."""
    slug = request.GET.get("board")
    return next((board for board in boards if board.slug == slug), boards[0] if boards else home_board())


def _axis(record: ModelRecord | None) -> object:
    if record is None:
        return None
    told = [record.judges, record.humans, *record.each_judge]
    told += [rating for row in record.categories for rating in (row.judges, row.humans)]
    ends = [end for rating in told if rating and rating.rating is not None for end in (rating.lower, rating.upper)]
    return axis_over([end for end in ends if end is not None])
