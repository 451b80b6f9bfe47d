"""Rates boards anew from the rows."""

import json

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from apps.ratings.models import Board
from apps.ratings.operations import refit_board


class Command(BaseCommand):
    help = "Computes the leaderboards of all boards, or of those named, from judgments and votes."

    def add_arguments(self, parser):
        parser.add_argument("boards", nargs="*", help="slugs; without any, every board")
        parser.add_argument("--json", action="store_true", dest="as_json", help="say the result as lines of JSON")

    def handle(self, *args, boards, as_json, **options):
        unknown = sorted(set(boards) - set(Board.objects.values_list("slug", flat=True)))
        if unknown:
            raise CommandError(f"There is no board {', '.join(unknown)}.")
        for board in Board.objects.filter(slug__in=boards) if boards else Board.objects.all():
            fitted = refit_board(board=board, now=timezone.now())
            told = {"board": board.slug, "judgments": fitted.n_judgments, "votes": fitted.n_votes}
            self.stdout.write(
                json.dumps(told) if as_json else "{board}: {judgments} judgments, {votes} votes".format(**told)
            )
