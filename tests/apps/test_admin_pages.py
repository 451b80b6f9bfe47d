"""Every page of the admin opens, whatever it shows, with a number of queries that does not grow with the rows."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.budgets.models import Budget
from apps.contenders.models import Contender, Output
from apps.contenders.operations import ensure_contender, want_outputs
from apps.endpoints.models import EndpointCheck, Worker
from apps.endpoints.operations import beat, register_endpoint, want_check
from apps.exchange.models import Upload
from apps.humans.models import Ballot, Vote, Voter, VoteReason
from apps.judging.models import Judge, Judgment, Score
from apps.judging.operations import ensure_judge, want_judgments
from apps.matches.models import Match
from apps.matches.operations import add_matches
from apps.prompts.models import Category
from apps.prompts.operations import add_prompts, create_prompt_set
from apps.ratings.models import (
    Agreement,
    AnswerStyle,
    Board,
    Figure,
    Finding,
    JudgeRecord,
    Leaderboard,
    PublishedRating,
    RankAgreement,
    Rating,
)
from apps.runs.models import Draw
from apps.runs.operations import create_run
from judgeboard.admin import CappedPaginator

pytestmark = pytest.mark.django_db

LOOKED_AT = (
    Budget,
    EndpointCheck,
    Worker,
    Output,
    Match,
    Judgment,
    Score,
    Vote,
    VoteReason,
    Ballot,
    Upload,
    Leaderboard,
    AnswerStyle,
    Rating,
    Agreement,
    RankAgreement,
    Figure,
    Finding,
    JudgeRecord,
    Draw,
)
OURS = [model for model in admin.site._registry if model.__module__.startswith("apps.")]
MOST_QUERIES = 14  # session and user 2, filters up to 5, rows and counts 3, savepoints 2, prefetches 2


def furnish(n: int) -> None:
    """`n` rows at least of every kind."""
    prompt_set = create_prompt_set(slug=f"everyday-{n}", title="Everyday")
    rows = [{"key": f"q-{i}", "messages": [{"role": "user", "content": f"Question {i}?"}]} for i in range(n)]
    add_prompts(prompt_set=prompt_set, rows=rows)
    prompts = list(prompt_set.prompts.all())
    endpoints = [
        register_endpoint(name=f"e-{n}-{i}", base_url="https://api.example.com/v1", model="m") for i in range(n + 1)
    ]
    contenders = [ensure_contender(name=f"c-{n}-{i}", endpoint=endpoint) for i, endpoint in enumerate(endpoints)]
    want_outputs(contenders=contenders, prompts=prompts)
    outputs = {(o.prompt_id, o.contender_id): o.pk for o in Output.objects.all()}
    first, second = contenders[:2]
    matches = add_matches(pairings=[(p.pk, outputs[p.pk, first.pk], outputs[p.pk, second.pk], 1) for p in prompts])
    board = Board.objects.create(slug=f"main-{n}", title="Main", anchor=first)
    for i in range(n):
        judge = ensure_judge(slug=f"j-{n}-{i}", name=f"Judge {i}", endpoint=endpoints[i], admitted=True)
        want_judgments(judge=judge, match_ids=matches)
        grader = ensure_judge(slug=f"g-{n}-{i}", name=f"Grader {i}", endpoint=endpoints[i], protocol="pointwise-100")
        want_judgments(judge=grader, match_ids=matches)
        want_check(endpoint=endpoints[i])
        beat(host=f"h-{n}-{i}", process=1, started_at=timezone.now(), lanes=[endpoints[i].pk], now=timezone.now())
        voter = Voter.objects.create(name=f"v-{n}-{i}")
        vote = Vote.objects.create(voter=voter, match_id=matches[i], outcome="model_a")
        VoteReason.objects.create(vote=vote, reason="clear")
        Upload.objects.create(owner=User.objects.create_user(f"u-{n}-{i}"), name="a.jsonl")
        Ballot.objects.create(voter=voter, match_id=matches[i], b_first=True)
        stand(board, contenders[i], judge)
        about = {"characters": 1, "headers": 0, "list_items": 0, "bold": 0}
        AnswerStyle.objects.create(output_id=outputs[prompts[i].pk, first.pk], turn=1, **about)
        run = create_run(board=board, prompt_sets=[prompt_set], contenders=contenders, judges=[judge], newcomer=first)
        Draw.objects.create(run=run, number=1, match_id=matches[i], order="ab", share=1, rule="uniform", seed=1)


def stand(board: Board, contender: Contender, judge: Judge) -> None:
    snapshot = Leaderboard.objects.create(board=board, seed=1, method="m", tie_rule="t", anchor="a", code_version="1")
    Rating.objects.create(leaderboard=snapshot, contender=contender, by="judge", judge=judge, rating=1000)
    Agreement.objects.create(leaderboard=snapshot, left="x", right="y", unit="vote", raters="all", ties="kept", n=0)
    RankAgreement.objects.create(leaderboard=snapshot, left="x", right="y", n=0)
    Figure.objects.create(leaderboard=snapshot, name="ratings", title="Ratings", svg="<svg/>")
    Finding.objects.create(leaderboard=snapshot, name="pairs")
    JudgeRecord.objects.create(leaderboard=snapshot, judge=judge)
    PublishedRating.objects.create(
        source="s", published_on=timezone.now(), name=contender.name, rating=1000, contender=contender
    )


def page_of(model: type, way: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{way}", args=args)


def test_every_table_of_ours_has_a_page():
    assert {model for model in apps.get_models() if model.__module__.startswith("apps.")} == set(OURS)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_list_opens_and_twice_the_rows_cost_no_more_queries(admin_client, model):
    furnish(2)
    admin_client.get(page_of(model, "changelist"))  # content types are looked up once and kept

    with CaptureQueriesContext(connection) as few:
        response = admin_client.get(page_of(model, "changelist"))
    furnish(4)
    with CaptureQueriesContext(connection) as many:
        admin_client.get(page_of(model, "changelist"))

    assert 200 == response.status_code
    assert len(few) == len(many), [query["sql"] for query in many]
    assert len(many) <= MOST_QUERIES, [query["sql"] for query in many]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_single_row_opens(admin_client, model):
    furnish(2)

    response = admin_client.get(page_of(model, "change", model.objects.first().pk))

    assert 200 == response.status_code


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_evidence_and_standings_are_only_looked_at(admin_client, model):
    response = admin_client.get(page_of(model, "add"))

    assert (403 if model in LOOKED_AT else 200) == response.status_code


@pytest.mark.parametrize("model", LOOKED_AT, ids=lambda model: model.__name__)
def test_evidence_and_standings_can_be_neither_changed_nor_deleted(admin_client, model):
    furnish(1)
    key = model.objects.first().pk

    changed = admin_client.post(page_of(model, "change", key), {"status": "done"})
    deleted = admin_client.post(page_of(model, "delete", key), {"post": "yes"})

    assert (403, 403) == (changed.status_code, deleted.status_code)
    assert model.objects.filter(pk=key).exists()


def test_a_contender_with_outputs_is_not_deleted_with_them(admin_client):
    furnish(1)
    contender = Contender.objects.first()

    admin_client.post(page_of(Contender, "delete", contender.pk), {"post": "yes"})

    assert Contender.objects.filter(pk=contender.pk).exists()


def test_staff_without_rights_see_nothing(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))

    assert 403 == client.get(page_of(Judgment, "changelist")).status_code


def test_the_paginator_counts_no_further_than_it_must(monkeypatch):
    monkeypatch.setattr("judgeboard.admin.MOST_COUNTED", 3)
    Category.objects.bulk_create(Category(slug=f"c{i}", name="c") for i in range(5))

    assert 3 == CappedPaginator(Category.objects.order_by("pk"), 10).count
