"""The same question is never paid twice: a next version of a prompt set, and everything that makes a question another."""

import pytest
from django.utils import timezone

from apps.contenders.models import Contender, Output
from apps.contenders.operations import want_outputs
from apps.endpoints.models import Endpoint
from apps.judging.models import Judge, Judgment, Score
from apps.judging.versions import next_version
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.operations import make_next_version
from apps.runs.models import Run
from apps.runs.operations import create_run, plan_run
from judgeboard.llm.simulator import running_simulator
from tests import stage
from tests.workers.lanes import contender_at, drain_once, drain_until_final, judge_at, planned_run
from tests.workers.scripted import as_text, scripted
from workers.steps.generate_output import GenerateOutput

pytestmark = pytest.mark.django_db


def run_over(prompt_set: PromptSet, like: Run, *, contenders=None, judges=None) -> Run:
    """The same wish over other prompts. The contenders may come in another order, as sides of matches do."""
    run = create_run(
        board=like.board,
        prompt_sets=[prompt_set],
        contenders=contenders or like.contenders.all(),
        judges=judges or like.judges.all(),
    )
    plan_run(run=run, now=timezone.now())
    return run


def rows_on(prompt_set: PromptSet) -> tuple:
    outputs, judgments = (
        Output.objects.filter(prompt__prompt_set=prompt_set),
        Judgment.objects.filter(match__prompt__prompt_set=prompt_set),
    )
    return outputs.done(), judgments.done()


def told(judgments) -> dict[tuple[str, frozenset], tuple]:
    """What was said, by prompt and by who was shown first: however the sides fell."""
    found = {}
    for judgment in judgments.select_related(
        "match__prompt", "match__output_a__contender", "match__output_b__contender"
    ):
        sides = [judgment.match.output_a.contender.name, judgment.match.output_b.contender.name]
        shown = tuple(sides if judgment.order == "ab" else reversed(sides))
        winner = {"model_a": sides[0], "model_b": sides[1]}.get(judgment.outcome, judgment.outcome)
        found[judgment.match.prompt.key, shown] = (winner, judgment.raw, judgment.reason)
    return found


def test_the_next_version_of_a_prompt_set_pays_for_what_is_new_alone():
    with running_simulator() as simulator:
        first = planned_run(simulator, contenders=3, prompts=5)
        drain_until_final(*Endpoint.objects.all())
        paid = simulator.counts["requests"]
        newer = make_next_version(prompt_set=first.prompt_sets.get())
        changed = newer.prompts.first()
        Prompt.objects.filter(pk=changed.pk).update(messages=[{"role": "user", "content": "Something else?"}])
        run_over(newer, first)
        drain_until_final(*Endpoint.objects.all())

        # Of 5 prompts one is new: 3 answers, and 3 pairs in both orders.
        assert 3 + 6 == simulator.counts["requests"] - paid
        assert 0 == simulator.counts["repeated"]

    outputs, judgments = rows_on(newer)
    assert (15, 30) == (outputs.count(), judgments.count())
    assert (12, 24) == (outputs.filter(calls=0).count(), judgments.filter(calls=0).count())
    assert {None} == set(outputs.filter(calls=0).values_list("tokens_out", flat=True))  # they took nothing


def test_a_verdict_is_told_from_the_sides_it_has_now():
    with running_simulator() as simulator:
        first = planned_run(simulator, contenders=3, prompts=4)
        drain_until_final(*Endpoint.objects.all())
        newer = make_next_version(prompt_set=first.prompt_sets.get())
        # The youngest contender answers first this time, so it is side a of every match.
        for contender in first.contenders.order_by("-pk"):
            want_outputs(contenders=[contender], prompts=newer.prompts.all())
        run_over(newer, first)
        paid = simulator.counts["requests"]
        drain_until_final(*Endpoint.objects.all())

        assert paid == simulator.counts["requests"]

    (_, older), (_, said) = rows_on(first.prompt_sets.get()), rows_on(newer)
    sides = {tuple(m) for m in said.values_list("match__output_a__contender", "match__output_b__contender")}
    assert all(a > b for a, b in sides)
    assert told(older) == told(said)
    assert {"model_a", "model_b"} <= set(said.values_list("outcome", flat=True))


def test_grades_turn_with_the_sides_and_scores_do_not():
    a, b = (stage.judgment(judge, match, order, "model_a", grade=2) for judge, match, order in _two_matches())
    assert ("model_a", 2) == tuple(a.repeated(a)[name] for name in ("outcome", "grade"))
    assert ("model_b", -2) == tuple(b.repeated(a)[name] for name in ("outcome", "grade"))
    assert 70 == Score().repeated(Score(score=70))["score"]


def _two_matches():
    judge, (first, second) = stage.judge(protocol="pairwise-5"), stage.matches(2)
    return [(judge, first, "ab"), (judge, second, "ba")]


def test_scores_are_recalled_too():
    with scripted(lambda asked: "Fine.\n[[87]]") as endpoint:
        address = judge_at(endpoint.base_url, "scripted").endpoint
        judge = Judge.objects.create(
            slug="grader", name="Grader", endpoint=address, protocol="pointwise-100", admitted=True
        )
        (match,) = stage.matches(1)
        for output in (match.output_a, match.output_b):  # both answered the same words
            Score.objects.create(judge=judge, output=output, turn=1)
            drain_once(address)

    assert 1 == len(endpoint.asked)
    assert [(87, "Fine.", 1), (87, "Fine.", 0)] == list(
        Score.objects.order_by("pk").values_list("score", "reason", "calls")
    )


def test_a_next_version_of_a_judge_is_asked_anew():
    with running_simulator() as simulator:
        first = planned_run(simulator, contenders=2, prompts=2)
        drain_until_final(*Endpoint.objects.all())
        paid = simulator.counts["requests"]
        newer = next_version(judge=first.judges.get())
        run_over(first.prompt_sets.get(), first, judges=[newer])
        drain_until_final(*Endpoint.objects.all())

        # 2 matches in both orders
        assert 4 == simulator.counts["requests"] - paid


@pytest.fixture
def output():
    contender = stage.contender("Alder", endpoint=True)
    return stage.output(contender, stage.prompt_set().prompts.get(), status="wanted")


def digest(output: Output) -> str:
    (question,) = GenerateOutput().load([output.pk])
    return question.digest


@pytest.mark.parametrize(
    "change",
    [
        lambda output: Endpoint.objects.update(base_url="https://other.example.com/v1"),
        lambda output: Endpoint.objects.update(model="other"),
        lambda output: Contender.objects.update(temperature=0.7),
        lambda output: Contender.objects.update(max_tokens=9),
        lambda output: Contender.objects.update(system_prompt="Be brief."),
        lambda output: Contender.objects.update(slug="another-model"),  # may hide other weights behind the same name
        lambda output: Prompt.objects.update(messages=[{"role": "user", "content": "Else?"}]),
    ],
    ids=["address", "model", "temperature", "length", "system prompt", "contender", "prompt"],
)
def test_whatever_makes_a_reply_makes_another_question(output, change):
    before = digest(output)
    assert before == digest(output)
    change(output)

    assert before != digest(output)


@pytest.mark.parametrize("status", ["unusable", "failed"])
def test_what_was_of_no_use_is_asked_again(status):
    with scripted(lambda asked: "Hello.") as endpoint:
        contender = contender_at(endpoint.base_url, "scripted")
        prompts = stage.prompt_set(size=2)
        Prompt.objects.update(messages=[{"role": "user", "content": "The same?"}])
        want_outputs(contenders=[contender], prompts=[prompts.prompts.first()])
        drain_once(contender.endpoint)
        Output.objects.update(status=status, texts=[])
        want_outputs(contenders=[contender], prompts=[prompts.prompts.last()])
        drain_once(contender.endpoint)

    assert 2 == len(endpoint.asked)
    assert "The same?" in as_text(endpoint.asked[1])


def test_recalling_takes_one_query_however_many_are_asked(output, django_assert_num_queries):
    step = GenerateOutput()
    prompts = stage.prompt_set("more", size=5).prompts.all()
    keys = [stage.output(output.contender, prompt, status="wanted").pk for prompt in prompts]
    questions = step.load(keys)
    Output.objects.filter(pk=questions[0].key).update(digest=questions[0].digest, status="done")

    with django_assert_num_queries(1):
        assert [questions[0].key] == list(step.recall(questions))
