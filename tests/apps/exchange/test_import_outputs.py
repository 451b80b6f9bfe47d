"""Outputs that bring their prompts along: plain rows, AlpacaEval, AutoArena, Arena-Hard."""

import json
from pathlib import Path

import pytest

from apps.contenders.models import Contender, Output
from apps.exchange.importing import Import, import_files
from apps.exchange.report import FileReport
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.operations import freeze_prompt_set

pytestmark = pytest.mark.django_db

PARIS = {"prompt": "What is the capital of France?", "model": "Yarrow", "output": "Paris."}
PRIME = {"prompt": "Name a prime above 10.", "model": "Yarrow", "output": "11"}


@pytest.fixture
def bring(tmp_path, now):
    """`bring("answers.jsonl", rows)`: the report on that one file."""

    def write_and_import(name: str, rows: list | str, **wanted) -> FileReport:
        path = tmp_path / name
        path.write_text(rows if isinstance(rows, str) else "\n".join(map(json.dumps, rows)), encoding="utf-8")
        return import_files([Path(path)], Import(now=now, **wanted)).files[0]

    return write_and_import


def outputs() -> dict[tuple[str, str], list[str]]:
    rows = Output.objects.select_related("contender", "prompt")
    return {(row.contender.name, row.prompt.turns[0]["content"]): row.texts for row in rows}


def counts(report: FileReport) -> tuple[int, int, int]:
    return report.new, report.duplicate, report.rejected


def test_prompts_models_and_outputs_come_from_one_file(bring):
    report = bring("answers.jsonl", [PARIS, PRIME, PARIS | {"model": "Briar", "output": "It is Paris."}])

    assert ("prompts with model outputs", (3, 0, 0)) == (report.kind, counts(report))
    assert {
        ("Yarrow", PARIS["prompt"]): ["Paris."],
        ("Yarrow", PRIME["prompt"]): ["11"],
        ("Briar", PARIS["prompt"]): ["It is Paris."],
    } == outputs()
    assert ["answers"] == list(PromptSet.objects.values_list("slug", flat=True))
    assert {"Yarrow": 2, "Briar": 1} == report.models


def test_imported_again_it_changes_nothing(bring):
    bring("answers.jsonl", [PARIS, PRIME])
    assert (0, 2, 0) == counts(bring("answers.jsonl", [PARIS, PRIME]))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "prompt,model,output\nName a prime above 10.,Yarrow,11\n"),
        ("a.csv", "model;instruction;response\nYarrow;Name a prime above 10.;11\n"),
        (
            "model_outputs.json",
            json.dumps([{"instruction": PRIME["prompt"], "generator": "Yarrow", "output": "11"}], indent=2),
        ),
        ("Yarrow.csv", "prompt,response\nName a prime above 10.,11\n"),
        (
            "arena-hard.jsonl",
            json.dumps(
                {
                    "uid": "u1",
                    "model": "Yarrow",
                    "messages": [
                        {"role": "user", "content": PRIME["prompt"]},
                        {"role": "assistant", "content": {"answer": "11"}},
                    ],
                }
            ),
        ),
    ],
    ids=["CSV", "CSV with semicolons", "AlpacaEval", "AutoArena", "Arena-Hard"],
)
def test_every_form_says_the_same(bring, name, text):
    report = bring(name, text)

    assert (1, 0, 0) == counts(report), report
    assert {("Yarrow", PRIME["prompt"]): ["11"]} == outputs()


def test_a_conversation_has_one_output_a_turn(bring):
    turns = [("user", "Hello?"), ("assistant", "Hi."), ("user", "Bye?"), ("assistant", "Bye.")]
    bring("talk.jsonl", [{"model": "Yarrow", "messages": [{"role": role, "content": text} for role, text in turns]}])
    assert {("Yarrow", "Hello?"): ["Hi.", "Bye."]} == outputs()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (PARIS | {"output": 7}, "output is no text and no list of texts"),
        (PARIS | {"output": ["Paris.", "Rome."]}, "The answer has 2 turns, but the prompt has 1"),
        (PARIS | {"model": ""}, "model is ''; expected a name"),
        ({"prompt": "Why?", "model": "Yarrow"}, "There is no answer: expected one of output"),
        (PARIS | {"prompt": ""}, "There is no prompt: message 1 is empty"),
        (PARIS | {"text": "And this?"}, "found prompt and text"),
        (PARIS | {"output": "Lyon."}, "has another answer to question"),
        (PARIS | {"deep": json.loads("[" * 70 + "]" * 70)}, "nested more than 64 deep"),
        (PARIS | {"output": "\ud800"}, "half of a surrogate pair"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_line(bring, row, reason):
    report = bring("answers.jsonl", [PARIS, row, PRIME])

    assert (2, 0, 1) == counts(report)
    assert 2 == report.problems[0].line
    assert reason in report.problems[0].reason


def test_a_key_that_asks_something_else_is_refused(bring):
    report = bring("answers.jsonl", [PARIS | {"key": "q1"}, PRIME | {"key": "q1"}])
    assert (1, 0, 1) == counts(report)
    assert "is there already with another text" in report.problems[0].reason


def test_the_same_question_under_another_key_is_known_by_its_text(bring):
    bring("questions.jsonl", [{"key": "capital-1", "prompt": PARIS["prompt"]}])
    report = bring("answers.jsonl", [PARIS], prompt_set="questions")
    assert (1, 0, 0) == counts(report)
    assert ["capital-1"] == list(Prompt.objects.values_list("key", flat=True))


def test_a_frozen_set_takes_outputs_and_no_prompts(bring, now):
    bring("answers.jsonl", [PARIS])
    freeze_prompt_set(prompt_set=PromptSet.objects.get(), now=now)
    report = bring("answers.jsonl", [PARIS | {"model": "Briar"}, PRIME])
    assert (1, 0, 1) == counts(report)
    assert "is frozen; make its next version first" in report.problems[0].reason


def test_what_is_left_of_a_broken_array_is_told_with_its_line(bring):
    report = bring("outputs.json", f"[\n{json.dumps(PARIS)},\n{json.dumps(PRIME)[:-3]}")
    assert (1, 0, 1) == counts(report)
    assert (3, True) == (report.problems[0].line, "cannot be read from here on" in report.problems[0].reason)


def test_a_long_array_is_read_to_its_end(bring):
    rows = [PRIME | {"prompt": f"Name {n} primes.", "output": "é" * 500} for n in range(300)]
    report = bring("outputs.json", json.dumps(rows, ensure_ascii=False, indent=1))
    assert (300, 0, 0) == counts(report)


def test_questions_with_answers_and_no_model_are_no_outputs(bring):
    report = bring("faq.csv", "question,answer\nWhy?,Because.\n")
    assert "with answers also one of output" in report.left_alone


class TestOfOneself:
    """What somebody brings for themselves."""

    def test_set_models_and_board_are_theirs(self, bring, django_user_model):
        mary = django_user_model.objects.create_user("mary")
        Contender.objects.create(name="Yarrow", slug="yarrow")

        bring("answers.jsonl", [PARIS], prompt_set="answers-u1", private_to=mary)

        made = (
            PromptSet.objects.get(),
            Contender.objects.get(outputs__isnull=False),
            PromptSet.objects.get().boards.get(),
        )
        assert [mary] * 3 == [one.private_to for one in made]
        assert 2 == Contender.objects.filter(name="Yarrow").count()

    def test_verdicts_are_a_maintainers(self, bring, django_user_model):
        vote = {"question_id": 1, "model_a": "A", "model_b": "B", "judge": "expert_1", "winner": "tie", "turn": 1}
        report = bring(
            "votes.jsonl", [vote], prompt_set="v-u1", private_to=django_user_model.objects.create_user("mary")
        )
        assert "a maintainer imports them" in report.left_alone
