"""What a spreadsheet would take for a formula leaves this site as text."""

import csv

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.humans.models import Voter
from apps.ratings.operations import refit_board
from tests import stage

pytestmark = pytest.mark.django_db


STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "Rowan\r=",
    '=HYPERLINK("https://evil.example","x")',
    "-2+3+cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_of_an_export_is_a_formula(tmp_path, start):
    (match,) = stage.matches(1, names=("Alder", "Birch"))
    match.output_a.contender.name = f"{start}1+1"
    match.output_a.contender.save()
    stage.judgment(stage.judge(), match)
    voter = Voter.objects.create(name=f"{start}voter")
    voter.votes.create(match=match, outcome="model_a")
    board = stage.board(match.prompt.prompt_set)
    refit_board(board=board, now=timezone.now())

    for table in ("battles", "votes", "leaderboard"):
        call_command("export", table, format="csv", output=tmp_path / f"{table}.csv")
        with (tmp_path / f"{table}.csv").open(newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert {f"'{start}1+1", f"{start}1+1"} & set(cells)
        assert [] == [cell for cell in cells if cell[:1] in set("=+-@\t\r") and not _is_number(cell)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
