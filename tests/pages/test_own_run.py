"""Models on prompts of one's own: planned on the page, started from it, seen by nobody else."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.contenders.models import Contender, Output
from apps.endpoints.models import Endpoint
from apps.exchange.operations import import_upload, receive_upload
from apps.judging.models import Judgment
from apps.matches.models import Match
from apps.ratings.models import Rating
from apps.runs.models import Run
from apps.runs.operations import plan_run
from tests import stage

pytestmark = pytest.mark.django_db

ROWS = b'{"prompt": "Why?"}\n{"prompt": "Why not?"}\n'


@pytest.fixture
def mary() -> User:
    return User.objects.create_user("mary")


@pytest.fixture
def client(mary) -> Client:
    client = Client()
    client.force_login(mary)
    return client


@pytest.fixture
def models() -> list[Contender]:
    return [stage.contender(name, endpoint=True) for name in ("Alder", "Birch", "Cedar", "Elm", "Fir")]


@pytest.fixture
def page(mary, now) -> str:
    return brought(mary, now, ROWS)


def brought(owner: User, now, rows: bytes) -> str:
    """The address of the run on what was brought."""
    upload = receive_upload(owner=owner, name="mine.jsonl", chunks=[rows], now=now)
    slug = import_upload(upload=upload, now=now).report["prompt_set_slug"]
    return f"/prompts/{slug}/run/"


def ticked(client: Client, page: str) -> set[str]:
    field = client.get(page).context["form"]["contenders"]
    names = {str(pk): name for pk, name in Contender.objects.values_list("pk", "name")}
    return {names[str(choice)] for choice in field.value()}


def form(**changes) -> dict:
    keys = list(Contender.objects.filter(name__in=("Alder", "Birch", "Cedar", "Elm")).values_list("pk", flat=True))
    return {"contenders": keys, "judges": [stage.Judge.objects.get().pk], "step": "start"} | changes


def test_the_plan_stands_there_when_the_page_is_opened(client, page, models):
    stage.judge()
    html = client.get(page).content.decode()
    assert "4 models answer 2 prompts." in html
    for term, number in (("Calls to models", 8), ("Matches", 12), ("Calls to judges", 24)):
        assert f"<dt>{term}</dt><dd>{number}</dd>" in html


def test_the_best_of_the_first_board_are_ticked(client, page, models):
    stage.judge()
    board = stage.board(stage.prompt_set())
    snapshot = board.leaderboards.create(seed=1)
    for place, name in enumerate(("Fir", "Elm", "Cedar")):
        one = Contender.objects.get(name=name)
        Rating.objects.create(leaderboard=snapshot, contender=one, by=Rating.By.JUDGES, rating=1200 - place)
    assert {"Fir", "Elm", "Cedar", "Alder"} == ticked(client, page)


def test_models_of_the_file_are_ticked_too(client, mary, now, models):
    page = brought(mary, now, b'{"prompt": "Why?", "model": "Yarrow", "output": "Because."}')
    stage.judge()
    assert {"Yarrow", "Alder", "Birch", "Cedar"} == ticked(client, page)
    assert "<dt>Calls to models</dt><dd>3</dd>" in client.get(page).content.decode()


def test_started_it_is_what_was_planned(client, mary, page, models, now):
    stage.judge()
    address = client.post(page, form()).url
    run = Run.objects.get()
    plan_run(run=run, now=now)

    assert (f"/runs/{run.pk}/", mary, mary) == (address, run.owner, run.board.private_to)
    assert (8, 12, 24) == (Output.objects.count(), Match.objects.count(), Judgment.objects.count())


def test_nobody_else_sees_any_of_it(client, page, models, now):
    stage.judge()
    client.post(page, form())
    run = Run.objects.get()
    plan_run(run=run, now=now)
    slug, match = run.board.slug, Match.objects.first().pk
    addresses = [
        page,
        f"/prompts/{slug}/",
        f"/prompts/{slug}/1/",
        f"/b/{match}/",
        f"/runs/{run.pk}/",
        f"/boards/{slug}/",
    ]
    other = Client()
    other.force_login(User.objects.create_user("john"))
    assert [200] * 6 == [client.get(address).status_code for address in addresses]
    assert [404] * 6 == [other.get(address).status_code for address in addresses]
    assert [302] + [404] * 5 == [Client().get(address).status_code for address in addresses]
    assert "Mine" not in other.get("/runs/").content.decode()


def test_a_budget_caps_it(client, page, models):
    stage.judge()
    Endpoint.objects.update(usd_per_million_in=1, usd_per_million_out=2)
    assert (
        "less than it is expected to cost" in client.post(page, form(step="check", budget_usd="0.01")).content.decode()
    )
    client.post(page, form(budget_usd="5"))
    assert Decimal(5) == Run.objects.get().budget.cap


def test_a_budget_without_prices_is_refused_with_the_reason(client, page, models):
    stage.judge()
    assert "No price is known for Alder" in client.post(page, form(budget_usd="5")).content.decode()
    assert not Run.objects.exists()


def test_whoever_is_rationed_is_told_what_is_left_and_held_to_it(client, page, models, settings):
    settings.VISITOR_DOLLARS_A_DAY = Decimal(3)
    stage.judge()
    Endpoint.objects.update(usd_per_million_in=1, usd_per_million_out=2)

    assert "Empty: the $3.00 that your runs may still spend." in client.get(page).content.decode()
    client.post(page, form())

    assert Decimal(3) == Run.objects.get().budget.cap
    html = client.post(page, form(budget_usd="1")).content.decode()
    assert "Your runs may spend $3.00 in 24 hours; of that $0.00 are left." in html
    assert 1 == Run.objects.count()


def test_one_model_alone_makes_no_ranking(client, page, models):
    stage.judge()
    html = client.post(page, form(contenders=[models[0].pk])).content.decode()
    assert "Choose at least two" in html
    assert "Start the run" not in html


def test_a_strangers_key_is_not_among_the_models(client, page, models):
    stage.judge()
    Endpoint.objects.filter(name="Alder").update(owner=User.objects.create_user("john"))
    assert "Alder" not in client.get(page).content.decode()
    assert "Select a valid choice" in client.post(page, form()).content.decode()


def test_without_anybody_to_ask_it_says_so(client, page):
    html = client.get(page).content.decode()
    assert "There is no model to ask yet" in html
    assert "Start the run" not in html
