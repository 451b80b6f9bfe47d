import json
from io import StringIO

import pytest
from django.core.management import call_command

from apps.humans.models import Vote
from apps.prompts.models import PromptSet
from apps.ratings.models import Board
from tests.apps.exchange.rows import said, write

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[str, int]:
    """What the command prints, and its exit code."""
    out = StringIO()
    try:
        call_command("import", *map(str, arguments), stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def test_it_ends_with_the_counts_and_where_to_look(known):
    write(known / "votes.jsonl", said())

    told, code = run(known)

    assert 0 == code
    assert "4 rows are new, 0 were there already, 0 were rejected." in told
    assert "Look at /boards/mt-bench/" in told


def test_it_names_the_line_of_a_rejected_row_and_exits_with_1(known):
    votes = write(known / "votes.jsonl", said(), said(winner="red"))

    told, code = run(known)

    assert 1 == code
    assert f"{votes}:\n  line 2 rejected: Unknown outcome 'red'" in told


def test_it_says_what_it_left_alone_and_exits_with_0(known):
    write(known / "LICENSE", "Do as you like.")

    told, code = run(known)

    assert 0 == code
    assert "left alone: The file is neither JSON lines, a JSON array of objects nor a CSV of prompts." in told


def test_it_exits_with_2_when_nothing_could_be_imported(tmp_path):
    write(tmp_path / "LICENSE", "Do as you like.")
    write(tmp_path / "votes.jsonl", said())

    told, code = run(tmp_path)

    assert 2 == code
    assert "Question 81 is not in the prompt set mt-bench; import its question file first." in told
    assert "Nothing could be imported" in told


def test_a_dry_run_counts_and_keeps_nothing(known):
    write(known / "votes.jsonl", said(), said(), said(winner="red"))

    told, code = run(known, "--dry-run")

    assert 1 == code
    assert "4 rows are new, 1 were there already, 1 were rejected." in told
    assert "dry run" in told
    assert (0, 0, 0) == (Vote.objects.count(), PromptSet.objects.count(), Board.objects.count())


def test_the_report_is_one_json_object_on_demand(known):
    write(known / "votes.jsonl", said(), said(winner="red"))

    told, _ = run(known, "--json")

    report = json.loads(told)
    assert (4, 0, 1) == (report["new"], report["duplicate"], report["rejected"])
    assert ["mt-bench"] == report["boards"]
    assert 2 == report["files"][-1]["problems"][0]["line"]


def test_many_problems_of_a_file_are_told_by_number(known):
    write(known / "votes.jsonl", *(said(winner=str(n)) for n in range(12)))

    told, _ = run(known)

    assert "line 10 rejected" in told
    assert "line 11 rejected" not in told
    assert "... and 2 more rejected rows." in told


def test_the_prompt_set_and_the_board_can_be_named(known):
    write(known / "votes.jsonl", said())

    run(known, "--prompt-set", "verses", "--board", "poets", "--as", "judge")

    (board,) = Board.objects.all()
    assert ("poets", ["verses"], ["expert-1"]) == (
        board.slug,
        [prompt_set.slug for prompt_set in board.prompt_sets.all()],
        [judge.slug for judge in board.judges.all()],
    )
