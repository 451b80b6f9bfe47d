import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.exchange.queries import TABLES, boards_called
from apps.exchange.tables import FORMATS, Out, write_table
from apps.ratings.models import Board


class Command(BaseCommand):
    help = (
        "Writes a table: agreement (how far raters agree), leaderboard (ratings beside human ratings), battles (one "
        "row a match and rater, both orders; a_first_sure and b_first_sure tell how probable the verdict in that order "
        "was by the judge's log-probabilities, where its endpoint tells them), votes (as MT-Bench publishes them). "
        "Without --board: of every board."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", choices=sorted(TABLES))
        parser.add_argument("--format", default="json", choices=FORMATS)
        parser.add_argument("--board", default="", metavar="SLUG")
        parser.add_argument("--output", type=Path, metavar="FILE", help="instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        boards = _boards(options["board"])
        for board in boards:
            if not board.leaderboards.exists():
                self.stderr.write(f"The board {board.slug} has not been rated yet; `manage.py refit` rates it.")
        if options["output"]:
            _write_file(options["output"], boards, options)
        else:
            self.stdout.ending = ""  # the table has its own line ends
            _write_until_closed(self.stdout, boards, options)


def _boards(slug: str) -> list[Board]:
    try:
        return boards_called(slug)
    except Board.DoesNotExist:
        known = ", ".join(Board.objects.public().values_list("slug", flat=True)) or "none"
        raise CommandError(f"There is no board {slug!r}; the boards are: {known}.") from None


def _write(out: Out, boards: list[Board], options: dict[str, Any]) -> None:
    table = TABLES[options["table"]]
    write_table(table.rows(boards), table.columns, options["format"], out)


def _write_until_closed(out: Out, boards: list[Board], options: dict[str, Any]) -> None:
    """Whoever reads the pipe may have seen enough (`export ... | head`); that is no error."""
    try:
        _write(out, boards, options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_file(path: Path, boards: list[Board], options: dict[str, Any]) -> None:
    """Through a file beside it, so that a file of that name is either the old table or the whole new one."""
    try:
        with NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, delete=False) as file:
            _write(file, boards, options)
        Path(file.name).replace(path)
    except OSError as problem:
        raise CommandError(f"{path} cannot be written: {problem.strerror}.") from None
