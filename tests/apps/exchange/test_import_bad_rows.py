"""Every kind of damage has its sentence with the line, and the rest of the file goes in."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exchange import files
from apps.exchange.files import json_object
from apps.exchange.report import BadRow
from apps.humans.models import Vote
from apps.judging.models import Judgment
from tests.apps.exchange.rows import answer, games, imported, only_file, question, said, without, write

pytestmark = pytest.mark.django_db

BAD_VOTES = {
    '{"judge": "expert_2", ': "not JSON",
    '["expert_2"]': "not a JSON object",
    b'{"judge": "\xff"}': "not UTF-8 text (byte 12)",
    '{"judge": "expert\\u0000"}': "it holds a NUL character",
    '{"judge": "\\ud800"}': "half of a surrogate pair",
    "[" * 100_000: "not JSON",
}


@pytest.mark.parametrize(("line", "reason"), BAD_VOTES.items(), ids=BAD_VOTES.values())
def test_an_unreadable_line_is_rejected_by_number_and_the_rest_goes_in(known, line, reason):
    votes = write(known / "votes.jsonl", said("expert_1"), line, said("expert_2"))

    report = imported(known)

    file = only_file(report, votes.name)
    assert (2, 0, 1) == (file.new, file.duplicate, file.rejected)
    assert 2 == file.problems[0].line
    assert reason in file.problems[0].reason
    assert 1 == report.exit_code


BAD_SAID = [
    (without(said(), "winner"), "The key 'winner' is missing."),
    (without(said(), "turn"), "The key 'turn' is missing."),
    (without(said(), "judge"), "The key 'judge' is missing."),
    (said(winner="model_c"), "Unknown outcome 'model_c'; expected one of"),
    (said(winner="error"), "Unknown outcome 'error'"),
    (said(winner=None), "Unknown outcome None"),
    (said(winner=["model_a"]), "Unknown outcome ['model_a']"),
    (said(model_a=""), "model_a is ''; expected a name."),
    (said(model_b=None), "model_b is None; expected a name."),
    (said(model_b="x" * 201), "model_b has 201 characters; at most 200 are taken."),
    (said(model_b="Alder"), "'Alder' meets itself"),
    (said(question_id=99), "Question 99 is not in the prompt set mt-bench; import its question file first."),
    (said(question_id=1.5), "question_id is 1.5; expected a name."),
    (said(turn=3), "turn is 3; the question has 2 turns."),
    (said(turn=0), "turn is 0; the question has 2 turns."),
    (said(turn=True), "turn is True; the question has 2 turns."),
    (said(turn="1"), "turn is '1'; the question has 2 turns."),
]


@pytest.mark.parametrize(("row", "reason"), BAD_SAID, ids=[reason for _, reason in BAD_SAID])
def test_a_bad_vote_is_rejected_with_what_was_expected(known, row, reason):
    votes = write(known / "votes.jsonl", said("expert_9"), row)

    report = imported(known)

    (problem,) = only_file(report, votes.name).problems
    assert 2 == problem.line
    assert problem.reason.startswith(reason)
    assert 1 == Vote.objects.count()


BAD_GAMES = [
    (games(g1="model_9"), "Unknown outcome 'model_9'"),
    (games(judge="gpt-4"), "judge is not a pair of model and prompt"),
    (games(judge=["x" * 200, "pair-v2"]), "The judge's name has 210 characters"),
    (games(g1_judgment=7), "g1_judgment is not a text."),
    (games(model_2="Alder"), "'Alder' meets itself"),
    (without(games(), "g2_winner"), "The key 'g2_winner' is missing."),
]


@pytest.mark.parametrize(("row", "reason"), BAD_GAMES, ids=[reason for _, reason in BAD_GAMES])
def test_a_bad_pair_of_games_is_rejected_as_a_whole(known, row, reason):
    pairs = write(known / "pairs.jsonl", games(turn=2), row)

    report = imported(known)

    (problem,) = only_file(report, pairs.name).problems
    assert problem.reason.startswith(reason)
    assert 2 == Judgment.objects.count()  # both games of the good row


BAD_ANSWERS = [
    (answer("Cedar", choices=[]), "choices holds no answer"),
    (answer("Cedar", choices="A verse."), "choices holds no answer"),
    (answer("Cedar", texts=()), "The answer has no turn."),
    (answer("Cedar", texts=("1", "2", "3")), "The answer has 3 turns, but question 81 has 2."),
    (answer("Cedar", choices=[{"turns": [7]}]), "turns is [7]; expected a list of texts."),
    (answer("Cedar", choices=[{}]), "The key 'turns' is missing."),
    (answer("Alder", texts=("Another verse.",)), "Alder has another answer to question 81 already; it stays."),
]


@pytest.mark.parametrize(("row", "reason"), BAD_ANSWERS, ids=[reason for _, reason in BAD_ANSWERS])
def test_a_bad_answer_is_rejected_with_what_was_expected(known, row, reason):
    answers = write(known / "more.jsonl", answer("Dogwood"), row)

    report = imported(known)

    (problem,) = only_file(report, answers.name).problems
    assert problem.reason.startswith(reason)
    assert 1 == only_file(report, answers.name).new


BAD_QUESTIONS = [
    (question(82, turns=[]), "Prompt 82: messages must be a list with at least one user message."),
    (question(82, turns=["Write.", " "]), "Prompt 82: message 2 is empty"),
    (question(82, turns="Write."), "turns is 'Write.'; expected a list of texts."),
    (question(82, reference=["One."]), "Prompt 82: reference has 1 texts for 2 user turns."),
    (question(82, category="x" * 61), "Prompt 82: category has 61 characters; at most 60 are taken."),
    (question(81, turns=["Another."]), "Prompt 81 is there already with another text"),
    (without(question(), "question_id"), "The key 'question_id' is missing."),
]


@pytest.mark.parametrize(("row", "reason"), BAD_QUESTIONS, ids=[reason for _, reason in BAD_QUESTIONS])
def test_a_bad_question_is_rejected_and_keeps_the_set_open_for_its_repair(known, row, reason):
    write(known / "question.jsonl", question(), row)
    write(known / "votes.jsonl", said())

    report = imported(known)
    write(known / "question.jsonl", question(), question(82))
    repaired = imported(known)

    (problem,) = only_file(report, "question.jsonl").problems
    assert problem.reason.startswith(reason)
    assert 1 == only_file(repaired, "question.jsonl").new
    assert 0 == repaired.exit_code


def test_a_line_longer_than_the_limit_is_refused_unread(known, monkeypatch):
    monkeypatch.setattr(files, "MAX_LINE", 2**20)
    write(known / "votes.jsonl", said("expert_1"), said("x" * 2**21), said("expert_2"))

    report = imported(known)

    file = only_file(report, "votes.jsonl")
    assert (2, 1) == (file.new, file.rejected)
    assert (2, "The line is longer than 1 MiB.") == (file.problems[0].line, file.problems[0].reason)


def test_a_torn_gz_file_gives_what_can_be_read(known):
    voters = [
        sha256(b"%d" % n).hexdigest() for n in range(400)
    ]  # names that do not pack, so half a file is half its rows
    path = write(known / "votes.jsonl.gz", *map(said, voters))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    report = imported(known)

    file = only_file(report, path.name)
    assert 100 < file.new < 300
    assert file.problems[-1].reason.startswith("The file cannot be read from here on:")
    assert set(Vote.objects.values_list("voter__name", flat=True)) == set(voters[: file.new])


def test_a_path_that_is_not_there_is_named_and_the_others_go_in(known, tmp_path):
    report = imported(known, tmp_path / "votes.jsonl")

    assert "The file cannot be read: No such file or directory." == report.files[-1].problems[0].reason
    assert 3 == report.new
    assert 1 == report.exit_code


def test_only_the_first_problems_of_a_file_are_kept_but_all_are_counted(known):
    write(known / "votes.jsonl", said(), *(said(winner=str(n)) for n in range(150)))

    file = only_file(imported(known), "votes.jsonl")

    assert (150, 100) == (file.rejected, len(file.problems))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_sentence(line: bytes):
    try:
        assert isinstance(json_object(line), dict)
    except BadRow as problem:
        assert str(problem).endswith(".")


def test_folders_are_walked_and_each_file_is_read_once(known: Path):
    write(known / "deep" / "er" / "votes.jsonl", said())
    write(known / ".hidden" / "votes.jsonl", said())

    report = imported(known, known / "question.jsonl", known)

    assert ["alder.jsonl", "birch.jsonl", "votes.jsonl", "question.jsonl"] == [file.path.name for file in report.files]
    assert 4 == report.new
