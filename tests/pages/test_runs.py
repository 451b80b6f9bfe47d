import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from apps.endpoints.models import EndpointCheck
from apps.endpoints.seal import open_key
from apps.ratings.models import Leaderboard, Rating
from apps.runs.models import Run
from apps.runs.operations import plan_run, submit_contender
from tests import stage

pytestmark = pytest.mark.django_db

KEY = "sk-canary-5a17c0de9f"
PRIVATE_HOST = "api.rowan.example"


@pytest.fixture
def mary():
    return User.objects.create_user("mary")


@pytest.fixture
def run(mary):
    """Mary's submission: two prompts, one opponent that has answered, one judge."""
    prompts = stage.prompt_set(size=2)
    opponent = stage.contender("Alder")
    for prompt in prompts.prompts.all():
        stage.output(opponent, prompt)
    return submit_contender(
        owner=mary,
        name="Rowan",
        base_url=f"https://{PRIVATE_HOST}/v1",
        model="rowan-7b",
        key=KEY,
        board=stage.board(prompts),
        prompt_sets=[prompts],
        opponents=[opponent],
        judges=[stage.judge()],
    )


@pytest.fixture
def people(mary):
    """Who may stand before a page."""
    people = {"anonymous": None, "stranger": User.objects.create_user("john"), "owner": mary}
    people["staff"] = User.objects.create_user("ada", is_staff=True)
    return people


def door_of(user) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def read(client, url) -> str:
    answer = client.get(url)
    assert answer.status_code in (200, 286)
    return answer.content.decode()


def planned(run):
    EndpointCheck.objects.update(status="done", reachable=True, key_accepted=True, replies=True, latency_ms=812)
    plan_run(run=run, now=timezone.now())
    return run


def answered(run):
    """Every output of the newcomer and every judgment in."""
    now = timezone.now()
    run.newcomer.outputs.update(status="done", texts=["Well."], answered_at=now)
    for judge in run.judges.all():
        judge.judgments.update(status="done", outcome="model_b", answered_at=now)
    return run


def test_before_the_check_the_page_says_that_it_is_checking(client, run):
    html = read(client, f"/runs/{run.pk}/")

    assert 'data-status="Checking"' in html
    assert "The check is waiting for a worker." in html
    assert 5 == html.count('class="tick unknown"')
    assert "<progress" not in html  # what others answered before is not this run's progress


def test_a_failed_check_is_told_in_its_own_sentence(client, run):
    EndpointCheck.objects.update(
        status="failed", reachable=True, key_accepted=False, replies=False, problem="The key was refused."
    )

    html = read(client, f"/runs/{run.pk}/")

    assert 'data-status="Failed"' in html
    assert "The key was refused." in html
    assert (1, 2) == (html.count('class="tick yes"'), html.count('class="tick no"'))


def test_progress_is_counted_in_bars(client, run):
    planned(run)
    run.newcomer.outputs.filter(pk=run.newcomer.outputs.first().pk).update(status="done", answered_at=timezone.now())

    html = read(client, f"/runs/{run.pk}/")

    # Four outputs, of which the opponent's two and one of the newcomer's are there; 2 matches x 2 orders wanted.
    assert 'max="4" value="3"' in html
    assert 'max="4" value="0"' in html
    assert "Last answer" in html


def test_problems_are_grouped_with_their_counts(client, run):
    planned(run)
    run.newcomer.outputs.update(status="failed", problem="The endpoint gave up.", answered_at=timezone.now())

    html = read(client, f"/runs/{run.pk}/")

    assert '<span class="num">2 ×</span> <span>The endpoint gave up.</span>' in html


def test_the_part_that_moves_asks_again_until_the_run_is_over(client, run):
    moving = client.get(f"/runs/{run.pk}/progress/")
    assert 200 == moving.status_code
    assert 'hx-trigger="every 2s"' in moving.content.decode()
    assert "<html" not in moving.content.decode()

    answered(planned(run))
    Leaderboard.objects.create(board=run.board, seed=1, evidence_until=timezone.now())
    settled = client.get(f"/runs/{run.pk}/progress/")

    # 286 is htmx's word for "stop polling".
    assert 286 == settled.status_code
    assert "hx-trigger" not in settled.content.decode()


def test_a_run_that_is_over_stays_live_until_the_board_knows_what_was_said(client, run):
    answered(planned(run))
    Leaderboard.objects.create(board=run.board, seed=1, evidence_until=run.created_at)

    assert 200 == client.get(f"/runs/{run.pk}/progress/").status_code


def test_the_place_of_the_newcomer_is_an_interval(client, run):
    answered(planned(run))
    leaderboard = Leaderboard.objects.create(board=run.board, seed=1, evidence_until=timezone.now())
    Rating.objects.create(
        leaderboard=leaderboard,
        contender=run.newcomer,
        by=Rating.By.JUDGES,
        rating=1043.4,
        lower=1010,
        upper=1080,
        rank_low=1,
        rank_high=3,
        n=4,
    )

    html = read(client, f"/runs/{run.pk}/")

    assert "1–3" in html
    assert ">1043<" in html
    assert "Where it stands<" in html


def test_a_run_without_a_newcomer_has_a_page_too(client):
    run = Run.objects.create(board=stage.board(stage.prompt_set()))

    html = read(client, f"/runs/{run.pk}/")

    assert "Endpoint check" not in html
    assert "Where it stands" not in html


def test_a_run_with_anybody_simulated_says_so(client, run):
    assert "badge simulated" not in read(client, f"/runs/{run.pk}/") + read(client, "/runs/")

    run.contenders.add(stage.contender("Played", endpoint=True, simulated=True))

    for url in (f"/runs/{run.pk}/", "/runs/"):
        assert "badge simulated" in read(client, url)


def test_an_unknown_run_is_not_found(client):
    assert 404 == client.get("/runs/999/").status_code


def test_the_list_names_every_run_and_asks_a_fixed_number_of_questions(client, run, django_assert_num_queries):
    for n in range(20):
        Run.objects.create(board=run.board, newcomer=stage.contender(f"Model {n}", endpoint=True))

    # The number of runs, and the runs.
    with django_assert_num_queries(2):
        html = read(client, "/runs/")

    assert f"Run {run.pk}: Rowan" in html
    assert 21 == html.count("run-link")


def test_without_runs_the_list_leads_to_submit(client):
    html = read(client, "/runs/")

    assert "No run yet" in html
    assert 'href="/submit/"' in html


@pytest.mark.parametrize("who", ["anonymous", "stranger", "owner", "staff"])
def test_address_and_key_are_their_owners_business_and_the_key_is_nobodys(run, people, who):
    privileged = who in ("owner", "staff")

    for url in ("/runs/", f"/runs/{run.pk}/", f"/runs/{run.pk}/progress/"):
        html = read(door_of(people[who]), url)
        assert KEY not in html
        assert (privileged and url == f"/runs/{run.pk}/") == (PRIVATE_HOST in html)
        assert (privileged and url == f"/runs/{run.pk}/") == (KEY[-4:] in html)


@pytest.mark.parametrize("deed", ["cancel", "retry", "check"])
@pytest.mark.parametrize(("who", "answer"), [("anonymous", 403), ("stranger", 403), ("owner", 302), ("staff", 302)])
def test_only_owner_and_staff_may_act_on_a_run(run, people, deed, who, answer):
    assert answer == door_of(people[who]).post(f"/runs/{run.pk}/{deed}/").status_code
    run.refresh_from_db()
    assert (deed == "cancel" and answer == 302) == (run.cancelled_at is not None)


@pytest.mark.parametrize("deed", ["cancel", "retry", "check", "endpoint"])
def test_acting_takes_a_post_and_a_csrf_token(run, mary, deed):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mary)

    assert 405 == strict.get(f"/runs/{run.pk}/{deed}/").status_code
    assert 403 == strict.post(f"/runs/{run.pk}/{deed}/").status_code


@pytest.mark.parametrize("who", ["anonymous", "stranger", "owner", "staff"])
def test_buttons_stand_only_before_those_who_may_press_them(run, people, who):
    html = read(door_of(people[who]), f"/runs/{run.pk}/")

    assert (who in ("owner", "staff")) == ("Cancel the run" in html)


def test_what_failed_is_asked_for_again(run, mary):
    planned(run)
    run.newcomer.outputs.update(status="failed", problem="gone")

    door_of(mary).post(f"/runs/{run.pk}/retry/")

    assert {"wanted"} == set(run.newcomer.outputs.values_list("status", flat=True))


def test_a_failed_check_can_be_asked_for_again(run, mary):
    EndpointCheck.objects.update(status="failed", problem="The key was refused.")
    assert "Check the endpoint again" in read(door_of(mary), f"/runs/{run.pk}/")

    door_of(mary).post(f"/runs/{run.pk}/check/")

    assert 'data-status="Checking"' in read(door_of(mary), f"/runs/{run.pk}/")


def test_a_run_without_an_endpoint_has_nothing_to_check(people):
    run = Run.objects.create(board=stage.board(stage.prompt_set()))

    assert 403 == door_of(people["staff"]).post(f"/runs/{run.pk}/check/").status_code


ELSEWHERE = "https://elsewhere.example/v1"


def mend(user, run, **words):
    answer = door_of(user).post(f"/runs/{run.pk}/endpoint/", {"base_url": run.newcomer.endpoint.base_url} | words)
    run.newcomer.endpoint.refresh_from_db()
    return answer


def key_of(run):
    return open_key(run.newcomer.endpoint.sealed_key, run.newcomer.endpoint.base_url)


def test_a_mistyped_key_is_replaced_and_checked_again(run, mary):
    EndpointCheck.objects.update(status="failed", problem="The key was refused.")

    assert 302 == mend(mary, run, key="sk-another-canary").status_code

    assert "sk-another-canary" == key_of(run)
    assert "wanted" == EndpointCheck.objects.first().status
    assert "sk-another-canary" not in read(door_of(mary), f"/runs/{run.pk}/")


def test_an_empty_key_keeps_the_old_one_for_the_same_address_only(run, mary):
    mend(mary, run, key="")
    assert KEY == key_of(run)

    mend(mary, run, base_url=ELSEWHERE, key="")
    assert ELSEWHERE == run.newcomer.endpoint.base_url
    assert "" == key_of(run)


def test_once_prompts_were_sent_the_address_stays(run, mary):
    planned(run)

    mend(mary, run, base_url=ELSEWHERE, key="sk-another-canary")

    assert PRIVATE_HOST in run.newcomer.endpoint.base_url
    assert "sk-another-canary" == key_of(run)


def test_an_unusable_address_is_refused_at_its_field_and_no_key_sent_back(run, mary):
    answer = mend(mary, run, base_url="http://elsewhere.example/v1", key="sk-another-canary")

    assert 400 == answer.status_code
    assert "Only https addresses are called" in answer.content.decode()
    assert "sk-another-canary" not in answer.content.decode()
    assert KEY == key_of(run)


@pytest.mark.parametrize(("who", "answer"), [("anonymous", 403), ("stranger", 403), ("owner", 302), ("staff", 302)])
def test_only_owner_and_staff_may_change_an_endpoint(run, people, who, answer):
    assert answer == mend(people[who], run, base_url=ELSEWHERE).status_code
    assert (answer == 302) == (ELSEWHERE == run.newcomer.endpoint.base_url)


def test_the_page_costs_the_same_however_far_the_run_is(client, run, django_assert_num_queries):
    planned(run)

    # Run; newest snapshot; counts of outputs, judgments, scores, and of the latter two the stuck ones; check; problems,
    # heartbeat and remarks of all three; whether it is simulated. Whose page it is costs nothing: nobody is signed in.
    with django_assert_num_queries(18):
        client.get(f"/runs/{run.pk}/progress/")
    answered(run)
    with django_assert_num_queries(18):
        client.get(f"/runs/{run.pk}/progress/")
