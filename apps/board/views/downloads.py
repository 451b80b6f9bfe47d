"""Files of a board: its table, as it is asked for, and all its matches."""

from collections.abc import Iterator
from itertools import islice

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from apps.board.context import read_board
from apps.exchange.queries import TABLES
from apps.exchange.tables import json_lines, write_table
from apps.ratings.leaderboard_rows import flat_rows
from apps.ratings.models import Board

LINES_AT_ONCE = 500
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_safe
def table(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """A word that names nothing is refused: in a file nobody would see that it was left aside."""
    board = Board.objects.seen_by(request.user).filter(slug=slug).first()
    if board is None or form not in TYPES:
        raise Http404(f"There is no board {slug!r}.")
    context, _, shown = read_board(request, (board,), board)
    if context.notices:
        return HttpResponse("\n".join((*context.notices, "")), status=404, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content_type=TYPES[form])
    name = "-".join((slug, *context.words.values()))
    response["Content-Disposition"] = f'attachment; filename="{_file_name(name)}.{form}"'
    rows = [{key: _written(value) for key, value in row.items()} for row in flat_rows(shown.rows)]
    write_table(rows, list(rows[0]) if rows else ["model"], form, response)
    return response


@require_safe
def battles(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every match as `manage.py export battles` writes it, sent as it is read, so that no board is too large."""
    board = get_object_or_404(Board.objects.seen_by(request.user), slug=slug)
    table = TABLES["battles"]
    lines = json_lines(table.rows([board]), table.columns)
    response = StreamingHttpResponse(_in_pieces(lines), content_type="application/jsonl")
    response["Content-Disposition"] = f'attachment; filename="{slug}-battles.jsonl"'
    return response


def _in_pieces(lines: Iterator[str]) -> Iterator[str]:
    while piece := list(islice(lines, LINES_AT_ONCE)):
        yield "".join(piece)


def _written(value: object) -> object:
    """Dates by ISO 8601."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _file_name(words: str) -> str:
    return "".join(character if character.isalnum() and character.isascii() else "-" for character in words)[:100]
