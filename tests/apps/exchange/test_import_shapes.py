"""Files of ShareGPT, OpenAI evals and Inspect."""

import gzip
import json

import pytest

from apps.contenders.models import Contender, Output
from apps.exchange.importing import Import, import_files
from apps.exchange.report import FileReport
from apps.prompts.models import Prompt

pytestmark = pytest.mark.django_db

TALK = {
    "id": "talk_0",
    "conversations": [
        {"from": "human", "value": "What is the capital of France?"},
        {"from": "gpt", "value": "Paris."},
        {"from": "human", "value": "And of Spain?"},
        {"from": "gpt", "value": "Madrid."},
    ],
}
EVAL = {
    "input": [{"role": "system", "content": "Answer with a number."}, {"role": "user", "content": "2 + 2?"}],
    "ideal": "4",
}


def sample(key: int, asked="What is the capital of France?", said="Paris.", **fields) -> dict:
    message = {"role": "assistant", "content": said, "source": "generate"}
    output = {"model": "yarrow-0613", "choices": [{"message": message, "stop_reason": "stop"}]}
    return {"id": key, "epoch": 1, "input": asked, "target": "Paris", "output": output, "scores": {}} | fields


def log(*samples: dict, **fields) -> dict:
    header = {"run_id": "x", "task": "capitals", "model": "garden/yarrow"}
    return {"version": 2, "status": "success", "eval": header, "samples": list(samples)} | fields


@pytest.fixture
def bring(tmp_path, now):
    """`bring("log.json", content)`: the report on that one file; rows become JSON lines."""

    def write_and_import(name: str, content: dict | list | str) -> FileReport:
        lines = "\n".join(map(json.dumps, content)) if isinstance(content, list) else content
        text = json.dumps(lines, indent=2) if isinstance(lines, dict) else lines
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return import_files([path], Import(now=now)).files[0]

    return write_and_import


def reasons(report: FileReport) -> list[tuple[int, str]]:
    return [(problem.line, problem.reason) for problem in report.problems]


def asked() -> list[str]:
    return [turn["content"] for turn in Prompt.objects.get().turns]


# --- ShareGPT ---------------------------------------------------------------------------------------------------------
def test_a_talk_without_a_model_is_a_prompt_of_its_human_turns(bring):
    report = bring("sharegpt.json", json.dumps([TALK]))

    assert ("prompts", 1) == (report.kind, report.new)
    assert ["What is the capital of France?", "And of Spain?"] == asked()
    assert "talk_0" == Prompt.objects.get().key
    assert not Output.objects.exists()


def test_a_talk_with_a_named_model_brings_its_answers(bring):
    report = bring("sharegpt.jsonl", [TALK | {"model": "Yarrow"}])

    assert ("prompts with model outputs", 1) == (report.kind, report.new)
    assert ["Paris.", "Madrid."] == Output.objects.get().texts
    assert "Yarrow" == Contender.objects.get().name


def test_a_talk_that_was_cut_off_at_its_front_begins_with_the_first_question(bring):
    cut = TALK["conversations"][1:]

    bring("sharegpt.jsonl", [TALK | {"conversations": cut}])

    assert ["And of Spain?"] == asked()


def test_whoever_is_neither_human_nor_model_is_refused(bring):
    strange = {"conversations": [{"from": "tool", "value": "42"}]}

    report = bring("sharegpt.jsonl", [TALK, strange])

    assert (1, 1) == (report.new, report.rejected)
    assert [
        (2, "Entry 1 of conversations is by nobody known; expected from: human, user, gpt, assistant, system.")
    ] == (reasons(report))


# --- OpenAI evals -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ideal", ["4", ["4", "four"]])
def test_a_sample_of_an_eval_is_a_prompt_with_its_reference(bring, ideal):
    report = bring("arithmetic.jsonl", [EVAL | {"ideal": ideal}])

    prompt = Prompt.objects.get()
    assert ("prompts", 1) == (report.kind, report.new)
    assert (EVAL["input"], ["4"]) == (prompt.messages, prompt.reference)


def test_examples_in_the_system_are_refused_rather_than_shown_to_models_as_something_else(bring):
    shot = {"role": "system", "name": "example_user", "content": "1 + 1?"}

    report = bring("few-shot.jsonl", [EVAL, EVAL | {"input": [shot, *EVAL["input"]]}])

    assert [(2, "There is no prompt: message 1 must be an object with role and content.")] == reasons(report)


# --- Inspect ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["log.json", "log.json.gz"])
def test_a_log_brings_prompts_references_and_what_its_model_answered(bring, name):
    report = bring(name, log(sample(1), sample(2, "And of Spain?", "Madrid.", target=["Madrid", "madrid"])))

    assert ("prompts with model outputs", 2) == (report.kind, report.new)
    assert {("1", "Paris."), ("2", "Madrid.")} == {(row.prompt.key, *row.texts) for row in Output.objects.all()}
    assert {("1", "Paris"), ("2", "Madrid")} == {(prompt.key, *prompt.reference) for prompt in Prompt.objects.all()}
    assert "garden/yarrow" == Contender.objects.get().name


def test_messages_and_parts_are_read(bring):
    parts = [
        {"type": "reasoning", "reasoning": "Hm."},
        {"type": "text", "text": "Par"},
        {"type": "text", "text": "is."},
    ]
    messages = [{"role": "system", "content": "Be brief.", "id": "m1"}, {"role": "user", "content": "Capital?"}]

    bring("log.json", log(sample(1, messages, parts)))

    assert [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Capital?"}] == (
        Prompt.objects.get().messages
    )
    assert ["Paris."] == Output.objects.get().texts


def test_what_happened_on_the_way_may_nest_as_deep_as_it_likes(bring):
    deep: dict = {}
    for _ in range(100):
        deep = {"in": deep}

    assert 1 == bring("log.json", log(sample(1, events=[deep]))).new


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (sample(2, epoch=2), "This is epoch 2; of a model's answers to a prompt the first epoch's is read."),
        (sample(2, output={"choices": []}), "The sample has no output: its model did not answer."),
        (sample(2, said=None), "The first choice of the output has no text."),
        (sample(2, said=[{"type": "text"}]), "The first choice of the output has no text."),
        (sample(2, said=[{"type": "reasoning", "reasoning": "Hm."}]), "The first choice of the output has no text."),
        (sample(2, ["Why?"]), "input is neither a text nor a list of messages."),
        ("text", "The sample is not a JSON object {...}."),
    ],
)
def test_a_sample_that_cannot_be_read_is_refused_alone(bring, broken, reason):
    report = bring("log.json", log(sample(1), broken))

    assert (1, [(2, reason)]) == (report.new, reasons(report))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"version": 2, "status": "success", "eval": {', "The file cannot be read: The log is not JSON"),
        (json.dumps(log() | {"samples": None}), "The file cannot be read: The log has no samples"),
    ],
)
def test_a_log_that_is_torn_or_has_no_samples_is_refused_with_the_reason(bring, text, reason):
    report = bring("log.json", text)

    assert not Prompt.objects.exists()
    assert reason in str(reasons(report))
