from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from apps.budgets.models import Budget
from apps.contenders.models import Output
from apps.contenders.operations import ensure_contender
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import register_endpoint
from apps.judging.operations import ensure_judge
from apps.prompts.models import PromptSet
from apps.prompts.operations import add_prompts, create_prompt_set
from apps.ratings.models import Leaderboard
from apps.ratings.operations import ensure_board
from apps.runs.models import Draw, Run
from apps.runs.operations import plan_run

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("admin:runs_run_changelist"), reverse("admin:runs_run_add")


@pytest.fixture
def prompt_set() -> PromptSet:
    prompt_set = create_prompt_set(slug="s", title="S")
    add_prompts(prompt_set=prompt_set, rows=[{"key": "q", "messages": [{"role": "user", "content": "?"}]}])
    return prompt_set


@pytest.fixture
def wish(prompt_set) -> dict[str, object]:
    endpoint = register_endpoint(name="e", base_url="https://api.example.com/v1", model="m")
    return {
        "board": ensure_board(slug="main", title="Main").pk,
        "prompt_sets": [prompt_set.pk],
        "contenders": [ensure_contender(name=name, endpoint=endpoint).pk for name in "abc"],
        "judges": [ensure_judge(slug="j", name="J", endpoint=endpoint, admitted=True).pk],
        "seed": 7,
    }


@pytest.fixture
def run(admin_client, wish) -> Run:
    admin_client.post(ADD, wish)
    return Run.objects.get()


def act(client, name: str, *runs: Run):
    return client.post(LIST, {"action": name, "_selected_action": [run.pk for run in runs]}, follow=True)


def test_a_run_is_made_as_everywhere_else(run, admin_user, prompt_set):
    assert (admin_user, 7, 3, None) == (run.owner, run.seed, run.contenders.count(), run.planned_at)
    assert [prompt_set] == list(run.board.prompt_sets.all())


@pytest.mark.parametrize(
    ("missing", "told"),
    [({"contenders": "one"}, "at least two models"), ({"prompt_sets": "empty"}, "with at least one prompt")],
)
def test_a_run_that_cannot_start_says_why_and_is_not_made(admin_client, wish, missing, told):
    changed = {
        "contenders": [wish["contenders"][0]],
        "prompt_sets": [create_prompt_set(slug="empty", title="Empty").pk],
    }

    response = admin_client.post(ADD, wish | {name: changed[name] for name in missing})

    assert told in response.context["adminform"].form.non_field_errors()[0]
    assert not Run.objects.exists()


def test_a_run_with_a_budget_pays_from_it_and_the_list_says_how_much_is_spent(admin_client, wish):
    Endpoint.objects.update(usd_per_million_in=1, usd_per_million_out=2)

    admin_client.post(ADD, wish | {"budget_usd": "12.50"})
    Budget.objects.update(spent=Decimal("3.25"))

    assert Decimal("12.50") == Run.objects.get().budget.cap
    for page in (LIST, reverse("admin:runs_run_change", args=[Run.objects.get().pk])):
        assert "$3.25 of $12.50" in admin_client.get(page).content.decode()


def test_a_budget_without_prices_is_refused_with_a_sentence(admin_client, wish):
    response = admin_client.post(ADD, wish | {"budget_usd": "12.50"})

    assert "No price is known for a" in response.context["adminform"].form.non_field_errors()[0]
    assert (0, 0) == (Run.objects.count(), Budget.objects.count())


def test_a_run_that_chooses_its_matches_is_made_by_what_it_stops_at(admin_client, wish):
    admin_client.post(ADD, wish | {"precision": "25", "max_calls": "500"})

    run = Run.objects.get()
    assert ("equal_width", 25, False, 500) == (run.rule, run.precision, run.order, run.max_calls)


def test_a_run_with_nothing_chosen_is_planned_at_once(run):
    assert (None, None, None) == (run.rule, run.precision, run.max_calls)


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"precision": "0"}, "Expected a precision of at least 1 Elo point, found 0."),
        ({"precision": "20", "order": "on"}, "A run stops at a precision or at the order, not at both"),
        ({"rule": "uniform"}, "The rule uniform has no end"),
        ({"max_calls": "0"}, "Expected at least one call to a judge, found 0."),
        ({"order": "on", "pairs_per_prompt": "2"}, "has no number of pairs a prompt"),
    ],
)
def test_a_choice_is_refused_as_at_the_command_line_and_no_run_is_made(admin_client, wish, choice, told):
    response = admin_client.post(ADD, wish | choice)

    assert told in response.context["adminform"].form.non_field_errors()[0]
    assert not Run.objects.exists()


def test_a_run_that_chooses_shows_what_it_saw_and_another_does_not(admin_client, run, wish):
    admin_client.post(ADD, wish | {"order": "on"})
    chooses, planned = Run.objects.all()
    Run.objects.filter(pk=chooses.pk).update(stopped_because="order", unresolved=0)

    told, plain = (
        admin_client.get(reverse("admin:runs_run_change", args=[one.pk])).content.decode() for one in (chooses, planned)
    )

    assert "all neighbours are told apart, or as good as equal" in told
    assert "Calls needed" in told
    assert "Calls needed" not in plain


def test_draws_are_listed_by_run(admin_client, wish, now):
    for most in ("1", "2"):
        admin_client.post(ADD, wish | {"max_calls": most})
    second, first = Run.objects.all()
    plan_run(run=first, now=now)
    Draw.objects.create(run=second, number=1, match=first.draws.get().match, order="ab", share=1, rule="r", seed=1)
    address = reverse("admin:runs_draw_changelist")

    listed = admin_client.get(f"{address}?run__id__exact={first.pk}").context["cl"].result_list

    assert [first] == [draw.run for draw in listed]
    assert f"?run__id__exact={second.pk}" in admin_client.get(address).content.decode()


def test_a_run_is_not_edited(admin_client, run):
    assert 403 == admin_client.post(reverse("admin:runs_run_change", args=[run.pk]), {"seed": 8}).status_code


def test_a_run_is_cancelled_once(admin_client, run, now):
    plan_run(run=run, now=now)

    told = [[str(message) for message in act(admin_client, "cancel", run).context["messages"]][-1] for _ in range(2)]

    run.refresh_from_db()
    assert run.cancelled_at is not None
    assert ["1 runs cancelled", "0 runs cancelled"] == [sentence.partition(";")[0] for sentence in told]
    assert not Output.objects.wanted().exists()


def test_what_failed_is_asked_for_again(admin_client, run, now):
    plan_run(run=run, now=now)
    Output.objects.filter(contender__name="a").update(status="failed")

    act(admin_client, "retry", run)

    assert 3 == Output.objects.wanted().count()


def test_staff_who_may_only_look_steer_nothing(client, django_user_model, run):
    guest = django_user_model.objects.create_user("guest", is_staff=True)
    guest.user_permissions.add(Permission.objects.get(codename="view_run"))
    client.force_login(guest)

    act(client, "cancel", run)

    run.refresh_from_db()
    assert run.cancelled_at is None


def test_a_boards_ratings_are_computed_on_demand(admin_client, run):
    address = reverse("admin:ratings_board_changelist")

    admin_client.post(address, {"action": "refit", "_selected_action": [run.board_id]})

    assert run.board == Leaderboard.objects.filter(category=None).get().board
