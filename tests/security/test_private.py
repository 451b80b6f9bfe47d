"""What is private is seen by whose it is, and by nobody else: on no page, in no file, by no answer of the API."""

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.budgets.models import Budget
from apps.contenders.models import Contender
from apps.humans.models import Vote
from apps.prompts.models import PromptSet
from apps.ratings.models import Board, Figure
from apps.ratings.operations import publish_board, refit_board
from apps.runs.models import Run
from apps.runs.operations import RunCannotStart, create_run
from tests import stage

pytestmark = pytest.mark.django_db

CANARY = "zaunkoenig"  # stands in every text that is private here
OTHERS = ("anonymous", "other", "staff")


class Secret:
    """Mary's own set with her own model and a public one on it, judged, voted on, rated and run."""

    def __init__(self, mary: User, now) -> None:
        public = stage.matches(1)[0]
        self.public_board = stage.board(public.prompt.prompt_set)
        judge = stage.judge()
        stage.judgment(judge, public)
        self.prompts = stage.prompt_set(slug=CANARY, size=2)
        own = stage.contender(f"{CANARY}-model", private_to=mary, endpoint=False)
        self.alder = Contender.objects.get(name="Alder")
        for prompt in self.prompts.prompts.all():
            outputs = stage.output(own, prompt, CANARY), stage.output(self.alder, prompt, CANARY)
            self.match = stage.match(*outputs)
            stage.judgment(judge, self.match, reason=CANARY, raw=CANARY)
        self.board = stage.board(self.prompts, slug=CANARY)
        PromptSet.objects.filter(pk=self.prompts.pk).update(private_to=mary)
        Board.objects.filter(pk=self.board.pk).update(private_to=mary)
        self.board.refresh_from_db()
        self.prompts.refresh_from_db()
        self.run = Run.objects.create(board=self.board, owner=mary, budget=Budget.objects.create(cap=5, spent=1))
        self.run.contenders.set([own, self.alder])
        self.run.prompt_sets.set([self.prompts])
        self.run.judges.set([judge])
        snapshot = refit_board(board=self.board, now=now)
        refit_board(board=self.public_board, now=now)
        rows = [{"model": CANARY}]
        figure = {
            "title": CANARY,
            "svg": f"<svg><text>{CANARY}</text></svg>",
            "rows": rows,
            "columns": [["model", "Model", "text"]],
        }
        self.figure = Figure.objects.create(leaderboard=snapshot, name="ratings", **figure)
        self.day = snapshot.fitted_at.date()

    @property
    def own_pages(self) -> dict[str, str]:
        slug, pk = CANARY, self.match.pk
        return {
            "set": f"/prompts/{slug}/",
            "prompt": f"/prompts/{slug}/1/",
            "match": f"/b/{pk}/",
            "run": f"/runs/{self.run.pk}/",
            "progress": f"/runs/{self.run.pk}/progress/",
            "board": f"/boards/{slug}/",
            "figures": f"/boards/{slug}/figures/",
            "figure": f"/figures/{self.figure.pk}/",
            "figure as a drawing": f"/figures/{self.figure.pk}.svg",
            "figure as rows": f"/figures/{self.figure.pk}.csv",
            "model": f"/models/{slug}-model/",
            "two models": f"/compare/alder/{slug}-model/",
            "table": f"/boards/{slug}/table.csv",
            "matches": f"/boards/{slug}/battles.jsonl",
        }

    @property
    def shown_to_nobody(self) -> dict[str, str]:
        """Made for everybody, so that nothing private can be in them; and the API, which knows nobody."""
        slug, model = CANARY, f"{CANARY}-model"
        return {
            "embed": f"/embed/{slug}/",
            "oembed": f"/oembed?url=http://testserver/boards/{slug}/",
            "badge": f"/badge/{slug}/{model}.svg",
            "badge as data": f"/badge/{slug}/{model}.json",
            "feed": f"/boards/{slug}/releases.atom",
            "release": f"/releases/{slug}/{self.day}/",
            "board by the API": f"/api/boards/{slug}/leaderboard",
            "prompt by the API": f"/api/prompts/{slug}/1",
            "models by the API": f"/api/compare/alder/{model}",
            "submission": f"/submit/?board={slug}",
        }


@pytest.fixture
def secret(people, now) -> Secret:
    return Secret(people["owner"], now)


def statuses(client: Client, pages: dict[str, str]) -> dict[str, int]:
    return {name: client.get(url).status_code for name, url in pages.items()}


@pytest.mark.parametrize("who", OTHERS)
def test_what_is_private_is_not_there_for_anybody_else(door, secret, who):
    missing = dict.fromkeys(secret.own_pages, 404)
    assert missing == statuses(door(who), secret.own_pages)


def test_whose_it_is_sees_it(door, secret):
    client = door("owner")
    assert dict.fromkeys(secret.own_pages, 200) == statuses(client, secret.own_pages)
    assert CANARY in client.get(f"/b/{secret.match.pk}/").content.decode()
    for listing in ("/prompts/", "/runs/", f"/agreement/?board={CANARY}", f"/judges/?board={CANARY}", "/compare/"):
        assert CANARY in client.get(listing).content.decode().lower(), listing


def test_nobody_on_the_way_keeps_it_for_others(door, secret):
    client = door("owner")
    told = {
        name: client.get(url)["Cache-Control"] for name, url in secret.own_pages.items() if name.startswith("figure as")
    }
    assert {"private, no-store"} == set(told.values())
    assert not [
        url for url in secret.own_pages.values() if "public" in client.get(url).headers.get("Cache-Control", "")
    ]


@pytest.mark.parametrize("who", ["anonymous", "owner", "other", "staff"])
def test_what_is_made_for_everybody_leaves_it_out(door, secret, who):
    told = statuses(door(who), secret.shown_to_nobody)
    expected = dict.fromkeys(secret.shown_to_nobody, 404)
    if who == "anonymous":
        expected["submission"] = 302
    assert expected == told


@pytest.mark.parametrize("who", OTHERS)
def test_no_page_lets_a_word_of_it_slip(door, secret, who):
    client = door(who)
    for url in every_list(secret):
        answer = client.get(url)
        body = b"".join(answer) if answer.streaming else answer.content
        told = re.sub(
            f"(called|here|board|model|set) .?{CANARY}|board={CANARY}", "", body.decode()
        )  # what was asked for
        assert CANARY not in told, url


def every_list(secret: Secret) -> list[str]:
    """Every address that is about nothing in particular, and the public things that private ones are about."""
    lists = [reverse(name) for name in _without_arguments(get_resolver().url_patterns) if not name.startswith("admin")]
    sections = [f"/sitemap-{section}.xml" for section in ("boards", "releases", "models", "prompt-sets")]
    public = ["/models/alder/", "/compare/alder/birch/", "/judges/strict/", "/prompts/everyday/", "/boards/everyday/"]
    asked = [
        f"{page}?board={CANARY}" for page in (*public, "/agreement/", "/judges/", "/releases/", "/agreement/cases/")
    ]
    return [*lists, *sections, *public, *asked, "/api/judges", "/api/judges/strict", "/api/boards/everyday/leaderboard"]


def _without_arguments(patterns: list, prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            found += _without_arguments(
                pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            )
        elif isinstance(pattern, URLPattern) and not pattern.pattern.converters and pattern.name:
            found.append(f"{prefix}{pattern.name}")
    return found


@pytest.mark.parametrize("table", ["battles", "votes", "leaderboard", "agreement"])
def test_exports_leave_it_out(secret, table):
    out = io.StringIO()
    call_command("export", table, format="jsonl", stdout=out)
    assert CANARY not in out.getvalue().lower()


def test_nobody_is_handed_a_ballot_of_it(door, secret):
    Vote.objects.all().delete()
    client = door("other")
    for _ in range(3):
        html = client.get("/vote/").content.decode()
        assert CANARY not in html.lower()
        token = re.search(r"/vote/[\w-]{20,}/", html)
        if token:
            client.post(token[0], {"choice": "skip"})
    assert "Which answer is better?" not in client.get("/vote/").content.decode()


@pytest.mark.parametrize("what", ["cancel", "retry", "budget", "check", "endpoint"])
@pytest.mark.parametrize("who", ["other", "staff"])
def test_nobody_else_has_a_hand_on_its_run(door, secret, what, who):
    assert 404 == door(who).post(f"/runs/{secret.run.pk}/{what}/", {"budget_usd": "1"}).status_code


def test_two_people_may_call_their_models_alike(people):
    for whose in (None, people["owner"], people["other"]):
        Contender.objects.create(name="gpt-4o", slug=f"gpt-{whose}", private_to=whose)
    assert 3 == Contender.objects.filter(name="gpt-4o").count()


def test_it_takes_no_part_in_a_run_that_everybody_sees(secret):
    judges, contenders = list(secret.run.judges.all()), list(Contender.objects.filter(private_to=None))
    with pytest.raises(RunCannotStart, match="is private, and Everyday would show it"):
        create_run(board=secret.public_board, prompt_sets=[secret.prompts], contenders=contenders, judges=judges)


def test_published_it_is_everybodys(door, secret):
    publish_board(board=secret.board)
    assert dict.fromkeys(secret.own_pages, 200) == statuses(door("anonymous"), secret.own_pages)


def test_a_name_that_is_taken_keeps_it_private(door, secret):
    Contender.objects.create(name=f"{CANARY}-model", slug="taken")
    answer = door("staff").post(
        "/admin/ratings/board/", {"action": "publish", "_selected_action": [secret.board.pk]}, follow=True
    )
    assert "rename it" in answer.content.decode()
    assert dict.fromkeys(secret.own_pages, 404) == statuses(door("anonymous"), secret.own_pages)


def test_an_account_with_something_private_is_not_deleted_by_the_way(door, people, secret):
    door("staff").post(f"/admin/auth/user/{people['owner'].pk}/delete/", {"post": "yes"})
    assert User.objects.filter(pk=people["owner"].pk).exists()
