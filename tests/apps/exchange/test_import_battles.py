"""Battles that bring prompt and answers along: of the Arena, AutoArena and AlpacaEval; and Arena-Hard's verdicts."""

import csv
import io
import json
from pathlib import Path

import pytest

from apps.contenders.models import Output
from apps.exchange.importing import Import, import_files
from apps.exchange.report import ImportReport
from apps.humans.models import Vote
from apps.judging.models import Judgment
from apps.matches.models import Match
from apps.ratings.models import Board

pytestmark = pytest.mark.django_db

ASKED, LEFT, RIGHT = "Name a prime above 10.", "11", "twelve"


@pytest.fixture
def bring(tmp_path, now):
    """`bring("battles.jsonl", rows)`: the report; a list of rows as JSON lines, a text as it stands."""

    def write_and_import(name: str, rows: list | str, **wanted) -> ImportReport:
        path = tmp_path / name
        path.write_text(rows if isinstance(rows, str) else "\n".join(map(json.dumps, rows)), encoding="utf-8")
        return import_files([Path(path)], Import(now=now, **wanted))

    return write_and_import


def talk(*texts: str) -> list[dict]:
    return [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]


def arena(**changes) -> dict:
    answers = {"conversation_a": talk(ASKED, LEFT), "conversation_b": talk(ASKED, RIGHT)}
    who = {
        "question_id": "58210e39b3fd4441a2bd4a518bb44c2d",
        "model_a": "Zinnia",
        "model_b": "Alder",
        "judge": "arena_user_973",
    }
    return who | answers | {"winner": "model_a", "turn": 1, "language": "English", "tstamp": 1682351591.1} | changes


def table(**columns: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([columns.keys(), columns.values()])
    return out.getvalue()


MODELS = {"model_a": "Zinnia", "model_b": "Alder"}
FORMS = {
    "Arena": ("battles.jsonl", json.dumps(arena())),
    "Arena, content in parts": (
        "battles.jsonl",
        json.dumps(
            arena(
                conversation_a=[
                    {"role": one["role"], "content": [{"type": "text", "text": one["content"]}]}
                    for one in talk(ASKED, LEFT)
                ]
            )
        ),
    ),
    "55k": (
        "train.csv",
        table(
            id="30192",
            **MODELS,
            prompt=json.dumps([ASKED]),
            response_a=json.dumps([LEFT]),
            response_b=json.dumps([RIGHT]),
            winner_model_a="1",
            winner_model_b="0",
            winner_tie="0",
        ),
    ),
    "AutoArena": ("head_to_heads.csv", table(**MODELS, prompt=ASKED, response_a=LEFT, response_b=RIGHT, winner="A")),
}


def said(rows) -> list[tuple[str, str]]:
    """Whose answer won, and what it is."""
    sides = {"model_a": "output_a", "model_b": "output_b"}
    won = [
        getattr(row.match, sides[row.outcome])
        for row in rows.select_related("match__output_a__contender", "match__output_b__contender")
    ]
    return [(output.contender.name, *output.texts) for output in won]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(bring, form):
    report = bring(*FORMS[form])

    assert ("battles with their answers", (1, 0)) == (report.files[0].kind, (report.new, report.rejected)), report
    assert [("Zinnia", LEFT)] == said(Vote.objects)
    assert (2, 1) == (Output.objects.count(), Match.objects.count())


def test_the_battles_make_a_board_named_after_the_file(bring):
    report = bring("battles.jsonl", [arena()])
    assert (["battles"], "battles") == (report.boards, report.prompt_set_slug)
    assert ["battles"] == list(Board.objects.values_list("slug", flat=True))


def test_imported_again_they_change_nothing(bring):
    bring("battles.jsonl", [arena()])
    report = bring("battles.jsonl", [arena()])
    assert (0, 1, 0) == (report.new, report.taken - report.new, report.rejected)


def test_sides_follow_the_names_not_the_columns(bring):
    other = arena(
        model_a="Alder", model_b="Zinnia", conversation_a=talk(ASKED, RIGHT), conversation_b=talk(ASKED, LEFT)
    )
    bring("battles.jsonl", [arena(), other | {"winner": "model_b", "judge": "arena_user_2"}])
    assert [("Zinnia", LEFT)] * 2 == said(Vote.objects)
    assert 1 == Match.objects.count()


def annotation(**changes) -> dict:
    row = {"instruction": ASKED, "generator_1": "Zinnia", "output_1": LEFT, "generator_2": "Alder", "output_2": RIGHT}
    return row | {"preference": 1, "annotator": "alpaca_eval_gpt4"} | changes


@pytest.mark.parametrize(
    ("preference", "outcome"),
    [(1, "Zinnia"), (1.0003, "Zinnia"), (2, "Alder"), (1.98, "Alder"), (1.5, "tie"), (None, None)],
)
def test_preferences_of_alpaca_eval(bring, preference, outcome):
    bring("annotations.json", json.dumps([annotation(preference=preference)]))
    judgment = Judgment.objects.select_related("match__output_a__contender").get()
    names = {"model_a": judgment.match.output_a.contender.name, "model_b": judgment.match.output_b.contender.name}
    assert (outcome, "alpaca_eval_gpt4") == (names.get(judgment.outcome, judgment.outcome), judgment.judge.name)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (arena(winner="model_c"), "Unknown outcome 'model_c'"),
        (arena(model_b="Zinnia"), "'Zinnia' meets itself"),
        (arena(conversation_b=talk("Something else?", RIGHT)), "ask something else"),
        (arena(conversation_b="twelve"), "conversation_b is no list of messages"),
        (arena(conversation_a=talk(ASKED, "13")), "has another answer to question"),
        (arena(winner="tie"), "has said something else about"),
        (annotation(preference=3), "preference is 3; expected a number from 1 to 2, or null"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_once_with_its_line(bring, row, reason):
    report = bring("battles.jsonl", [arena(), row])
    assert (1, 1, 2) == (report.new, report.rejected, report.files[0].problems[0].line)
    assert reason in report.files[0].problems[0].reason


def test_a_row_that_marks_two_winners_is_refused(bring):
    name, text = FORMS["55k"]
    report = bring(name, text.replace("1,0,0", "1,1,0"))
    assert "mark 2 outcomes; expected one of them to be 1" in report.files[0].problems[0].reason


def test_votes_on_questions_of_mt_bench_stay_votes(bring):
    report = bring("votes.jsonl", [arena(question_id=81)])
    assert "human votes" == report.files[0].kind


class TestArenaHard:
    """Questions, answers and verdicts, each in their file."""

    @pytest.fixture(autouse=True)
    def asked(self, bring):
        bring("question.jsonl", [{"uid": "u1", "prompt": ASKED, "category": "hard_prompt"}], prompt_set="arena-hard")
        for model, answer in (("baseline", RIGHT), ("Zinnia", LEFT)):
            messages = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": {"answer": answer}}]
            bring(f"{model}.jsonl", [{"uid": "u1", "model": model, "messages": messages}], prompt_set="arena-hard")

    def verdict(self, bring, *scores: str | None, **changes) -> ImportReport:
        row = {"uid": "u1", "judge": "gpt-4.1", "model": "Zinnia", "baseline": "baseline"}
        games = [{"score": score, "judgment": {"answer": f"My final verdict is [[{score}]]."}} for score in scores]
        return bring("verdicts.jsonl", [row | {"games": games} | changes], prompt_set="arena-hard")

    def test_a_is_whoever_was_shown_first(self, bring):
        assert 1 == self.verdict(bring, "B>A", "A>>B").new
        assert [("Zinnia", LEFT)] * 2 == said(Judgment.objects)

    def test_a_game_without_a_score_is_kept_and_changes_no_rating(self, bring):
        self.verdict(bring, "A=B", None)
        assert [("tie", "done"), (None, "unusable")] == list(
            Judgment.objects.order_by("pk").values_list("outcome", "status")
        )

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"games": []}, "does not hold two games"),
            ({"baseline": "Zinnia"}, "meets itself"),
            ({"uid": "u2"}, "is not in the prompt set"),
        ],
    )
    def test_a_row_that_cannot_be_read_says_why(self, bring, changes, reason):
        assert reason in self.verdict(bring, "A>B", "B>A", **changes).files[0].problems[0].reason
