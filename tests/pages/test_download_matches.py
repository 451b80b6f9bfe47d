"""All matches of a board as one file, sent as it is read."""

import io
import json
import tracemalloc

import pytest
from django.core.management import call_command

from apps.judging.models import Judgment
from tests import stage

pytestmark = pytest.mark.django_db


def played(size: int) -> None:
    met, judge = stage.matches(size), stage.judge()
    stage.board(met[0].prompt.prompt_set)
    said = {"judge": judge, "status": "done", "outcome": "model_a"}
    Judgment.objects.bulk_create(Judgment(match=match, order=order, **said) for match in met for order in ("ab", "ba"))


def test_it_is_what_the_command_writes(client):
    played(3)
    written = io.StringIO()
    call_command("export", "battles", format="jsonl", board="everyday", stdout=written)

    answer = client.get("/boards/everyday/battles.jsonl")

    assert answer.streaming
    rows = answer.getvalue().decode()
    assert (3, written.getvalue()) == (len(rows.splitlines()), rows)
    assert 'attachment; filename="everyday-battles.jsonl"' == answer["Content-Disposition"]


def test_the_board_leads_there(client):
    played(1)
    assert "/boards/everyday/battles.jsonl" in client.get("/boards/everyday/").content.decode()


def test_a_board_without_matches_is_an_empty_file(client):
    stage.board(stage.prompt_set())
    assert b"" == client.get("/boards/everyday/battles.jsonl").getvalue()


def test_no_board_is_no_file(client):
    assert 404 == client.get("/boards/nowhere/battles.jsonl").status_code


def test_it_is_sent_a_piece_at_a_time(client):
    size = 2000
    played(size)
    answer = client.get("/boards/everyday/battles.jsonl")
    pieces = iter(answer)
    json.loads(next(pieces).splitlines()[0])
    tracemalloc.start()
    try:
        n = sum(piece.count(b"\n") for piece in pieces)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size - 500 == n
    assert peak < 12 * 2**20  # two chunks of rows, as the database hands them out
