import pytest
from django.db import IntegrityError, transaction

from apps.judging.models import Judgment
from apps.judging.operations import ensure_judge, judge_slug, release_judgments, want_judgments
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def half_answered():
    """A match of which only side a has answered."""
    (prompt,) = stage.prompt_set().prompts.all()
    done = stage.output(stage.contender("Alder"), prompt)
    open_ = stage.output(stage.contender("Birch"), prompt, status="wanted")
    return stage.match(done, open_)


def test_both_orders_are_wanted_and_wait_for_the_outputs(half_answered):
    want_judgments(judge=stage.judge(), match_ids=[half_answered.pk])

    assert ["ab", "ba"] == list(Judgment.objects.waiting().order_by("order").values_list("order", flat=True))


def test_wanting_twice_keeps_what_was_answered(half_answered):
    judge = stage.judge()
    want_judgments(judge=judge, match_ids=[half_answered.pk])
    Judgment.objects.filter(order="ab").update(status="done", outcome="tie")

    want_judgments(judge=judge, match_ids=[half_answered.pk])

    assert (1, 1) == (Judgment.objects.done().count(), Judgment.objects.waiting().count())


def test_judgments_are_released_when_the_second_output_lands(half_answered):
    want_judgments(judge=stage.judge(), match_ids=[half_answered.pk])
    assert 0 == release_judgments(output_ids=[half_answered.output_a_id])

    half_answered.output_b.status = "done"
    half_answered.output_b.save()

    assert 2 == release_judgments(output_ids=[half_answered.output_b_id])
    assert 2 == Judgment.objects.wanted().count()


@pytest.mark.parametrize("status", ["unusable", "failed"])
def test_nobody_judges_an_output_that_is_of_no_use(half_answered, status):
    half_answered.output_b.status = status
    half_answered.output_b.save()
    want_judgments(judge=stage.judge(), match_ids=[half_answered.pk])

    assert 0 == release_judgments()


def test_a_done_judgment_without_an_outcome_is_refused_by_the_database(half_answered):
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgment.objects.create(judge=stage.judge(), match=half_answered, order="ab", status="done")


def test_a_known_judge_keeps_its_settings():
    first = ensure_judge(slug="strict", name="Strict", max_tokens=64)

    assert first == ensure_judge(slug="strict", name="Lax", max_tokens=8)
    assert ("Strict", 64) == (first.name, first.max_tokens)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("gpt4_pair", "gpt4-pair"),
        ("meta/Llama-3.1 70B", "meta-llama-3-1-70b"),
        ("gpt-4 (pair-v2)", "gpt-4-pair-v2"),
        ("판사", "judge"),
    ],
)
def test_a_judge_is_kept_under_one_slug_whoever_brings_it(name, slug):
    assert slug == judge_slug(name)
