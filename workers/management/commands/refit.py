"""Rates boards anew from the rows, and draws their figures."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.ratings.models import Board
from apps.ratings.operations import refit_board
from workers.figures import draw_now


class Command(BaseCommand):
    help = (
        "Computes the leaderboards of all boards, or of those named, from judgments and votes, and draws their figures."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("boards", nargs="*", help="slugs; without any, every board")
        parser.add_argument("--json", action="store_true", dest="as_json", help="say the result as lines of JSON")

    def handle(self, *args: Any, boards: list[str], as_json: bool, **options: Any) -> None:
        unknown = sorted(set(boards) - set(Board.objects.values_list("slug", flat=True)))
        if unknown:
            raise CommandError(f"There is no board {', '.join(unknown)}.")
        for board in Board.objects.filter(slug__in=boards) if boards else Board.objects.all():
            fitted = refit_board(board=board, now=timezone.now())
            draw_now(board, now=timezone.now())
            told = {"board": board.slug, "judgments": fitted.n_judgments, "votes": fitted.n_votes}
            self.stdout.write(
                json.dumps(told) if as_json else "{board}: {judgments} judgments, {votes} votes".format(**told)
            )
