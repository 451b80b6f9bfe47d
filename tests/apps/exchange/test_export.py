import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.contenders.models import Contender
from apps.endpoints.models import Endpoint
from apps.exchange.tables import FORMULA_STARTS, write_table
from apps.humans.models import Voter, VoteReason
from apps.judging.models import Judgment
from tests import stage
from tests.apps.exchange.rows import games, imported, said, write


def exported(table: str, form: str = "json", **options: object) -> str:
    out = StringIO()
    call_command("export", table, format=form, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def board(known) -> Path:
    write(known / "verdicts.jsonl", said("gpt4_pair"), said("gpt4_pair", "tie (inconsistent)", turn=2))
    write(known / "votes.jsonl", said("expert_1"), said("expert_2", "tie"), said("expert_1", "tie (bothbad)", turn=2))
    imported(known)
    return known


@pytest.mark.django_db
class TestTables:
    def test_agreement_has_a_row_for_each_pair_turn_unit_group_and_tie_rule(self, board):
        rows = json.loads(exported("agreement"))

        wanted = {"left": "GPT-4 (MT-Bench verdicts)", "turn": 1, "unit": "vote", "raters": "expert", "ties": "kept"}
        (row,) = [row for row in rows if wanted.items() <= row.items()]
        # On turn 1 the judge and expert_1 say Alder, expert_2 says tie: one pair of two agrees.
        assert ("mt-bench", "humans", 2, 0.5) == (row["board"], row["right"], row["n"], row["agreement"])
        assert {"humans", wanted["left"]} == {row["left"] for row in rows}

    def test_the_leaderboard_has_judges_and_people_side_by_side(self, board):
        rows = json.loads(exported("leaderboard", board="mt-bench"))

        assert ["Alder", "Birch"] == [row["model"] for row in rows]
        assert [(2, 3), (2, 3)] == [(row["n_judgments"], row["n_votes"]) for row in rows]
        assert rows[0]["rating"] > rows[1]["rating"]
        assert rows[0]["human_rating"] > rows[1]["human_rating"]

    def test_a_battle_holds_both_orders_of_a_judge(self, known):
        write(known / "pairs.jsonl", games("model_1", "tie"))
        imported(known)

        (row,) = json.loads(exported("battles"))

        assert ("model_a", "tie", "tie", True) == (row["a_first"], row["b_first"], row["winner"], row["flipped"])
        assert ("Alder", "Birch", "81", 1) == (row["model_a"], row["model_b"], row["question_id"], row["turn"])
        assert ("gpt-4-pair-v2/1", "judge") == (row["rater"], row["rater_kind"])

    def test_the_leaderboard_tells_prices_where_they_are_known(self, board):
        price = {"usd_per_million_in": "0.15", "usd_per_million_out": "0.6"}
        priced, *others = json.loads(exported("leaderboard", board="mt-bench"))
        endpoint = Endpoint.objects.create(name="e", base_url="https://api.example.com/v1", model="m", **price)
        Contender.objects.filter(name=priced["model"]).update(endpoint=endpoint)

        first, *rest = json.loads(exported("leaderboard", board="mt-bench"))

        assert (None, None) == tuple(priced[name] for name in price)
        assert (0.15, 0.6) == tuple(first[name] for name in price)
        assert others == rest

    def test_battles_tell_how_sure_a_judge_was_in_each_order(self, known):
        write(known / "pairs.jsonl", games("model_1", "tie"))
        imported(known)
        (unknown,) = json.loads(exported("battles"))
        for judgment in Judgment.objects.filter(order="ab"):
            judgment.chances = {judgment.outcome: 0.75, "both_bad": 0.25}
            judgment.save()

        (row,) = json.loads(exported("battles"))
        (cells,) = csv.DictReader(StringIO(exported("battles", "csv")))

        assert (None, None) == (unknown["a_first_sure"], unknown["b_first_sure"])
        assert (0.75, None) == (row["a_first_sure"], row["b_first_sure"])
        assert ("0.75", "") == (cells["a_first_sure"], cells["b_first_sure"])

    def test_battles_have_one_row_a_match_and_rater(self, board):
        rows = [json.loads(line) for line in exported("battles", "jsonl", board="mt-bench").splitlines()]

        told = [(row["rater"], row["turn"], row["winner"], row["flipped"]) for row in rows]
        assert [
            ("gpt4-pair/1", 1, "model_a", False),
            ("gpt4-pair/1", 2, "tie", True),
            ("expert_1", 1, "model_a", False),
            ("expert_2", 1, "tie", False),
            ("expert_1", 2, "both_bad", False),
        ] == sorted(told, key=lambda row: (row[0] != "gpt4-pair/1", row[1]))

    def test_a_battle_of_one_person_knows_what_was_shown_first(self, board):
        row = Voter.objects.get(name="expert_1").votes.first()
        row.shown_first = "b"
        row.save()

        found = [row for row in json.loads(exported("battles")) if row["rater"] == "expert_1" and row["turn"] == 1]

        assert [(None, "model_a")] == [(row["a_first"], row["b_first"]) for row in found]

    def test_votes_can_be_imported_again(self, board, tmp_path):
        path = write(tmp_path / "again.jsonl", *exported("votes", "jsonl").splitlines())

        report = imported(path)

        assert (0, 3, 0) == (report.new, report.taken, report.rejected)

    def test_people_of_this_site_go_out_under_a_number(self, board):
        voter = Voter.objects.get(name="expert_1")
        voter.user = User.objects.create(username="real-name")
        voter.save()

        rows = json.loads(exported("votes"))

        assert {f"voter_{voter.pk}", "expert_2"} == {row["judge"] for row in rows}

    def test_every_board_is_written_where_none_is_named(self, board):
        write(board / "more.jsonl", said("gpt-5"))
        imported(board)

        assert {"mt-bench", "mt-bench-gpt-5"} == {row["board"] for row in json.loads(exported("agreement"))}
        assert 3 == len(json.loads(exported("votes")))  # both boards have the same votes

    def test_a_board_that_was_not_rated_yet_is_named(self):
        stage.board(slug="quiet")
        errors = StringIO()

        out = exported("leaderboard", stderr=errors)

        assert [] == json.loads(out)
        assert "The board quiet has not been rated yet" in errors.getvalue()

    def test_an_unknown_board_is_refused_with_the_known_ones(self, board):
        with pytest.raises(CommandError, match=r"There is no board 'mtbench'; the boards are: mt-bench\."):
            exported("votes", board="mtbench")

    def test_a_file_is_written_whole_and_nothing_is_printed(self, board, tmp_path):
        path = tmp_path / "votes.csv"

        printed = exported("votes", "csv", output=path)

        assert "" == printed
        assert 3 == len(list(csv.DictReader(path.open())))
        assert [path] == [file for file in tmp_path.iterdir() if file.is_file()]

    def test_a_file_that_cannot_be_written_is_said(self, board, tmp_path):
        with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
            exported("votes", output=tmp_path / "nowhere" / "votes.json")


ROWS = [{"model": "Ald\ner", "rating": None}, {"model": "=1+2", "rating": -1.5}]


def written(form: str, rows: list[dict] = ROWS) -> str:
    out = StringIO()
    write_table(iter(rows), ["model", "rating"], form, out)
    return out.getvalue()


class TestFormats:
    def test_json_is_a_list_and_json_lines_an_object_a_line(self):
        assert ROWS == json.loads(written("json"))
        assert ROWS == [json.loads(line) for line in written("jsonl").splitlines()]

    def test_a_table_without_rows_is_still_one(self):
        assert [] == json.loads(written("json", []))
        assert "" == written("jsonl", [])
        assert "model,rating\r\n" == written("csv", [])

    def test_csv_disarms_formulas_but_not_numbers(self):
        assert 'model,rating\r\n"Ald\ner",\r\n\'=1+2,-1.5\r\n' == written("csv")

    @given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0")))
    def test_no_text_in_a_csv_starts_like_a_formula(self, name: str):
        (row,) = csv.DictReader(StringIO(written("csv", [{"model": name, "rating": 1}])))

        assert not row["model"].startswith(FORMULA_STARTS)
        assert row["model"] in (name, f"'{name}")


@pytest.mark.django_db
class TestReasons:
    """What voters said made the better answer better goes along with the vote."""

    @pytest.fixture(autouse=True)
    def told(self, board):
        VoteReason.objects.bulk_create(
            VoteReason(vote=Voter.objects.get(name="expert_1").votes.first(), reason=reason)
            for reason in ("correct", "clear")
        )

    @pytest.mark.parametrize("table", ["votes", "battles"])
    def test_as_a_list_in_json(self, table):
        rows = [row["reasons"] for row in json.loads(exported(table))]
        assert 1 == rows.count(["correct", "clear"])
        assert len(rows) - 1 == rows.count([])

    def test_as_words_in_csv(self):
        assert 1 == exported("votes", "csv").count("correct; clear")
