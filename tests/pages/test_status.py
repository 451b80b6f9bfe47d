"""What the page says of the whole installation: its first sentence, its tables, and what it keeps from whom."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.budgets.models import Budget
from apps.contenders.models import Output
from apps.endpoints.models import Endpoint, Worker
from apps.endpoints.operations import register_endpoint
from apps.prompts.models import PromptSet
from apps.runs.operations import create_run
from tests import stage
from tests.cast import text_of

pytestmark = pytest.mark.django_db

KEY = "sk-canary-5a17c0de9f"
QUIET_WITHOUT_WORKER = "All quiet: nothing waits. No worker is there either; start one with python manage.py work."


@pytest.fixture
def alder():
    """Mary's model, with three outputs that are wanted for three minutes."""
    mary = User.objects.create_user("mary")
    endpoint = register_endpoint(name="Alder", base_url="https://api.alder.example/v1", model="a", key=KEY, owner=mary)
    contender = stage.contender("Alder")
    contender.endpoint = endpoint
    contender.save()
    for prompt in stage.prompt_set(size=3).prompts.all():
        Output.objects.create(contender=contender, prompt=prompt, next_at=ago(minutes=3))
    return endpoint


def ago(**time):
    return timezone.now() - timedelta(**time)


def worker(host="north", process=7, *lanes, silent=timedelta(0)):
    now = timezone.now()
    return Worker.objects.create(
        host=host,
        process=process,
        started_at=now - timedelta(hours=1),
        beat_at=now - silent,
        lanes=[lane.pk for lane in lanes],
    )


def said(client=None) -> str:
    return text_of((client or Client()).get("/status/")).replace("\N{NARROW NO-BREAK SPACE}", " ")


def told(client=None) -> dict:
    return (client or Client()).get("/api/status").json()


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


# --- the first sentence -----------------------------------------------------------------------------------------------
def test_nothing_at_all_is_quiet_and_says_how_to_start():
    assert QUIET_WITHOUT_WORKER in said()
    assert "quiet" == told()["state"]


def test_quiet_with_workers_says_that_they_are_ready():
    worker()

    assert "All quiet: nothing waits, and 1 worker is ready." in said()


def test_those_who_ask_are_counted_by_process_host_and_endpoint(alder):
    other = stage.contender("Birch", endpoint=True).endpoint
    worker("north", 7, alder)
    worker("south", 7, alder, other)
    worker("south", 8)

    assert "2 workers on 2 hosts are asking 2 endpoints; 3 questions wait, the oldest for 3 min." in said()
    assert ("asking", 3) == (told()["state"], told()["wanted"])


def test_one_is_told_in_the_singular(alder):
    Output.objects.filter(pk__in=Output.objects.values("pk")[:2]).update(status="done", answered_at=timezone.now())
    worker("north", 7, alder)

    assert "1 worker on 1 host is asking 1 endpoint; 1 question waits, the oldest for 3 min." in said()


def test_the_last_questions_are_under_way(alder):
    Output.objects.update(status="leased", lease_token=uuid4(), lease_until=ago(seconds=-30))
    worker("north", 7, alder)

    assert "asking 1 endpoint; 3 questions are under way and none waits." in said()


def test_no_worker_for_minutes_means_that_nothing_is_asked(alder):
    worker(silent=timedelta(minutes=4))

    assert (
        "No worker has been heard of for 4 min: nothing is being asked. "
        "3 questions wait, the oldest for 3 min. Start one with python manage.py work." in said()
    )
    assert "no worker" == told()["state"]


def test_before_the_first_worker_the_page_says_so(alder):
    assert "No worker was ever heard of: nothing is being asked. 3 questions wait" in said()


def test_what_a_killed_worker_holds_waits(alder):
    Output.objects.update(status="leased", lease_token=uuid4(), lease_until=ago(seconds=1))
    worker("north", 7, alder, silent=timedelta(minutes=1))

    assert "No worker has been heard of for 1 min: nothing is being asked. 3 questions wait" in said()


def test_a_worker_that_takes_nothing_up_is_noticed(alder):
    worker()

    assert "3 questions wait, the oldest for 3 min, and no worker takes them up, though 1 process looks" in said()
    assert "not taken up" == told()["state"]


def test_what_has_just_become_ready_is_taken_up_in_a_moment(alder):
    Output.objects.update(next_at=ago(seconds=2))
    worker()

    assert "3 questions wait and will be taken up in a moment." in said()


def test_an_endpoint_that_rests_is_why_nothing_is_asked(alder):
    Endpoint.objects.update(resting_until=ago(seconds=-90), trouble="It asked us to slow down.", breaks=1, learnt=5)
    worker()

    page = said()

    assert "3 questions wait and nothing can be asked now: 1 endpoint rests. It goes on in 1 min." in page
    assert "Alder Rests until" in page
    assert "UTC: It asked us to slow down. 3 0 1 of 8 0 0 none set" in page


def test_what_nobody_can_pay_for_is_told_as_such(alder):
    Output.objects.update(payer=Budget.objects.create(cap=1, spent=1, exhausted=True))
    worker()

    page = said()

    assert "3 questions may cost more than is left of the budget, and nothing else waits." in page
    assert "0 3 more unpaid" in page


# --- the tables -------------------------------------------------------------------------------------------------------
def test_a_lane_tells_its_pace_and_its_limits(alder):
    Endpoint.objects.update(learnt=5, requests_per_minute=60, tokens_per_minute=90_000, limit_group="account")
    first, second = Output.objects.all()[:2]
    Output.objects.filter(pk=first.pk).update(status="done", calls=1, answered_at=ago(seconds=20))
    Output.objects.filter(pk=second.pk).update(status="failed", calls=1, answered_at=ago(minutes=20))

    assert "Alder Waits for 3 min 1 0 5 of 8 1 2 60 calls, 90,000 tokens shared with other endpoints" in said()


def test_all_kinds_of_questions_count_for_the_endpoint_they_are_asked_of(alder):
    judge = stage.judge(endpoint=False)
    judge.endpoint = alder
    judge.save()
    prompt = Output.objects.first().prompt
    match = stage.match(*(stage.output(stage.contender(name), prompt) for name in ("Birch", "Cedar")))
    for order in ("ab", "ba"):
        asked = {"status": "wanted", "answered_at": None, "next_at": ago(minutes=5)}
        stage.judgment(judge, match, order, None, **asked)

    (lane,) = told()["lanes"]

    assert 5 == lane["wanted"]
    assert "the oldest for 5 min" in said()


def test_imported_answers_were_asked_of_nobody(alder):
    Output.objects.update(status="done", calls=0, answered_at=timezone.now())

    assert [] == told()["lanes"]


def test_a_worker_that_fell_silent_on_a_lane_is_marked(alder):
    worker("north", 7, alder, silent=timedelta(minutes=2))
    worker("south", 8)

    page = said()

    assert "north process 7 Silent what it held will be asked again was on Alder 2 min ago" in page
    assert "south process 8 Ready none now 0 s ago" in page
    assert ["silent", "ready"] == [one["state"] for one in told()["workers"]]


def test_a_worker_that_left_its_lanes_and_is_silent_is_not_listed():
    worker(silent=timedelta(minutes=2))

    assert "None is there; the last was heard of 2 min ago." in said()


def test_a_lane_that_is_gone_since_harms_nobody(alder):
    gone = stage.contender("Birch", endpoint=True)
    worker("north", 7, alder, gone.endpoint)
    endpoint = gone.endpoint
    gone.delete()
    endpoint.delete()

    assert ["Alder"] == told()["workers"][0]["endpoints"]


# --- who sees what ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "sees"), [(None, False), ("john", False), ("mary", True), ("ada", True)])
def test_the_address_is_for_its_owner_and_for_maintainers(alder, who, sees):
    User.objects.create_user("john")
    User.objects.create_superuser("ada")
    client = signed_in(who) if who else Client()

    assert sees == ("api.alder.example" in said(client))
    assert ("https://api.alder.example/v1" if sees else None) == told(client)["lanes"][0]["address"]


def test_nobody_sees_a_key_or_a_part_of_it(alder):
    User.objects.create_superuser("ada")
    for client in (Client(), signed_in("mary"), signed_in("ada")):
        for url in ("/status/", "/api/status"):
            html = client.get(url).content.decode()
            assert KEY not in html
            assert alder.key_hint not in html


@pytest.fixture
def paid_run(alder):
    prompts = PromptSet.objects.get()
    models = [alder.contenders.get(), stage.contender("Birch")]
    run = create_run(board=stage.board(prompts), prompt_sets=[prompts], contenders=models, judges=[stage.judge()])
    Budget.objects.filter(pk=run.budget_id).update(spent=Decimal("1.25"), cap=5)
    for output, days in zip(Output.objects.all(), (0, 3, 9), strict=True):
        Output.objects.filter(pk=output.pk).update(status="done", usd=Decimal("0.40"), answered_at=ago(days=days))
    return run


def test_what_a_run_has_spent_is_told_to_everybody_as_on_its_own_page(paid_run):
    assert f"Run {paid_run.pk} $1.25 $5.00" in said()
    assert [{"run": paid_run.pk, "newcomer": None, "usd": "1.250000000", "cap": "5.000000000"}] == told()["spending"][
        "runs"
    ]


def test_sums_are_told_to_maintainers_alone(paid_run):
    User.objects.create_superuser("ada")

    assert "Today $0.40 Last 7 days $0.80" in said(signed_in("ada"))
    assert ("0.400000000", "0.800000000") == tuple(
        told(signed_in("ada"))["spending"][name] for name in ("today", "last_7_days")
    )
    for client in (Client(), signed_in("mary")):
        assert "Today" not in said(client)
        assert (None, None) == tuple(told(client)["spending"][name] for name in ("today", "last_7_days"))


def test_nothing_paid_is_said_and_no_sum_of_nothing():
    assert "No run has cost anything: nothing that was asked has a price." in said()


# --- the page itself --------------------------------------------------------------------------------------------------
def test_the_footer_of_every_page_leads_there(client):
    assert '<a href="/status/">Status</a>' in client.get("/").content.decode()


def test_every_table_has_a_caption_and_no_cell_needs_a_script(alder):
    worker("north", 7, alder)

    html = Client().get("/status/").content.decode()

    assert (2, 2) == (html.count("<table"), html.count("<caption>"))
    assert "http" not in html.replace("http-equiv", "").replace("https://api.alder.example", "")


def test_the_page_is_never_kept_by_a_cache(client):
    assert "no-store" in client.get("/status/")["Cache-Control"]


def test_page_and_twin_ask_the_same_number_of_questions_however_much_there_is(alder):
    worker("north", 7, alder)
    # What is open and what came in of four kinds; endpoints; workers and their lanes; runs. Nobody is signed in.
    assert (12, 12) == (queries("/status/"), queries("/api/status"))

    for name in ("Birch", "Cedar", "Dill"):
        contender = stage.contender(name, endpoint=True)
        worker(name, 1, contender.endpoint)
        for prompt in stage.prompt_set(name.lower(), size=4).prompts.all():
            Output.objects.create(contender=contender, prompt=prompt)

    assert (12, 12) == (queries("/status/"), queries("/api/status"))


def queries(url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        Client().get(url)
    return len(asked)
