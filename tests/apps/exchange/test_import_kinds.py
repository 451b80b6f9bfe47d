"""What a file is, is told from what it holds."""

from pathlib import Path

import pytest

from apps.exchange.kinds import Kind, LeftAlone, kind_of
from apps.exchange.said import judge_rule
from apps.prompts.imports import read_prompt_file
from apps.prompts.models import Prompt, PromptSet
from tests.apps.exchange.rows import answer, games, imported, only_file, question, said, write

BY_NAME = judge_rule("", frozenset({"strict-judge"}))

KINDS = [
    ("a.jsonl", question(), Kind.QUESTIONS),
    ("a.jsonl", answer(), Kind.ANSWERS),
    ("reference_answer_gpt-4.jsonl", answer(), Kind.REFERENCES),
    ("reference_answer/gpt-4.jsonl", answer(), Kind.REFERENCES),
    ("a.jsonl", games(), Kind.PAIRS),
    ("a.jsonl", said("gpt4_pair"), Kind.VERDICTS),
    ("a.jsonl", said("GPT-4"), Kind.VERDICTS),
    ("a.jsonl", said("strict_judge"), Kind.VERDICTS),
    ("a.jsonl", said("expert_1"), Kind.VOTES),
    ("a.jsonl.gz", said("expert_1"), Kind.VOTES),
    ("a.jsonl", {"key": "one", "messages": [{"role": "user", "content": "Hello?"}]}, Kind.PROMPTS),
    ("a.jsonl", {"prompt": "Hello?"}, Kind.PROMPTS),
    ("a.jsonl", {"key": "one", "turns": ["Hello?", "Again?"]}, Kind.PROMPTS),
    ("a.csv", "question,category\nHello?,greeting", Kind.PROMPTS),
    ("a.csv", "key;question\none;Hello?", Kind.PROMPTS),
]


@pytest.mark.parametrize(("name", "row", "kind"), KINDS)
def test_a_file_is_known_by_its_rows(tmp_path, name, row, kind):
    assert kind is kind_of(write(tmp_path / name, row), BY_NAME)


def test_a_file_is_known_though_its_first_rows_are_damaged(tmp_path):
    assert Kind.VOTES is kind_of(write(tmp_path / "a.jsonl", "{", b"\xff", "", "[]", said()), BY_NAME)


LEFT_ALONE = [
    ("LICENSE", "All rights reversed.", "neither JSON lines, a JSON array of objects nor a CSV"),
    ("PROVENANCE.json", '{\n  "source": "elsewhere"\n}', "neither JSON lines, a JSON array of objects nor a CSV"),
    ("picture.png", b"\x89PNG\r\n\x1a\n\x00", "neither JSON lines, a JSON array of objects nor a CSV"),
    ("other.jsonl", {"a": 1, "b": 2}, "The file's keys (a, b) are of no kind this command knows."),
    ("bare.jsonl", {}, "The file's keys (none)"),
    ("alpaca.jsonl", {"instruction": "Hello?", "output": "Hello!"}, "The file's keys (instruction, output)"),
    (
        "battles.csv",
        "left,right,winner\na,b,left",
        "A CSV is read if it has one of the columns messages, turns, prompt",
    ),
    ("twice.csv", "prompt,prompt\nHello?,Again?", "none of them twice"),
    ("answers.csv", "question,answer\nHello?,Hello!", "with answers also one of output"),
]


@pytest.mark.parametrize(("name", "line", "reason"), LEFT_ALONE)
def test_a_file_of_no_known_kind_is_left_alone_with_the_reason(tmp_path, name, line, reason):
    with pytest.raises(LeftAlone) as problem:
        kind_of(write(tmp_path / name, line), BY_NAME)

    assert reason in str(problem.value)


def test_an_empty_file_is_left_alone(tmp_path):
    (tmp_path / "empty.jsonl").touch()

    with pytest.raises(LeftAlone, match=r"The file is empty\."):
        kind_of(tmp_path / "empty.jsonl", BY_NAME)


@pytest.mark.django_db
class TestPlainPrompts:
    def test_a_csv_makes_a_set_named_after_its_file(self, tmp_path):
        path = write(tmp_path / "My prompts.csv", "prompt,category,language,reference", '"Say\n""hi""",greetings,te,Hi')

        report = imported(path)

        (prompt,) = Prompt.objects.filter(prompt_set__slug="my-prompts")
        assert [{"role": "user", "content": 'Say\n"hi"'}] == prompt.messages
        assert ("greetings", "te", ["Hi"]) == (prompt.category.slug, prompt.language, prompt.reference)
        assert not prompt.prompt_set.is_frozen
        assert 0 == report.exit_code

    def test_native_prompts_go_where_they_are_told(self, tmp_path):
        turns = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
        path = write(tmp_path / "any.jsonl", {"key": "why", "messages": turns, "notes": "A trap."})

        imported(path, prompt_set="riddles")

        (prompt,) = Prompt.objects.filter(prompt_set__slug="riddles")
        assert ("why", turns, "A trap.") == (prompt.key, prompt.messages, prompt.notes)

    def test_rows_without_a_name_are_known_again_wherever_they_stand(self, tmp_path):
        path = write(tmp_path / "plain.jsonl", {"text": "One?"}, {"text": "Two?"})
        first = imported(path)
        write(path, {"text": "Zero?"}, {"prompt": "One?"}, {"text": "Two?"})

        second = imported(path)

        assert (2, 1) == (first.new, second.new)
        assert (3, 0) == (second.taken, second.rejected)
        assert ["One?", "Two?", "Zero?"] == [prompt.turns[0]["content"] for prompt in Prompt.objects.all()]

    @pytest.mark.parametrize(
        "lines",
        [
            (
                {
                    "key": "k",
                    "system": "Be brief.",
                    "turns": ["One?", "Two?"],
                    "reference": ["1", "2"],
                    "category": "시",
                },
            ),
            ("key;system;turns;reference;category", 'k;Be brief.;"[""One?"", ""Two?""]";"[""1"", ""2""]";시'),
        ],
        ids=["jsonl", "csv"],
    )
    def test_the_command_reads_a_prompt_as_the_admin_does(self, tmp_path, lines):
        path = write(tmp_path / ("p.jsonl" if isinstance(lines[0], dict) else "p.csv"), *lines)

        imported(path)

        (row,) = read_prompt_file(path.read_bytes(), PromptSet(pk=0)).rows
        prompt = Prompt.objects.get()
        stored = {name: getattr(prompt, name) for name in ("key", "messages", "language", "reference", "notes")}
        assert row == stored | {"category": prompt.category.slug}
        assert ["system", "user", "user"] == [message["role"] for message in prompt.messages]

    def test_a_row_with_two_prompts_is_not_guessed_at(self, tmp_path):
        path = write(tmp_path / "p.jsonl", {"prompt": "One?"}, {"instruction": "Translate.", "input": "Two?"})

        (problem,) = imported(path).files[0].problems

        assert 2 == problem.line
        assert problem.reason.endswith("found instruction and input.")

    def test_a_backslash_and_zeros_are_text_like_any_other(self, tmp_path):
        imported(write(tmp_path / "p.jsonl", {"prompt": r"What is \u0000?"}))

        assert r"What is \u0000?" == Prompt.objects.get().turns[0]["content"]

    def test_bad_cells_are_rejected_row_by_row(self, tmp_path):
        path = write(tmp_path / "p.csv", "prompt,language", "One?,en", b"\xff?,en", "Two?,en,more", ",en", "Three?,en")

        file = imported(path).files[0]

        assert (2, [3, 4, 5]) == (file.new, [problem.line for problem in file.problems])
        reasons = [problem.reason for problem in file.problems]
        assert "not UTF-8" in reasons[0]
        assert "3 cells where the header has 2" in reasons[1]
        assert "There is no prompt" in reasons[2]

    def test_a_csv_with_a_torn_quotation_gives_the_rows_before_it(self, tmp_path):
        path = write(tmp_path / "p.csv", "prompt", "One?", '"Two', "Three?")

        file = imported(path).files[0]

        assert (1, 1) == (file.new, file.rejected)
        assert 3 == file.problems[0].line
        assert "cannot be read from here on" in file.problems[0].reason

    def test_a_frozen_set_takes_no_new_prompt(self, tmp_path, now):
        PromptSet.objects.create(slug="plain", title="Plain", frozen_at=now)

        file = imported(write(tmp_path / "plain.jsonl", {"key": "one", "prompt": "One?"})).files[0]

        assert "Prompt one is new, but Plain v1 is frozen; make its next version first." == file.problems[0].reason


@pytest.mark.django_db
class TestReferences:
    def test_they_replace_what_came_with_the_question(self, tmp_path):
        write(tmp_path / "question.jsonl", question(reference=["Short.", None]))
        write(tmp_path / "reference_answer_gpt-4.jsonl", answer("gpt-4", texts=("Long.", "Longer.")))

        report = imported(tmp_path)

        assert ["Long.", "Longer."] == Prompt.objects.get().reference
        assert 1 == sum(only_file(report, "reference_answer_gpt-4.jsonl").notes.values())

    def test_they_are_no_answers_of_that_model(self, tmp_path):
        write(tmp_path / "question.jsonl", question())
        write(tmp_path / "reference_answer_gpt-4.jsonl", answer("gpt-4"))

        imported(tmp_path)

        assert not Prompt.objects.get().outputs.exists()

    def test_a_reference_that_fits_no_question_is_rejected(self, tmp_path: Path):
        write(tmp_path / "question.jsonl", question())
        write(tmp_path / "reference_answer_x.jsonl", answer(key=7), answer(texts=("One.",)))

        file = only_file(imported(tmp_path), "reference_answer_x.jsonl")

        assert [
            "Question 7 is not in the prompt set mt-bench; import its question file first.",
            "Question 81 has 2 turns, its reference 1.",
        ] == [problem.reason for problem in file.problems]

    def test_a_frozen_set_keeps_its_references(self, known):
        write(known / "votes.jsonl", said())
        imported(known)
        write(known / "reference_answer_x.jsonl", answer())

        file = only_file(imported(known), "reference_answer_x.jsonl")

        assert "MT-Bench v1 is frozen, so the reference of question 81 stays as it is." == file.problems[0].reason
