"""What the page of a run says that chooses its matches: what it wishes, how far it is, and why it stopped."""

import pytest

from apps.budgets.models import Budget
from apps.contenders.models import Output
from apps.judging.models import Judgment
from apps.judging.operations import release_judgments
from apps.runs.models import Run
from apps.runs.operations import cancel_run, create_run, plan_run
from tests import stage

pytestmark = pytest.mark.django_db

STOPPED = {
    "half_width": "It stopped because every interval is as narrow as was asked for.",
    "order": "It stopped because all neighbours are told apart, or as good as equal.",
    "calls": "It stopped because all calls that it might make are made.",
    "money": "It stopped because its budget is spent; raise the budget and it goes on.",
    "nothing": "It stopped because there is nothing left to ask.",
}


@pytest.fixture
def wish():
    """Two models on 50 prompts by one judge: a first batch takes 50 calls."""
    return stage.priced_wish(50)


def begun(wish, now, **how) -> Run:
    run = create_run(**wish | how)
    plan_run(run=run, now=now)
    return run


def answer(now):
    """All that is wanted: Alder wins."""
    Output.objects.open().update(status="done", texts=["Words."], answered_at=now)
    release_judgments()
    Judgment.objects.wanted().update(status="done", outcome="model_a", answered_at=now)


def stopped(run, now, because, **saw):
    answer(now)
    Run.objects.filter(pk=run.pk).update(stopped_because=because, finished_at=now, **saw)


def words(client, run, part="progress/") -> str:
    """The text of the part that moves, on one line."""
    return " ".join(client.get(f"/runs/{run.pk}/{part}").content.decode().split())


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"precision": 20}, "It goes on until every model is known to ±20 Elo points."),
        ({"precision": 7.5, "max_calls": 2000}, "known to ±7.5 Elo points, with at most 2,000 calls to judges."),
        ({"order": True}, "It goes on until all neighbours are told apart."),
        ({"max_calls": 2000}, "It goes on until 2,000 calls to judges are made."),
    ],
)
def test_the_page_says_what_the_run_wishes(client, wish, now, how, told):
    run = begun(wish, now, **how)

    assert told in words(client, run)
    assert told in words(client, run, part="")


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"precision": 20}, "until Birch is known to ±20 Elo points"),
        ({"order": True}, "until Birch and its neighbours are told apart"),
    ],
)
def test_of_a_newcomer_it_wishes_its_place_alone(client, wish, now, how, told):
    assert told in words(client, begun(wish, now, newcomer=wish["contenders"][1], **how))


def test_before_anything_is_known_nothing_is_claimed(client, wish, now):
    html = words(client, begun(wish, now, precision=20))

    assert '<dt>Widest interval</dt> <dd>–</dd> <dd class="aside">asked for: ± 20</dd>' in html
    assert '<dt>Calls to judges</dt><dd>50</dd> <dd class="aside">how many more is not known yet</dd>' in html
    assert "<dt>Rounds drawn</dt><dd>1</dd>" in html


def test_how_far_it_is_is_told_by_what_it_saw_last(client, wish, now):
    run = begun(wish, now, precision=20, max_calls=2000)
    Run.objects.filter(pk=run.pk).update(half_width=34.26, unresolved=1, calls_needed=1360)

    html = words(client, run)

    assert '<dd>± 34.3</dd> <dd class="aside">asked for: ± 20</dd>' in html
    assert "<dt>Neighbours not told apart</dt><dd>1</dd>" in html
    # 1,360 were needed when it looked; then it asked for 50 of them.
    assert '<dd class="aside">about 1,300 more</dd> <dd class="aside">at most 2,000 in all</dd>' in html


def test_what_the_newest_round_asked_for_is_not_needed_once_more(client, wish, now):
    run = begun(wish, now, precision=20)
    Run.objects.filter(pk=run.pk).update(half_width=21, calls_needed=40)

    assert '<dd class="aside">perhaps no more</dd>' in words(client, run)


def test_no_bar_shows_a_share_of_what_nobody_knows(client, wish, now):
    html = words(client, begun(wish, now, precision=20))

    assert "<progress" not in html
    assert "0 of 50 so far" in html
    assert "Until it stops" not in words(client, create_run(**wish))


def test_between_two_rounds_it_says_that_it_looks(client, wish, now):
    run = begun(wish, now, precision=20)
    looks = "the run looks whether to ask for more"
    assert looks not in words(client, run)

    answer(now)

    assert looks in words(client, run)
    assert 200 == client.get(f"/runs/{run.pk}/progress/").status_code  # which is to be asked again


def test_judges_are_not_said_to_see_each_match_in_both_orders(client, wish, now):
    run = begun(wish, now, precision=20)
    Output.objects.open().update(status="done", texts=["Words."])
    release_judgments()

    html = words(client, run)

    assert "judges compare them." in html
    assert "both orders" not in html


@pytest.mark.parametrize("because", Run.Stop.values)
def test_why_it_stopped_is_one_sentence(client, wish, now, because):
    run = begun(wish, now, precision=20)
    stopped(run, now, because, half_width=19.4, calls_needed=300)

    html = words(client, run)

    assert f"{STOPPED[because]} It was to go on until every model is known to ±20 Elo points." in html
    assert "more</dd>" not in html


@pytest.mark.parametrize(
    ("because", "told"),
    [
        ("half_width", "It stopped because the place of Birch is known as well as was asked for."),
        ("order", "It stopped because Birch and its neighbours are told apart, or as good as equal."),
    ],
)
def test_of_a_newcomer_it_is_its_place_alone_that_is_known(client, wish, now, because, told):
    run = begun(wish, now, newcomer=wish["contenders"][1], precision=20)
    stopped(run, now, because)

    assert told in words(client, run)


def test_it_is_out_of_money_before_anybody_has_written_that_down(client, wish, now):
    run = begun(wish, now, precision=20, budget_usd=5)
    Budget.objects.filter(pk=run.budget.pk).update(spent=5, refused=1, exhausted=True)

    assert STOPPED["money"] in words(client, run)


def test_a_cancelled_run_did_not_stop_by_itself(client, wish, now):
    run = begun(wish, now, precision=20)
    cancel_run(run=run, now=now)

    assert "It was cancelled before." in words(client, run)


def test_the_page_costs_the_same_however_many_rounds_were_drawn(client, wish, now, django_assert_num_queries):
    run = begun(wish, now, precision=20)

    # As pinned in test_runs.py, but for the check; the newest round, its judges, and calls of both kinds.
    with django_assert_num_queries(17 + 4):
        client.get(f"/runs/{run.pk}/progress/")
    stopped(run, now, "half_width")
    with django_assert_num_queries(17 + 4):
        client.get(f"/runs/{run.pk}/progress/")
