"""Verdicts and votes land on the right side of the right match, once."""

import pytest

from apps.contenders.models import Contender, Output
from apps.humans.models import Vote, Voter
from apps.judging.models import Judge, Judgment
from apps.matches.models import Match
from apps.prompts.models import PromptSet
from apps.ratings.models import Board, Leaderboard
from tests import stage
from tests.apps.exchange.rows import answer, games, imported, only_file, question, said, write

pytestmark = pytest.mark.django_db


def winner_of(row: Vote | Judgment) -> str | None:
    sides = {"model_a": row.match.output_a, "model_b": row.match.output_b}
    return sides[row.outcome].contender.name if row.outcome in sides else row.outcome


def shown_first(judgment: Judgment) -> str:
    return {"ab": judgment.match.output_a, "ba": judgment.match.output_b}[judgment.order].contender.name


def test_a_vote_names_the_same_winner_whichever_way_round_it_names_the_models(known):
    swapped = {"model_a": "Birch", "model_b": "Alder"}
    write(known / "votes.jsonl", said("expert_1", "model_a"), said("expert_2", "model_a", **swapped))

    imported(known)

    assert {"expert_1": "Alder", "expert_2": "Birch"} == {row.voter.name: winner_of(row) for row in Vote.objects.all()}
    assert 1 == Match.objects.count()


def test_turns_are_matches_of_their_own(known):
    write(known / "votes.jsonl", said(turn=1), said(turn=2, winner="model_b"))

    imported(known)

    assert {1: "Alder", 2: "Birch"} == {row.match.turn: winner_of(row) for row in Vote.objects.all()}


def test_voters_belong_to_the_group_in_their_name(known):
    write(known / "votes.jsonl", said("expert_1"), said("author_3"), said("Jo"), said("tie (bothbad)"))

    imported(known)

    groups = dict(Voter.objects.values_list("name", "group"))
    assert {"expert_1": "expert", "author_3": "author", "Jo": "", "tie (bothbad)": ""} == groups


def test_a_cleaned_verdict_stands_for_both_orders(known):
    verdicts = [said("gpt4_pair", "tie (inconsistent)"), said("gpt4_pair", "tie", turn=2)]
    write(known / "verdicts.jsonl", *verdicts)

    imported(known)

    found = Judgment.objects.order_by("match__turn").values_list("order", "outcome", "flipped")
    assert [("merged", "tie", True), ("merged", "tie", False)] == list(found)
    assert ("gpt4-pair", None) == Judge.objects.values_list("slug", "endpoint").get()


def test_a_file_may_hold_judges_and_people(known):
    write(known / "mixed.jsonl", said("gpt4_pair"), said("expert_1"))

    imported(known)

    assert (1, 1) == (Judgment.objects.count(), Vote.objects.count())


def test_the_names_are_overruled_by_the_one_who_imports(known):
    write(known / "votes.jsonl", said("gpt4_pair"), said("Kim"))

    imported(known, raters="judge")

    assert {"gpt4-pair", "kim"} == set(Judge.objects.values_list("slug", flat=True))
    assert not Vote.objects.exists()


def test_the_games_of_a_pair_are_the_two_orders(known):
    # Game 1 shows model_1 (Birch, on side b) first; both winners are told as models, so Birch won one game each way.
    write(known / "pairs.jsonl", games("model_1", "model_2", model_1="Birch", model_2="Alder"))

    imported(known)

    first, second = sorted(Judgment.objects.all(), key=shown_first)
    assert ("Alder", "Alder") == (shown_first(first), winner_of(first))
    assert ("Birch", "Birch") == (shown_first(second), winner_of(second))
    assert ("Fine.\n\nFinal verdict: [[A]]", "Fine.") == (second.raw, second.reason)


def test_the_variants_of_fastchats_prompt_are_one_judge(known):
    variants = ["pair-v2", "pair-math-v1"], ["pair-v2-multi-turn", "pair-math-v1-multi-turn"]
    rows = [games(judge=["gpt-4", name], turn=turn) for turn, names in enumerate(variants, 1) for name in names[:1]]
    write(known / "pairs.jsonl", *rows, games(judge=["gpt-4", "pair-v9"]))

    imported(known)

    assert {"gpt-4-pair-v2", "gpt-4-pair-v9"} == set(Judge.objects.values_list("slug", flat=True))


def test_a_reply_without_a_verdict_is_kept_and_changes_no_rating(known):
    write(known / "pairs.jsonl", games("model_1", "error", g2_judgment="$ERROR$"))

    report = imported(known)

    lost = Judgment.objects.get(status="unusable")
    assert (None, "$ERROR$") == (lost.outcome, lost.raw)
    assert "no verdict" in lost.problem
    assert 0 == report.exit_code
    assert (1, 1) == Leaderboard.objects.filter(category=None).values_list("n_judgments", "n_unusable").get()


def test_imported_again_all_is_known_and_nothing_is_said_twice(known):
    write(known / "verdicts.jsonl", said("gpt4_pair"))
    write(known / "pairs.jsonl", games())
    write(known / "votes.jsonl", said(), said())

    first, second = imported(known), imported(known)

    assert (6, 7) == (first.new, first.taken)
    assert (0, 7, 0) == (second.new, second.taken, second.rejected)
    assert (3, 1) == (Judgment.objects.count(), Vote.objects.count())


def test_who_contradicts_himself_is_rejected_and_his_first_word_stays(known):
    write(known / "votes.jsonl", said(winner="model_a"), said(winner="tie"))
    write(known / "pairs.jsonl", games("model_1", "model_1"), games("model_1", "tie"))

    report = imported(known)

    reasons = {file.path.name: file.problems[0].reason for file in report.files if file.problems}
    where = "something else about Alder and Birch on question 81, turn 1 already; what was said first stays."
    assert f"expert_1 has said {where}" == reasons["votes.jsonl"]
    assert f"gpt-4 (pair-v2) has said {where}" == reasons["pairs.jsonl"]
    assert "Alder" == winner_of(Vote.objects.get())


def test_the_order_on_the_command_line_does_not_matter(known):
    votes = write(known / "a-votes.jsonl", said())

    report = imported(votes, known / "birch.jsonl", known / "alder.jsonl", known / "question.jsonl")

    assert (4, 0) == (report.new, report.rejected)
    assert [["A verse.", "Verse."]] * 2 == list(Output.objects.values_list("texts", flat=True))


def test_a_vote_on_answers_that_were_not_imported_counts_and_says_so(tmp_path):
    write(tmp_path / "question.jsonl", question())
    write(tmp_path / "votes.jsonl", said())

    report = imported(tmp_path)

    found = Output.objects.values_list("status", "texts", "problem")
    assert [("done", [], "The text was not imported.")] * 2 == list(found)
    assert 1 == sum(only_file(report, "votes.jsonl").notes.values())
    assert 2 == Leaderboard.objects.get(category=None).ratings.filter(by="humans", rating__isnull=False).count()


def test_a_text_that_comes_later_takes_its_place(tmp_path):
    write(tmp_path / "question.jsonl", question())
    write(tmp_path / "votes.jsonl", said())
    imported(tmp_path)

    report = imported(write(tmp_path / "alder.jsonl", answer("Alder")))

    assert 1 == report.new
    assert (["A verse.", "Verse."], "") == Output.objects.values_list("texts", "problem").get(contender__name="Alder")


def test_a_rejected_row_leaves_no_model_behind(known):
    write(known / "votes.jsonl", said(model_a="Cedar", turn=7), said())

    imported(known)

    assert {"Alder", "Birch"} == set(Contender.objects.values_list("name", flat=True))


def test_a_judge_of_this_site_is_not_mixed_with_one_of_a_file(known):
    stage.judge("gpt4-pair")
    write(known / "verdicts.jsonl", said("gpt4_pair"))

    imported(known)

    assert "gpt4-pair-imported" == Judgment.objects.get().judge.slug


class TestBoards:
    def test_the_board_names_the_judge_that_met_the_most_votes(self, known):
        write(known / "verdicts.jsonl", said("gpt4_pair"), said("gpt-5", turn=2), said("gpt-5", winner="tie"))
        write(known / "votes.jsonl", said("expert_1", turn=2))

        report = imported(known)

        judges = {board.slug: [judge.slug for judge in board.judges.all()] for board in Board.objects.all()}
        assert {"mt-bench": ["gpt-5"], "mt-bench-gpt4-pair": ["gpt4-pair"]} == judges
        assert "MT-Bench (imported)" == Board.objects.get(slug="mt-bench").title
        assert ["mt-bench", "mt-bench-gpt4-pair"] == report.boards

    def test_it_keeps_that_judge_when_more_come(self, known):
        write(known / "verdicts.jsonl", said("gpt4_pair"))
        write(known / "votes.jsonl", said("expert_1"), said("expert_1", turn=2))
        imported(known)

        imported(write(known / "more.jsonl", said("gpt-5"), said("gpt-5", turn=2)))

        assert ["gpt4-pair"] == [judge.slug for judge in Board.objects.get(slug="mt-bench").judges.all()]

    def test_it_changes_a_judge_that_met_no_vote_for_one_that_did(self, known):
        write(known / "verdicts.jsonl", said("gpt-5"))
        imported(known)

        imported(write(known / "more.jsonl", said("gpt4_pair", turn=2), said("expert_1", turn=2)))

        assert ["gpt4-pair"] == [judge.slug for judge in Board.objects.get(slug="mt-bench").judges.all()]

    def test_votes_alone_make_a_board_too(self, known):
        write(known / "votes.jsonl", said())

        imported(known, prompt_set="verses", board="my-board")

        leaderboard = Leaderboard.objects.get(category=None)
        assert ("my-board", 1, 0) == (leaderboard.board.slug, leaderboard.n_votes, leaderboard.n_judgments)

    def test_a_board_whose_judges_are_asked_by_this_site_keeps_them(self, known):
        imported(known)
        stage.judgment(stage.judge("strict"), stage.match(*Output.objects.order_by("pk")))
        stage.board(PromptSet.objects.get(), slug="mt-bench")

        imported(write(known / "verdicts.jsonl", said("gpt4_pair")))

        assert not Board.objects.get(slug="mt-bench").judges.exists()

    def test_answers_alone_freeze_nothing_and_make_no_board(self, known):
        report = imported(known)

        assert [] == report.boards
        assert not PromptSet.objects.get().is_frozen
