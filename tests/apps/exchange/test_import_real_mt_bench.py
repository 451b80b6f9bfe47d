"""The published figures of MT-Bench, from its published files, through import, fit and export."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from apps.contenders.models import Contender, Output
from apps.exchange.report import ImportReport
from apps.judging.models import Judgment
from apps.prompts.models import Prompt, PromptSet
from apps.ratings.models import Board, Leaderboard
from tests.apps.exchange.rows import imported, only_file

ROOT = Path(__file__).parents[3]
MT_BENCH = ROOT / "../shared/data/mt_bench"
GOLDEN = ROOT / "tests/golden"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("mt-bench"),  # one process imports them, not each
    pytest.mark.skipif(not MT_BENCH.is_dir(), reason="The real MT-Bench files are not beside the checkout."),
]


@pytest.fixture(scope="module")
def report(django_db_setup, django_db_blocker) -> Iterator[ImportReport]:
    """The import of all its files, once for this module, and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield imported(*sorted(MT_BENCH.iterdir()))
        transaction.set_rollback(True)


def exported(table: str, board: str = "mt-bench") -> list[dict]:
    out = StringIO()
    call_command("export", table, board=board, format="json", stdout=out)
    return json.loads(out.getvalue())


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("figure", golden("mt_bench_agreement.csv"), ids=lambda row: f"{row['source']}")
def test_the_export_has_the_published_agreement(report, figure):
    rows = [
        row
        for row in exported("agreement")
        if (row["left"] == "humans") == (figure["left"] == "humans")
        and (row["raters"], row["unit"], row["ties"]) == (figure["raters"], figure["unit"], figure["ties"])
        and row["turn"] == (int(figure["turn"]) if figure["turn"] else None)
    ]

    (found,) = rows
    digits = len(figure["agreement"].partition(".")[2])
    assert int(figure["n"]) == found["n"]
    assert float(figure["agreement"]) == round(found["agreement"], digits)
    assert found["lower"] < found["agreement"] < found["upper"]
    if figure["kappa"]:
        assert float(figure["kappa"]) == round(found["kappa"], 4)


def test_the_export_has_both_rankings_of_the_six_models(report):
    found = exported("leaderboard")

    expected = golden("mt_bench_ratings.csv")
    assert [row["model"] for row in expected] == [row["model"] for row in found]
    for row, published in zip(found, expected, strict=True):
        assert float(published["rating"]) == pytest.approx(row["rating"], abs=0.51)
        assert float(published["human_rating"]) == pytest.approx(row["human_rating"], abs=0.51)
        assert row["lower"] < row["rating"] < row["upper"]
        assert 800 == row["n_judgments"]  # 5 opponents, 80 questions, 2 turns


def test_every_row_of_every_file_is_counted(report):
    counts = {file.path.name: (file.new, file.duplicate, file.rejected) for file in report.files}

    assert (80, 0, 0) == counts["question.jsonl"]
    assert (2400, 0, 0) == counts["gpt4_pair_verdicts.jsonl"]
    assert (3354, 1, 0) == counts["human_votes.jsonl"]  # one vote stands in the file twice
    assert (75, 0, 0) == counts["gpt-4_pair.jsonl.gz"]
    assert (80, 0, 0) == counts["rwkv-4-raven-14b.jsonl.gz"]
    assert 0 == report.exit_code


def test_files_of_no_use_are_left_alone_with_a_reason(report):
    left = {file.path.name: file.left_alone for file in report.files if file.left_alone}

    assert {
        "LICENSE-votes.txt",
        "PROVENANCE.json",
        "gpt-4_single.jsonl.gz",
        "judge_prompts.jsonl",
        "judgelab_report.json",
        "judgelab_report.md",
        "pspmani_stats.json",
    } == set(left)
    assert "Grades of single answers" in left["gpt-4_single.jsonl.gz"]
    assert "Templates of judge prompts" in left["judge_prompts.jsonl"]


def test_a_second_import_finds_nothing_new_and_makes_no_new_snapshot(report):
    snapshots = set(Leaderboard.objects.values_list("pk", flat=True))

    again = imported(*sorted(MT_BENCH.iterdir()))

    assert (0, report.new + 1, 0) == (again.new, again.taken, again.rejected)
    assert snapshots == set(Leaderboard.objects.values_list("pk", flat=True))


def test_position_inconsistency_is_kept(report):
    merged = Judgment.objects.filter(judge__slug="gpt4-pair", order="merged")
    voted = merged.filter(match__votes__isnull=False).distinct()

    assert 380 == merged.filter(flipped=True).count()
    # 0.1599 of the matches that people voted on, as judgelab's report has it
    assert 0.1599 == round(voted.filter(flipped=True).count() / voted.count(), 4)


def test_the_prompt_set_is_frozen_with_its_references(report):
    (prompt_set,) = PromptSet.objects.filter(slug="mt-bench")

    assert prompt_set.is_frozen
    assert Prompt.objects.get(prompt_set=prompt_set, key="101").reference[0].startswith("If you have just overtaken")


def test_the_other_judge_has_a_board_of_its_own(report):
    own = Board.objects.get(slug="mt-bench-gpt-4-pair-v2")

    assert ["gpt4-pair"] == list(Board.objects.get(slug="mt-bench").judges.values_list("slug", flat=True))
    assert ["gpt-4-pair-v2"] == list(own.judges.values_list("slug", flat=True))
    assert {"phi-3", "phi-3-dpo"} == {row["model"] for row in exported("leaderboard", own.slug) if row["rating"]}


def test_replies_without_a_verdict_are_kept_and_change_nothing(report):
    lost = Judgment.objects.filter(judge__slug="gpt-4-pair-v2", status="unusable")

    assert 3 == lost.count()  # one game of one question, both games of another
    assert {None} == set(lost.values_list("outcome", flat=True))
    assert 3 == Leaderboard.objects.get(board__slug="mt-bench-gpt-4-pair-v2", category=None).n_unusable
    assert (
        2
        == only_file(report, "gpt-4_pair.jsonl.gz").notes[
            "holds a reply without a verdict; it is kept, shown, and changes no rating."
        ]
    )


def test_models_that_met_nobody_have_answers_and_no_rating(report):
    assert 34 == Contender.objects.filter(outputs__prompt__prompt_set__slug="mt-bench").distinct().count()
    assert 34 * 80 == Output.objects.filter(prompt__prompt_set__slug="mt-bench").count()
    assert not Contender.objects.get(name="wizardlm-13b").ratings.exists()


def test_an_empty_answer_is_kept_and_said(report):
    (empty,) = Output.objects.filter(problem__contains="is empty")

    assert ("llama-13b", "The answer to turn 1 is empty.") == (empty.contender.name, empty.problem)


def test_exported_votes_are_the_published_votes(report):
    def told_by_name(row: dict) -> tuple:
        winner = row.get(row["winner"], "tie")
        return (row["judge"], row["question_id"], row["turn"], *sorted((row["model_a"], row["model_b"])), winner)

    published = (json.loads(line) for line in (MT_BENCH / "human_votes.jsonl").open())

    assert {told_by_name(row) for row in published} == {told_by_name(row) for row in exported("votes")}
